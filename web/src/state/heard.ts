/**
 * What was heard of channels that are not here: the newest entries of the directory. An answer about a channel that was on
 * its way meanwhile is set right by it.
 */
import type { ChannelInfo } from '../wire';

/** So many entries are kept, the newest ones. */
const MOST = 200;

export class Heard {
  readonly #entries = new Map<number, ChannelInfo | null>();

  /** Notes a channel's entry; `null`: the directory does not list it any more. */
  note(id: number, info: ChannelInfo | null): void {
    this.#entries.delete(id);
    this.#entries.set(id, info);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MOST && oldest !== undefined) this.#entries.delete(oldest);
  }

  /** Whether a channel is not listed any more. */
  isGone(id: number): boolean {
    return this.#entries.get(id) === null;
  }

  /** A channel's entry, if it is newer than that revision of the channel. */
  newer(id: number, revision: number): ChannelInfo | undefined {
    const info = this.#entries.get(id) ?? undefined;
    return info !== undefined && info.revision > revision ? info : undefined;
  }

  clear(): void {
    this.#entries.clear();
  }
}
