/**
 * What the list of channels shows of the directory: the pages that were asked for, which follow its changes. The channels
 * that the person is in and that the directory does not list come behind its last page; a guest has those alone.
 */
import { directory, type DirectoryQuery } from '../../directory-api';
import { explain, type Core } from '../../actions/core';
import { isChannel } from '../../state/channels.svelte';
import type { Channel, ListedChannel } from '../../wire';
import { typedName } from './typed-name';

export type Order = 'oldest' | 'name';

/** A channel of the list. */
export type Row = ListedChannel & Pick<Channel, 'kind'>;

/** Changes that come close together, such as letters that are typed, are followed once. */
const PAUSE_MS = 250;

export class Directory {
  letters = $state('');
  order: Order = $state('oldest');
  /** The letters that the rows are of; `null` before the first page is there. */
  answered: string | null = $state(null);
  /** Why there is nothing newer to show. */
  problem: string | null = $state(null);
  /** Where the next page begins; `null` when there is none. */
  next: string | null = $state(null);
  #pages: readonly ListedChannel[] = $state.raw([]);
  /** So many rows are loaded anew at least. */
  #wanted = 1;
  /** Counts what was asked, so that a late answer to an earlier question is not shown. */
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly core: Core) {}

  get rows(): readonly Row[] {
    const { channels } = this.core.state;
    const listed = this.#pages.map((channel) => {
      const held = channels.find(channel.id);
      const member = held?.member === true;
      return { ...channel, member, member_count: held?.member_count ?? channel.member_count, kind: 'public' as const };
    });
    return this.next === null && this.answered !== null ? [...listed, ...this.#unlisted()] : listed;
  }

  /** Loads what is shown anew, a little later. */
  follow(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.load(), this.answered === null ? 0 : PAUSE_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#asked += 1;
  }

  /** Loads as many channels as are shown, or a first page of others. */
  async load(): Promise<void> {
    const asked = (this.#asked += 1);
    if (this.core.state.session.isGuest) {
      this.answered = this.letters;
      return;
    }
    const wanted = this.#wanted;
    await this.#ask(asked, async () => {
      const pages: ListedChannel[] = [];
      let next: string | null = null;
      do {
        const page = await directory(this.#query(next));
        pages.push(...page.channels);
        next = page.next;
      } while (next !== null && pages.length < wanted && asked === this.#asked);
      return { pages, next };
    });
  }

  /** Adds the next page. */
  async more(): Promise<void> {
    const { next } = this;
    if (next === null) return;
    await this.#ask((this.#asked += 1), async () => {
      const page = await directory(this.#query(next));
      return { pages: [...this.#pages, ...page.channels], next: page.next };
    });
  }

  /** Other letters or another order: the list begins with its first page again. */
  restart(): void {
    this.#wanted = 1;
    this.follow();
  }

  async #ask(
    asked: number,
    load: () => Promise<{ pages: readonly ListedChannel[]; next: string | null }>,
  ): Promise<void> {
    const { letters } = this;
    try {
      const { pages, next } = await load();
      if (asked !== this.#asked) return;
      this.#pages = pages;
      this.#wanted = pages.length;
      this.next = next;
      this.problem = null;
      this.answered = letters;
    } catch (error) {
      if (asked === this.#asked) this.problem = explain(this.core, error);
    }
  }

  #query(after: string | null): DirectoryQuery {
    return { letters: typedName(this.letters), order: this.order, after };
  }

  /** The channels that the person is in and that the directory does not list. */
  #unlisted(): readonly Row[] {
    const { channels, session } = this.core.state;
    const wanted = typedName(this.letters).toLowerCase();
    return channels.joined.filter(
      (channel) =>
        isChannel(channel) &&
        (session.isGuest || channel.kind !== 'public') &&
        [channel.name, channel.topic].some((text) => text.toLowerCase().includes(wanted)),
    );
  }
}
