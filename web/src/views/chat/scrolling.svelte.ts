/**
 * Where the reader is in the list: following the newest message, or at a position of their own. Kept per channel, so that
 * going back to one restores it, for as long as the page lives.
 */
import type { Message } from '../../wire';
import type { Row } from './rows';
import type { VirtualList } from './virtual-list.svelte';

/** This near to the end counts as being there. */
const END_PX = 48;

export interface Spot {
  /** The topmost row in view, and how far into it. */
  readonly key: string;
  readonly offset: number;
  /** The newest number when the reader left the end. */
  readonly leftAt: number;
}

const spots = new Map<number, Spot>();

/** How much is left to scroll in both directions, in pixels. */
export interface Room {
  readonly above: number;
  readonly below: number;
}

export class Scrolling {
  /** Whether the newest message comes into view by itself. */
  follows = $state(true);
  /** The newest number when the reader left the end. */
  leftAt = $state(0);
  /** How far down the list the view begins. */
  top = $state(0);
  /** Where the reader was when they last left this channel. */
  readonly kept: Spot | undefined;

  constructor(private readonly channel: number) {
    this.kept = spots.get(channel);
    if (this.kept === undefined) return;
    this.follows = false;
    this.leftAt = this.kept.leftAt;
  }

  /** Where the reader is now; `undefined` while they are at the end. */
  get spot(): Spot | undefined {
    return spots.get(this.channel);
  }

  /** Notes that the list was scrolled. Returns how much is left to scroll. */
  scrolled(list: VirtualList, rows: readonly Row[], newest: number, complete: boolean): Room {
    const above = list.offset;
    const below = list.size - above - list.viewport;
    this.top = above;
    const atEnd = below < END_PX && complete;
    if (this.follows && !atEnd) this.leftAt = newest;
    this.follows = atEnd;
    this.#remember(list, rows);
    return { above, below };
  }

  /** The reader goes to one message and stays there. */
  goAway(newest: number): void {
    this.follows = false;
    this.leftAt = newest;
  }

  /** How many of these messages came by others since the reader went away from the end. */
  newsIn(messages: readonly Message[], me: number | undefined): number {
    if (this.follows) return 0;
    const isNews = ({ number, deleted_at: deleted, author }: Message): boolean =>
      number > this.leftAt && deleted === null && author.id !== me;
    return messages.filter(isNews).length;
  }

  /** The reader goes to the newest message and follows what comes. */
  goToEnd(): void {
    this.follows = true;
    spots.delete(this.channel);
  }

  #remember(list: VirtualList, rows: readonly Row[]): void {
    const at = list.at(this.top);
    const row = rows[at];
    if (this.follows || row === undefined) spots.delete(this.channel);
    else spots.set(this.channel, { key: row.key, offset: this.top - list.topOf(at), leftAt: this.leftAt });
  }
}

/** The row that a key leads to, if the key moves between rows. */
export function rowFor(key: string, at: number, count: number): number | undefined {
  const target = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: count - 1 }[key];
  return target === undefined ? undefined : Math.min(count - 1, Math.max(0, target));
}
