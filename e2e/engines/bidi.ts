/** A connection of WebDriver BiDi: commands out, their results back. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { LATE_MS } from '../support/deadline';

interface Waiting {
  readonly method: string;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly late: NodeJS.Timeout;
}

interface Answer {
  readonly type: 'success' | 'error' | 'event';
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: string;
  readonly message?: string;
}

export class Connection {
  private last = 0;
  private readonly waiting = new Map<number, Waiting>();

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => this.answered(JSON.parse(data.toString()) as Answer));
    socket.on('close', () => this.failAll('the browser closed the connection'));
    socket.on('error', () => undefined);
  }

  static async open(address: string): Promise<Connection> {
    const socket = new WebSocket(address, { perMessageDeflate: false });
    await once(socket, 'open');
    return new Connection(socket);
  }

  /** Sends a command and waits for its result. */
  send<T = unknown>(method: string, params: Record<string, unknown> = {}): Promise<T> {
    const id = (this.last += 1);
    return new Promise<T>((resolve, reject) => {
      const late = setTimeout(() => this.settle(id)?.reject(new Error(`${method} was not answered`)), LATE_MS);
      this.waiting.set(id, { method, resolve: resolve as (result: unknown) => void, reject, late });
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }

  close(): void {
    this.failAll('the connection was closed');
    this.socket.close();
  }

  private answered(answer: Answer): void {
    if (answer.id === undefined) return;
    const waiting = this.settle(answer.id);
    if (waiting === undefined) return;
    if (answer.type === 'success') waiting.resolve(answer.result);
    else waiting.reject(new Error(`${waiting.method}: ${answer.error ?? 'error'}: ${answer.message ?? ''}`));
  }

  private settle(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id);
    if (waiting !== undefined) clearTimeout(waiting.late);
    this.waiting.delete(id);
    return waiting;
  }

  private failAll(why: string): void {
    for (const id of [...this.waiting.keys()]) {
      const waiting = this.settle(id);
      waiting?.reject(new Error(`${waiting.method}: ${why}`));
    }
  }
}
