/**
 * Messages that were written and are not settled yet, in the order of writing. What sends them is in `actions/outbox`;
 * here is only what is shown of them.
 */
import type { Attachment, User } from '../wire';

export interface Unsent {
  readonly key: string;
  readonly channel: number;
  readonly author: User;
  readonly text: string;
  readonly attachments: readonly Attachment[];
  readonly written_at: string;
  /** `waiting` goes out by itself; `refused` stays until somebody decides. */
  readonly state: 'waiting' | 'refused';
  /** Why it did not go out yet, in the reader's language. */
  readonly reason: string | null;
}

export class OutboxState {
  list: readonly Unsent[] = $state.raw([]);

  of(channel: number): readonly Unsent[] {
    return this.list.filter((unsent) => unsent.channel === channel);
  }

  find(key: string): Unsent | undefined {
    return this.list.find((unsent) => unsent.key === key);
  }

  /** The next one of a channel to go out. */
  next(channel: number): Unsent | undefined {
    return this.list.find((unsent) => unsent.channel === channel && unsent.state === 'waiting');
  }

  add(unsent: Unsent): void {
    this.list = [...this.list, unsent];
  }

  waiting(key: string, reason: string | null): void {
    this.#change(key, { state: 'waiting', reason });
  }

  refused(key: string, reason: string): void {
    this.#change(key, { state: 'refused', reason });
  }

  gone(key: string): void {
    if (this.find(key) !== undefined) this.list = this.list.filter((unsent) => unsent.key !== key);
  }

  clear(): void {
    this.list = [];
  }

  #change(key: string, change: Pick<Unsent, 'state' | 'reason'>): void {
    this.list = this.list.map((unsent) => (unsent.key === key ? { ...unsent, ...change } : unsent));
  }
}
