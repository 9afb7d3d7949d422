/**
 * The real server binary, on a port of its own and a fresh data folder, as a process that a test may kill and bring back.
 *
 * It keeps what the server logs: a line of level WARN or ERROR that the test did not announce is a failure of the test.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statfsSync, statSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEADLINE_MS } from './deadline';

const LISTENING = /listening on (http:\/\/127\.0\.0\.1:\d+)/;
const FIRST = /Open (http\S+) to make this place yours/;
const COLOURS = /\u001b\[[0-9;]*m/g;
const COMPLAINT = /^\S*\s*(?:WARN|ERROR)\b|"level":"(?:WARN|ERROR)"|panicked at/;

/** One server with its data, alive or not. */
export class Server {
  origin = '';
  private child: ChildProcess | undefined;
  private lines: string[] = [];
  private readonly announced: RegExp[] = [];
  private readonly copies: string[] = [];

  private constructor(
    private readonly data: string,
    private readonly settings: readonly string[],
  ) {}

  /** Starts a server with a fresh data folder; `settings` are further arguments of `serve`. */
  static async start(settings: readonly string[] = []): Promise<Server> {
    const server = new Server(await mkdtemp(join(folders(), 'chinwag-e2e-')), settings);
    await server.run('127.0.0.1:0');
    return server;
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Ends it as an operator would. Answers its exit code. */
  async stop(): Promise<number | null> {
    return this.end('SIGTERM');
  }

  /** Lets it stand still, connections and all, as a machine without power or a cable that was pulled. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  /** Lets it go on where it stood still. */
  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  /** Brings it back with the same address and data. */
  async resume(): Promise<void> {
    await this.run(new URL(this.origin).host);
  }

  /** Copies its data, while it is not running; `putBack` takes the copy. */
  async copy(): Promise<string> {
    const copy = await mkdtemp(join(folders(), 'chinwag-e2e-copy-'));
    this.copies.push(copy);
    // A socket that a killed server left is no data.
    await cp(this.data, copy, { recursive: true, filter: (from) => !from.endsWith('.sock') });
    return copy;
  }

  /** Replaces these files of its data, while it is not running, by those of an earlier copy. */
  async putBack(copy: string, files: readonly string[]): Promise<void> {
    for (const file of files) await cp(join(copy, file), join(this.data, file));
  }

  /** Lines that match are no complaint: the test provokes them. */
  announce(pattern: RegExp): void {
    this.announced.push(pattern);
  }

  /** What the server warned of that nobody announced. */
  complaints(): string[] {
    return this.lines.filter((line) => COMPLAINT.test(line) && !this.announced.some((pattern) => pattern.test(line)));
  }

  /** Where the first owner begins, as the server printed it. */
  first(): string {
    const told = this.lines.map((line) => FIRST.exec(line)?.[1]).find((address) => address !== undefined);
    if (told === undefined) throw new Error('The server has an owner already.');
    return told;
  }

  /** Everything it logged, for the report of a failed test. */
  log(): string {
    return this.lines.join('\n');
  }

  /** Gives somebody who has a password a role, by hand. The sums of the table are not kept: the data is good for no restart. */
  giveRole(name: string, role: 'owner' | 'moderator'): void {
    const set = 'import sqlite3, sys; db = sqlite3.connect(sys.argv[1], timeout=30); db.execute("UPDATE users SET role = ? WHERE name = ?", sys.argv[2:]); db.commit()';
    execFileSync('python3', ['-c', set, join(this.data, 'chinwag.db'), role, name]);
  }

  /** Ends it for good and takes its data along. */
  async dispose(): Promise<void> {
    await this.kill();
    for (const folder of [this.data, ...this.copies]) await rm(folder, { recursive: true, force: true });
  }

  private async run(address: string): Promise<void> {
    const child = spawn(binary(), ['serve', '--listen', address, '--data', this.data, ...this.settings], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: ownEnvironment(),
    });
    this.child = child;
    const orphan = (): void => void child.kill('SIGKILL');
    process.once('exit', orphan);
    child.once('exit', () => process.removeListener('exit', orphan));
    this.origin = await this.listening(child);
  }

  private listening(child: ChildProcess): Promise<string> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`The server did not start:\n${this.log()}`)), DEADLINE_MS);
      child.once('error', reject);
      child.once('exit', () => reject(new Error(`The server ended at once:\n${this.log()}`)));
      this.read(child, (line) => {
        const address = LISTENING.exec(line)?.[1];
        if (address === undefined) return;
        clearTimeout(late);
        resolve(address);
      });
    });
  }

  private read(child: ChildProcess, seen: (line: string) => void): void {
    for (const stream of [child.stdout, child.stderr]) {
      let rest = '';
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        const lines = (rest + chunk).replace(COLOURS, '').split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          this.lines.push(line);
          seen(line);
        }
      });
    }
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = once(child, 'exit', {
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    child.kill(signal);
    try {
      await ended;
    } catch {
      child.kill('SIGKILL');
      throw new Error(`The server did not end within ${DEADLINE_MS} ms of ${signal}`);
    }
    return child.exitCode;
  }
}

/**
 * A stage is set as fast as the machine can, by fewer people than would say so much, all behind one address: no limit of
 * how often may meet that. A test of a limit sets it as an argument, which wins over the environment.
 */
const WITHOUT_METERS: NodeJS.ProcessEnv = {
  CHINWAG_LIMIT_MESSAGES: '0',
  CHINWAG_LIMIT_NEW_CHANNELS: '0',
  CHINWAG_LIMIT_NEW_NAMES: '0',
  CHINWAG_LIMIT_SIGN_INS: '0',
  CHINWAG_LIMIT_UPLOADS: '0',
};

/** The environment without settings of the product: they would make the suite depend on who runs it. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const foreign = Object.entries(process.env).filter(([name]) => !name.startsWith('CHINWAG_'));
  return { ...Object.fromEntries(foreign), ...WITHOUT_METERS };
}

const MEMORY = '/dev/shm';
/** For the servers that run at the same time and the copies of their data; a container may have as little as 64 MB. */
const ROOM_BYTES = 2_000_000_000;

/**
 * Where data folders are made: in memory where there is room for them. That writes reach the disk is shown elsewhere
 * (`tests/it/disk/` of the server, `crates/soak`); here every message would wait for it.
 */
function folders(): string {
  if (!existsSync(MEMORY)) return tmpdir();
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize > ROOM_BYTES ? MEMORY : tmpdir();
}

/** The binary named by CHINWAG_BIN, else the newer one of the two that cargo may have built. */
function binary(): string {
  const named = process.env['CHINWAG_BIN'];
  if (named !== undefined) return named;
  const target = process.env['CARGO_TARGET_DIR'] ?? join(import.meta.dirname, '../../target');
  const built = ['release', 'debug']
    .map((profile) => join(target, profile, 'chinwag'))
    .filter((path) => existsSync(path));
  const [newest] = built.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  if (newest === undefined) throw new Error('There is no chinwag binary: build it, or name it in CHINWAG_BIN.');
  return newest;
}
