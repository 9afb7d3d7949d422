/**
 * What was heard of channels that are not here: the newest entries of the directory. An answer about a channel that was on
 * its way meanwhile is set right by it.
 */
import type { ChannelInfo } from '../wire';

/** So many entries are kept, the newest ones. */
const MOST = 200;

export class Heard {
  readonly #entries = new Map<number, ChannelInfo>();

  /** Notes a channel's entry. */
  note(id: number, info: ChannelInfo): void {
    this.#entries.delete(id);
    this.#entries.set(id, info);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MOST && oldest !== undefined) this.#entries.delete(oldest);
  }

  /** The directory does not list a channel any more. */
  forget(id: number): void {
    this.#entries.delete(id);
  }

  /** A channel's entry, if it is newer than that revision of the channel. */
  newer(id: number, revision: number): ChannelInfo | undefined {
    const info = this.#entries.get(id);
    return info !== undefined && info.revision > revision ? info : undefined;
  }

  clear(): void {
    this.#entries.clear();
  }
}
