/** What a search finds: messages, files, people and channels, each as far as it was asked for. */
import { explain } from '../../actions/core';
import { ApiError } from '../../api';
import type { App } from '../../app';
import { directory } from '../../directory-api';
import { people } from '../../people-api';
import { search } from '../../search-api';
import { isChannel } from '../../state/channels.svelte';
import { find, type Hit } from '../../text/finding';
import type { Channel, ListedChannel, SearchHit, SearchPage, User } from '../../wire';
import { isEmpty, queryOf, type Asked } from './asked';
import { wordsOf } from './filter-words';

export interface Found {
  readonly page: SearchPage;
  readonly hits: readonly SearchHit[];
}

/** A channel that is called so. */
export type Place = Pick<
  ListedChannel,
  'id' | 'name' | 'reading' | 'posting' | 'archived' | 'member' | 'member_count'
> &
  Pick<Channel, 'kind'>;

/** More words than this are looked for in messages alone. */
const MOST_WORDS = 3;
/** So many channels and people stand in their part. */
const MOST_NAMED = 20;

export class Results {
  /** What the results are of. */
  asked: Asked | null = $state.raw(null);
  messages: Found | null = $state.raw(null);
  files: Found | null = $state.raw(null);
  people: readonly Hit<User>[] = $state.raw([]);
  places: readonly Hit<Place>[] = $state.raw([]);
  busy = $state(false);
  /** There is no connection. */
  offline = $state(false);
  /** Why nothing was found out. */
  problem: string | null = $state(null);
  /** Counts what was asked, so that a late answer to an earlier question is not shown. */
  #asking = 0;

  constructor(private readonly app: App) {}

  async load(asked: Asked): Promise<void> {
    const asking = (this.#asking += 1);
    if (isEmpty(asked)) return this.#clear();
    this.busy = true;
    try {
      const [messages, files, named] = await Promise.all([
        ask(asked, 'messages'),
        ask(asked, 'files'),
        this.#named(wordsOf(asked.words)),
      ]);
      if (asking !== this.#asking) return;
      this.#clear();
      this.messages = { page: messages, hits: messages.hits };
      this.files = { page: files, hits: files.hits };
      [this.people, this.places] = named;
      this.asked = asked;
    } catch (error) {
      if (asking !== this.#asking) return;
      this.#clear();
      this.offline = error instanceof ApiError && error.status === 0;
      this.problem = explain(this.app, error);
    } finally {
      if (asking === this.#asking) this.busy = false;
    }
  }

  /** Adds the next page of what is shown. */
  async more(kind: 'messages' | 'files'): Promise<void> {
    const [asking, asked, found] = [this.#asking, this.asked, this[kind]];
    if (asked === null || found === null || found.page.next === null || this.busy) return;
    this.busy = true;
    try {
      const page = await ask(asked, kind, found.page.next);
      if (asking !== this.#asking) return;
      // In order of "best", what is new moves others to the next page: they come twice.
      const held = new Set(found.hits.map(keyOf));
      this[kind] = {
        page: {
          ...found.page,
          next: page.next,
          people: [...found.page.people, ...page.people],
          channels: [...found.page.channels, ...page.channels],
        },
        hits: [...found.hits, ...page.hits.filter((hit) => !held.has(keyOf(hit)))],
      };
    } catch (error) {
      if (asking === this.#asking) this.app.state.flashes.show('bad', explain(this.app, error));
    } finally {
      if (asking === this.#asking) this.busy = false;
    }
  }

  /** What is shown stays; an answer that is still on its way is not shown. */
  stop(): void {
    this.#asking += 1;
    this.busy = false;
  }

  #clear(): void {
    this.asked = this.messages = this.files = this.problem = null;
    [this.people, this.places] = [[], []];
    [this.busy, this.offline] = [false, false];
  }

  /** The people and channels whose names have one of the words; each at its best. */
  async #named(words: readonly string[]): Promise<[readonly Hit<User>[], readonly Hit<Place>[]]> {
    const { channels, session } = this.app.state;
    const [known, listed] = [new Map<number, Hit<User>>(), new Map<number, Hit<Place>>()];
    const here = channels.joined.filter(isChannel).map((channel): Place => channel);
    await Promise.all(
      words.slice(0, MOST_WORDS).map(async (word) => {
        // What is found in messages is shown also when names are not told.
        const [found, page] = await Promise.all([
          people(word).catch(() => ({ people: [] })),
          directory({ letters: word, limit: MOST_NAMED }).catch(() => ({ channels: [] })),
        ]);
        const others = page.channels.filter(({ id }) => !here.some((one) => one.id === id));
        keepBest(
          known,
          find(
            found.people.filter(({ id }) => id !== session.me?.id),
            word,
          ),
        );
        keepBest(listed, find([...here, ...others.map((one): Place => ({ ...one, kind: 'public' }))], word));
      }),
    );
    return [sorted(known), sorted(listed)];
  }
}

/** What tells one hit from another. */
export function keyOf({ channel, message }: SearchHit): string {
  return `${channel}:${message.number}`;
}

function ask(asked: Asked, kind: 'messages' | 'files', cursor?: string): Promise<SearchPage> {
  const query = new URLSearchParams(queryOf({ ...asked, tab: kind }));
  if (cursor !== undefined) query.set('cursor', cursor);
  return search(query);
}

function keepBest<T extends { readonly id: number }>(known: Map<number, Hit<T>>, found: readonly Hit<T>[]): void {
  for (const hit of found) {
    const before = known.get(hit.item.id);
    if (before === undefined || hit.rank < before.rank) known.set(hit.item.id, hit);
  }
}

function sorted<T>(known: ReadonlyMap<number, Hit<T>>): readonly Hit<T>[] {
  return [...known.values()].sort((a, b) => a.rank - b.rank).slice(0, MOST_NAMED);
}
