/** A session of the classic WebDriver protocol (W3C): commands over HTTP, one after the other. */
import { setTimeout as pause } from 'node:timers/promises';
import { LATE_MS } from '../support/deadline';

const POLL_MS = 20;

export class Session {
  private current = '';
  /** Commands of one session go one at a time: which tab they are for is a command before them. */
  private queue: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly origin: string,
    private readonly id: string,
  ) {}

  /** Waits until the driver answers, and has it start a browser. */
  static async open(origin: string, alive: () => boolean, alwaysMatch: Record<string, unknown>): Promise<Session> {
    const deadline = Date.now() + LATE_MS;
    while (
      !(await fetch(`${origin}/status`).then(
        (response) => response.ok,
        () => false,
      ))
    ) {
      if (!alive() || Date.now() > deadline) throw new Error('The WebDriver did not start.');
      await pause(POLL_MS);
    }
    const body = { capabilities: { alwaysMatch } };
    const { sessionId } = await command<{ sessionId: string }>('POST', `${origin}/session`, body);
    return new Session(origin, sessionId);
  }

  /** A command to the session. */
  call<T>(method: string, path: string, body?: Record<string, unknown>): Promise<T> {
    return this.inTurn(() => this.command<T>(method, path, body));
  }

  /** A command to one of its tabs, which is shown for it. */
  callIn<T>(handle: string, method: string, path: string, body?: Record<string, unknown>): Promise<T> {
    return this.inTurn(async () => {
      if (this.current !== handle) await this.command('POST', '/window', { handle });
      this.current = handle;
      return this.command<T>(method, path, body);
    });
  }

  async end(): Promise<void> {
    await this.call('DELETE', '');
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.queue.then(work, work);
    this.queue = done.catch(() => undefined);
    return done;
  }

  private command<T>(method: string, path: string, body?: Record<string, unknown>): Promise<T> {
    return command<T>(method, `${this.origin}/session/${this.id}${path}`, body);
  }
}

async function command<T>(method: string, address: string, body?: Record<string, unknown>): Promise<T> {
  const response = await fetch(address, {
    method,
    signal: AbortSignal.timeout(LATE_MS),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const { value } = (await response.json()) as { value: { error?: string; message?: string } | null };
  if (!response.ok)
    throw new Error(`${method} ${new URL(address).pathname}: ${value?.error ?? ''}: ${value?.message ?? ''}`);
  return value as T;
}
