/**
 * The queue of unsent messages: one at a time per channel, in the order of writing. Trouble of the network or the server
 * is tried again by itself; a refusal waits for the writer. A later queue that outlives the page has the same interface.
 */
import { ApiError, post } from '../api';
import type { Attachment, Message } from '../wire';
import { newKey } from '../keys';
import { explain, type Core } from './core';

/** The first pause; doubles up to the longest. Each is drawn from its upper half, so that clients spread out. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** After so many failures the row says why it waits. */
const SAYS_WHY_AFTER = 3;

export class Outbox {
  /** Channels whose queue is being worked on. */
  readonly #busy = new Set<number>();
  /** Ends the pauses of the moment. */
  #wakers: (() => void)[] = [];

  constructor(
    private readonly core: Core,
    private readonly settled: (message: Message) => void,
  ) {}

  /** Takes a message; it is shown at once. */
  add(channel: number, text: string, attachments: readonly Attachment[]): void {
    const me = this.core.state.session.me;
    if (me === null) return;
    this.core.state.outbox.add({
      key: newKey(),
      channel,
      author: { id: me.id, name: me.name },
      text,
      attachments,
      written_at: new Date().toISOString(),
      state: 'waiting',
      reason: null,
    });
    void this.#work(channel);
  }

  retry(key: string): void {
    const unsent = this.core.state.outbox.find(key);
    if (unsent === undefined) return;
    this.core.state.outbox.waiting(key, null);
    this.wake();
    void this.#work(unsent.channel);
  }

  discard(key: string): void {
    this.core.state.outbox.gone(key);
    this.wake();
  }

  /** The connection is back: nobody waits for the end of a pause. */
  wake(): void {
    const wakers = this.#wakers;
    this.#wakers = [];
    for (const wake of wakers) wake();
  }

  async #work(channel: number): Promise<void> {
    if (this.#busy.has(channel)) return;
    this.#busy.add(channel);
    let failures = 0;
    for (let next = this.#next(channel); next !== undefined; next = this.#next(channel)) {
      const pauseMs = await this.#send(next.key, failures);
      failures = pauseMs === null ? 0 : failures + 1;
      if (pauseMs !== null) await this.#pause(pauseMs);
    }
    this.#busy.delete(channel);
  }

  #next(channel: number): { key: string } | undefined {
    return this.core.state.outbox.next(channel);
  }

  /** Tries one. Answers how long to wait before the next try, or null when this one is settled. */
  async #send(key: string, failures: number): Promise<number | null> {
    const unsent = this.core.state.outbox.find(key);
    if (unsent === undefined) return null;
    const { channel, text, attachments } = unsent;
    try {
      const message = await post(channel, { key, text, attachments: attachments.map(({ id }) => id) });
      this.settled(message);
      return null;
    } catch (error) {
      if (error instanceof ApiError && error.passing) return this.#later(key, error, failures);
      this.core.state.outbox.refused(key, explain(this.core, error));
      return null;
    }
  }

  #later(key: string, error: ApiError, failures: number): number {
    const dropped = error.status === 0;
    const reason = dropped || error.detail === '' ? this.core.words.t('message.dropped') : error.detail;
    if (failures >= SAYS_WHY_AFTER || !dropped) this.core.state.outbox.waiting(key, reason);
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
    return Math.max(error.retryAfterMs ?? 0, pause * (0.5 + Math.random() / 2));
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wakers.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
