/**
 * What was heard of channels that are not here: the newest entries of the directory. An answer about a channel that was on
 * its way meanwhile is set right by it.
 */
import type { ChannelInfo } from '../wire';

/** So many entries are kept, the newest ones. */
const MOST = 200;
/** So many names are kept that the directory told when it was asked about them. */
const MOST_NAMES = 300;

export class Heard {
  /** What the directory was asked about, as long as what it told is remembered. */
  readonly askedAbout = new Set<string>();
  readonly #entries = new Map<number, ChannelInfo>();
  /** Names of public channels, by their ids. Replaced, never changed in place. */
  #names: ReadonlyMap<number, string> = $state.raw(new Map());

  /** What channels that need not be here are called, so that texts lead to them. */
  get names(): Iterable<string> {
    return this.#names.values();
  }

  /** Notes what the directory told when it was asked about a name. */
  noteNames(list: readonly Pick<ChannelInfo, 'id' | 'name'>[]): void {
    const names = new Map(this.#names);
    for (const { id, name } of list) names.set(id, name);
    this.#names = new Map([...names].slice(-MOST_NAMES));
  }

  /** Notes a channel's entry. */
  note(id: number, info: ChannelInfo): void {
    if (this.#names.has(id)) this.noteNames([info]);
    this.#entries.delete(id);
    this.#entries.set(id, info);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MOST && oldest !== undefined) this.#entries.delete(oldest);
  }

  /** The directory does not list a channel any more. */
  forget(id: number): void {
    this.#entries.delete(id);
    if (this.#names.has(id)) this.#names = new Map([...this.#names].filter(([other]) => other !== id));
  }

  /** A channel's entry, if it is newer than that revision of the channel. */
  newer(id: number, revision: number): ChannelInfo | undefined {
    const info = this.#entries.get(id);
    return info !== undefined && info.revision > revision ? info : undefined;
  }

  clear(): void {
    this.askedAbout.clear();
    this.#entries.clear();
    this.#names = new Map();
  }
}
