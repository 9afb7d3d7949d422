/** A program that runs beside the stories, such as a browser: started, waited for, and ended with all that it started. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { DEADLINE_MS, LATE_MS } from '../support/deadline';

export class Program {
  private constructor(
    private readonly child: ChildProcess,
    private readonly name: string,
  ) {}

  /**
   * Starts a program and waits for what it prints when it is ready: answers with the first group of `ready`. `env` is
   * added to the environment.
   */
  static async start(
    name: string,
    args: readonly string[],
    ready: RegExp,
    env: NodeJS.ProcessEnv = {},
  ): Promise<{ program: Program; said: string }> {
    const program = Program.launch(name, args, env);
    const { child } = program;
    let printed = '';
    const said = new Promise<string>((resolve, reject) => {
      const fail = (why: string): void => reject(new Error(`${name} ${why}:\n${printed}`));
      const late = setTimeout(() => fail('did not start'), LATE_MS);
      child.once('error', reject).once('exit', () => fail('ended at once'));
      for (const stream of [child.stdout, child.stderr]) {
        stream?.setEncoding('utf8').on('data', (part: string) => {
          printed += part;
          const match = ready.exec(printed);
          if (match === null) return;
          clearTimeout(late);
          resolve(match[1] ?? '');
        });
      }
    });
    return { program, said: await said };
  }

  /** Starts a program that does not say when it is ready. */
  static launch(name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Program {
    // In a group of its own, so that what it starts ends with it.
    const child = spawn(name, args, {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    child.on('error', () => undefined);
    child.stdout?.resume();
    child.stderr?.resume();
    const program = new Program(child, name);
    const orphan = (): void => program.signal('SIGKILL');
    process.once('exit', orphan);
    child.once('exit', () => process.removeListener('exit', orphan));
    return program;
  }

  /** Whether it runs. */
  get alive(): boolean {
    return this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Ends it and all that it started. */
  async end(): Promise<void> {
    if (!this.alive) return;
    const ended = once(this.child, 'exit', { signal: AbortSignal.timeout(DEADLINE_MS) });
    this.signal('SIGTERM');
    try {
      await ended;
    } catch {
      this.signal('SIGKILL');
      throw new Error(`${this.name} did not end within ${DEADLINE_MS} ms`);
    } finally {
      // Whatever it started and left behind.
      this.signal('SIGKILL');
    }
  }

  private signal(signal: NodeJS.Signals): void {
    if (this.child.pid === undefined) return;
    try {
      process.kill(-this.child.pid, signal);
    } catch {
      // The group has ended by itself.
    }
  }
}
