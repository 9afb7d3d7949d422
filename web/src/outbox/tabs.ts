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
  /** Whether the one that sends is awake; it answers. */
  | { readonly kind: 'ask' }
  | { readonly kind: 'awake' }
  | { readonly kind: 'changed' }
  | { readonly kind: 'wake' }
  | { readonly kind: 'progress'; readonly key: string; readonly file: string; readonly sent: number }
  | { readonly kind: 'settled'; readonly message: Message };

/** A lease is renewed this often, and lost after so long without. */
const RENEW_MS = 2_000;
const LEASE_MS = 7_000;
/** The one that sends and does not answer for so long sleeps: browsers put tabs to sleep with their locks in their hands. */
const ANSWER_MS = 4_000;

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
  #leads = false;
  #waiting = new AbortController();
  #unanswered: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly owner: number,
    private readonly hearing: Hearing,
  ) {
    this.#channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(`chinwag.outbox.${owner}`);
    if (this.#channel !== null) this.#channel.onmessage = (event) => this.#heard(event.data as Note);
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

  /** There is something to send: if the one to do it sleeps, this tab takes over. */
  ask(): void {
    if (this.#leads || this.#unanswered !== undefined) return;
    this.tell({ kind: 'ask' });
    this.#unanswered = setTimeout(() => {
      this.#unanswered = undefined;
      const locks: LockManager | undefined = navigator.locks;
      if (!this.#leads && locks !== undefined && !this.#closed.signal.aborted) void this.#lock(locks, true);
    }, ANSWER_MS);
  }

  close(): void {
    this.#closed.abort();
    this.#waiting.abort();
    clearTimeout(this.#unanswered);
    this.#channel?.close();
  }

  #heard(note: Note): void {
    if (note.kind === 'ask' && this.#leads) this.tell({ kind: 'awake' });
    if (note.kind === 'awake') {
      clearTimeout(this.#unanswered);
      this.#unanswered = undefined;
    }
    this.hearing.told(note);
  }

  #lead(leads: boolean): void {
    this.#leads = leads;
    if (leads) this.hearing.leads();
    else this.hearing.lost();
  }

  async #lock(locks: LockManager, steal = false): Promise<void> {
    const { signal } = this.#closed;
    this.#waiting.abort();
    this.#waiting = new AbortController();
    let granted = false;
    const held = (): Promise<void> => {
      granted = true;
      this.#lead(true);
      return new Promise((release) => signal.addEventListener('abort', () => release(), { once: true }));
    };
    const options: LockOptions = steal ? { steal } : { signal: this.#waiting.signal };
    // Rejected when it is closed or given up while it waits, and when another tab took it away.
    await locks.request(`chinwag.outbox.${this.owner}`, options, held).catch(() => undefined);
    if (signal.aborted || !granted) return;
    this.#lead(false);
    void this.#lock(locks);
  }

  async #lease(store: OutboxStore): Promise<void> {
    let leads = false;
    while (!this.#closed.signal.aborted) {
      const held = await store.lease(this.owner, this.#self, Date.now(), LEASE_MS).catch(() => leads);
      if (held !== leads && !this.#closed.signal.aborted) {
        leads = held;
        this.#lead(held);
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
