/**
 * What is kept at hand. Which messages the reader saved is told by their own stream, in its order: what was heard here is later
 * than what any page of messages says, whenever that comes.
 */
import type { Saved } from '../wire';

/** So many messages are noted: the server keeps no more of one person, saved and saved once. The oldest go. */
export const MOST_NOTED = 4_000;

/** The notes of so many messages that were taken out are remembered. */
const MOST_NOTES = 50;

export class Kept {
  /** Counts what may change a list of pinned or saved messages: one that is shown is loaded again. */
  changes = $state(0);
  /** Whether a message is saved, by channel and number, as of the newest revision that told it since the beginning. */
  readonly #heard = new Map<string, { readonly kept: boolean; readonly revision: number }>();

  readonly #notes = new Map<string, string>();

  /** Whether a message is saved; `undefined` if nothing changed that. */
  find(channel: number, number: number): boolean | undefined {
    return this.#heard.get(keyOf(channel, number))?.kept;
  }

  /** Notes what was told. Returns whether that is newer than what is known. */
  note({ channel, number, kept, revision }: Told): boolean {
    const key = keyOf(channel, number);
    if ((this.#heard.get(key)?.revision ?? 0) > revision) return false;
    this.#heard.delete(key);
    this.#heard.set(key, { kept, revision });
    for (const oldest of this.#heard.keys()) {
      if (this.#heard.size <= MOST_NOTED) break;
      this.#heard.delete(oldest);
    }
    return true;
  }

  /** The note that a message had when it was taken out, as long as somebody may want it back. */
  noteOf(channel: number, number: number): string | undefined {
    return this.#notes.get(keyOf(channel, number));
  }

  /** A message was taken out: its note is gone from the server. */
  tookOut({ channel, number, note }: Saved): void {
    if (note === '') return;
    this.#notes.set(keyOf(channel, number), note);
    const [oldest] = this.#notes.keys();
    if (this.#notes.size > MOST_NOTES && oldest !== undefined) this.#notes.delete(oldest);
  }

  clear(): void {
    this.#heard.clear();
    this.#notes.clear();
  }
}

export type Told = Pick<Saved, 'channel' | 'number' | 'kept' | 'revision'>;

const keyOf = (channel: number, number: number): string => `${channel}:${number}`;
