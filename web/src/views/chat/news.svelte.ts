/**
 * What is unread of the channel that is shown: how much it is, since when, and whether it begins out of sight above. It puts the
 * line "New since" above messages that arrive while nobody looks, or below the view. To be made by a component that starts.
 */
import { untrack } from 'svelte';
import type { App } from '../../app';
import { before } from '../../state/aside';
import { unread } from '../../state/counting';
import type { MessageRun } from '../../state/messages.svelte';
import { firstUnread } from '../../state/seen';
import type { Channel } from '../../wire';
import { isLookedAt } from '../parts/looking.svelte';
import type { Scrolling } from './scrolling.svelte';
import type { VirtualList } from './virtual-list.svelte';

/** The first unread message counts as visible if at most this much of it is cut off at the top. */
const LINE_PX = 12;

/** The list in which it stands. */
export interface Shown {
  readonly app: App;
  readonly run: MessageRun;
  readonly list: VirtualList;
  readonly scrolling: Scrolling;
  readonly channel: () => Channel;
  /** Whether the first scroll position has been set. */
  readonly settled: () => boolean;
}

export class News {
  readonly count = $derived.by(() => unread(this.shown.channel()));
  readonly #mark = $derived.by(() => this.shown.channel().read_number);
  /** The first unread message where the rows have it; `far` when it is before them. */
  readonly #first = $derived.by(() => {
    const { run, app } = this.shown;
    if (this.count === 0) return null;
    const reaches = !run.hasOlder || (run.rows[0] !== undefined && before(run.rows[0]) <= this.#mark);
    return reaches ? firstUnread(this.#mark, run, app.state.session.me?.id) : 'far';
  });
  readonly #firstAt = $derived.by(() => {
    const first = this.#first;
    return first === null || first === 'far' ? -1 : this.shown.run.rows.lastIndexOf(first);
  });
  /** Whether the first unread message is out of sight above. */
  readonly isAbove = $derived.by(() => {
    const { list, scrolling, settled } = this.shown;
    if (!settled()) return false;
    return this.#first === 'far' || (this.#firstAt >= 0 && list.topOf(this.#firstAt) + LINE_PX < scrolling.top);
  });
  /** When the message at the mark was written, asked for where the rows do not have it. */
  #farSince: { readonly mark: number; readonly at: string | null } | null = $state.raw(null);
  /** Since when there is something unread; `null` where that is not known. */
  readonly since = $derived.by(() => {
    const { rows } = this.shown.run;
    if (this.#first === 'far') return this.#farSince?.mark === this.#mark ? this.#farSince.at : null;
    return (rows[this.#firstAt - 1] ?? rows[this.#firstAt])?.created_at ?? null;
  });
  /** How much was unread when the line was placed or taken away: only what is more than that places it again. */
  #counted: number;

  constructor(private readonly shown: Shown) {
    this.#counted = this.count;
    $effect(() => this.#askSince());
    $effect(() => this.#placeLine());
  }

  /** The reader wrote: what was unread before is no longer new, whether it was read or not. */
  wrote(): void {
    this.#counted = this.count;
  }

  #askSince(): void {
    const mark = this.#mark;
    if (this.#first !== 'far') return;
    const { app, channel } = this.shown;
    void untrack(() => app.reading.markedAt(channel())).then((at) => (this.#farSince = { mark, at }));
  }

  #placeLine(): void {
    const { app, channel, scrolling, settled } = this.shown;
    const looking = isLookedAt();
    const [count, after] = [this.count, this.#mark];
    this.#counted = Math.min(this.#counted, count);
    if (!settled() || count === this.#counted || (looking && scrolling.follows)) return;
    this.#counted = count;
    untrack(() => {
      const { view } = app.state;
      const { id } = channel();
      const line = view.newLine?.channel === id ? view.newLine : null;
      if (looking ? line === null : line?.after !== after) view.newLine = { channel: id, after };
    });
  }
}
