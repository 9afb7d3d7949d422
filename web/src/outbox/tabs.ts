/**
 * The tabs of one browser among each other: exactly one sends what a person wrote, all are told what became of it. The
 * right to send is a Web Lock; where there is none (pages without HTTPS) a lease in the database that has to be renewed.
 * Should two tabs send for a moment after all, the message's key makes it one message.
 */
import type { Message } from '../wire';
import { newKey } from '../keys';
import type { OutboxStore } from './store';

/** What tabs tell each other. */
export type Note =
  | { readonly kind: 'changed' }
  | { readonly kind: 'wake' }
  | { readonly kind: 'progress'; readonly key: string; readonly file: string; readonly sent: number }
  | { readonly kind: 'settled'; readonly message: Message };

/** A lease is renewed this often, and lost after so long without. */
const RENEW_MS = 2_000;
const LEASE_MS = 7_000;

export interface Hearing {
  /** This tab sends from now on. */
  leads(): void;
  /** It does not any more. */
  lost(): void;
  told(note: Note): void;
}

export class Tabs {
  readonly #channel: BroadcastChannel | null;
  readonly #closed = new AbortController();
  readonly #self = newKey();

  constructor(
    private readonly owner: number,
    private readonly hearing: Hearing,
  ) {
    this.#channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(`chinwag.outbox.${owner}`);
    if (this.#channel !== null) this.#channel.onmessage = (event) => hearing.told(event.data as Note);
  }

  tell(note: Note): void {
    this.#channel?.postMessage(note);
  }

  /** Waits to become the one that sends, and stays it until it is closed. */
  contend(store: OutboxStore): void {
    const locks: LockManager | undefined = navigator.locks;
    if (locks === undefined) void this.#lease(store);
    else void this.#lock(locks);
  }

  close(): void {
    this.#closed.abort();
    this.#channel?.close();
  }

  async #lock(locks: LockManager): Promise<void> {
    const { signal } = this.#closed;
    const held = (): Promise<void> => {
      this.hearing.leads();
      return new Promise((release) => signal.addEventListener('abort', () => release(), { once: true }));
    };
    // Rejected when it is closed before it came to its turn.
    await locks.request(`chinwag.outbox.${this.owner}`, { signal }, held).catch(() => undefined);
  }

  async #lease(store: OutboxStore): Promise<void> {
    let leads = false;
    while (!this.#closed.signal.aborted) {
      const held = await store.lease(this.owner, this.#self, Date.now(), LEASE_MS).catch(() => leads);
      if (held !== leads && !this.#closed.signal.aborted) {
        leads = held;
        if (held) this.hearing.leads();
        else this.hearing.lost();
      }
      await this.#nap();
    }
    if (leads) await store.release(this.owner, this.#self).catch(() => undefined);
  }

  /** Until the next renewal, or the end. */
  #nap(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, RENEW_MS);
      this.#closed.signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
    });
  }
}
