/** Channels that the person may not know of any more. An answer that was on its way meanwhile does not bring one back. */
import type { Channel } from '../wire';

/** What is told of channels is as of a revision of the person's own stream and one of the place's. */
export interface AsOf {
  readonly own: number;
  readonly place: number;
}

export class Gone {
  /** By the revisions at which they were told so; 0 for a stream that did not tell it. */
  readonly #at = new Map<number, AsOf>();

  note(id: number, at: Partial<AsOf>): void {
    this.#at.set(id, { own: 0, place: 0, ...this.#at.get(id), ...at });
  }

  /** The directory lists it again. */
  listed(id: number): void {
    if (this.#at.has(id)) this.note(id, { place: 0 });
  }

  /** Whether an answer about a channel that is not held is from before it was lost or delisted. */
  isStale({ id, member, own_revision }: Channel, asOf: AsOf | undefined): boolean {
    const gone = this.#at.get(id);
    if (gone === undefined) return false;
    if (asOf !== undefined) return asOf.own < gone.own || asOf.place < gone.place;
    return (gone.own > 0 && own_revision <= gone.own) || (!member && gone.place > 0);
  }

  clear(): void {
    this.#at.clear();
  }
}
