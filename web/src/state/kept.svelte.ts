/**
 * What is kept at hand. Which messages the reader saved is told by their own stream, in its order: what was heard here is later
 * than what any page of messages says, whenever that comes.
 */
import type { Saved } from '../wire';

/** So many messages are noted: the server keeps no more of one person, saved and saved once. The oldest go. */
export const MOST_NOTED = 4_000;

export class Kept {
  /** Counts what may change a list of pinned or saved messages: one that is shown is loaded again. */
  changes = $state(0);
  /** Whether a message is saved, by channel and number, as far as it was told since the beginning. */
  readonly #heard = new Map<string, boolean>();

  /** What the reader wants and the server has not told yet. */
  readonly #wished = new Map<string, boolean>();

  /** Whether a message is saved; `undefined` if nothing changed that. */
  find(channel: number, number: number): boolean | undefined {
    const key = keyOf(channel, number);
    return this.#wished.get(key) ?? this.#heard.get(key);
  }

  /** Takes a wish as fulfilled until the server tells what holds. */
  wish(channel: number, number: number, kept: boolean): void {
    this.#wished.set(keyOf(channel, number), kept);
  }

  /** The wish was refused. Returns what was told last. */
  unwish(channel: number, number: number): boolean | undefined {
    this.#wished.delete(keyOf(channel, number));
    return this.find(channel, number);
  }

  note({ channel, number, kept }: Pick<Saved, 'channel' | 'number' | 'kept'>): void {
    const key = keyOf(channel, number);
    this.#wished.delete(key);
    this.#heard.delete(key);
    this.#heard.set(key, kept);
    for (const oldest of this.#heard.keys()) {
      if (this.#heard.size <= MOST_NOTED) break;
      this.#heard.delete(oldest);
    }
  }

  clear(): void {
    this.#heard.clear();
    this.#wished.clear();
  }
}

const keyOf = (channel: number, number: number): string => `${channel}:${number}`;
