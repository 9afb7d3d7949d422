/**
 * How far a channel is read, by what of it was on screen. The mark moves to a message only when every unread one before it
 * was on screen too: what was seen below a gap stays counted until the gap is closed.
 */
import type { Message } from '../wire';
import { before } from './aside';

/** So many separate stretches of messages are remembered as seen; beyond that the oldest is forgotten, and stays unread. */
export const MOST_STRETCHES = 1_000;

/** Numbers of messages that were on screen, as stretches without a gap. */
export class Seen {
  /** Ascending and apart from each other: `[first, last]`. */
  #stretches: (readonly [first: number, last: number])[] = [];

  add(number: number): void {
    const at = this.#after(number);
    const before = this.#stretches[at - 1];
    const next = this.#stretches[at];
    if (before !== undefined && number <= before[1]) return;
    const joinsBefore = before?.[1] === number - 1;
    const joinsNext = next?.[0] === number + 1;
    const whole = [joinsBefore ? before[0] : number, joinsNext ? next[1] : number] as const;
    const start = joinsBefore ? at - 1 : at;
    this.#stretches.splice(start, Number(joinsBefore) + Number(joinsNext), whole);
    if (this.#stretches.length > MOST_STRETCHES) this.#stretches.shift();
  }

  has(number: number): boolean {
    const before = this.#stretches[this.#after(number) - 1];
    return before !== undefined && number <= before[1];
  }

  /** What stands up to here is read: whether it was seen matters no more. */
  forgetUpTo(number: number): void {
    this.#stretches = this.#stretches
      .filter(([, last]) => last > number)
      .map(([first, last]) => [Math.max(first, number + 1), last] as const);
  }

  /** The mark was set: what is unread above it has to be seen anew. */
  clear(): void {
    this.#stretches = [];
  }

  /** The place of the first stretch that begins after this number. */
  #after(number: number): number {
    let low = 0;
    let high = this.#stretches.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#stretches[middle]?.[0] ?? Infinity) <= number) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** What of a channel is there to be read. */
export interface Readable {
  /** Ascending by number, without one missing between them. */
  readonly rows: readonly Message[];
  /** There are messages before the first of the rows. */
  readonly hasOlder: boolean;
}

/** Whether a message is one that a person may have to read: by somebody else, and not deleted. */
export function isForReading(row: Message, me: number | undefined): boolean {
  return row.author.id !== me && row.deleted_at === null;
}

/** Where a mark stands when these messages were seen: before the first unread one above it that was not. */
export function markBySeen(mark: number, { rows, hasOlder }: Readable, seen: Seen, me: number | undefined): number {
  let at = firstAbove(rows, mark);
  // Between the mark and the rows there may be more.
  if (at === 0 && hasOlder && !follows(rows[0], mark)) return mark;
  let moved = mark;
  for (let row = rows[at]; row !== undefined; row = rows[at]) {
    if (isForReading(row, me) && !seen.has(row.number)) break;
    moved = row.number;
    at += 1;
  }
  return moved;
}

/** The first unread message above a mark; `null` when the rows do not tell. */
export function firstUnread(mark: number, { rows, hasOlder }: Readable, me: number | undefined): Message | null {
  const at = firstAbove(rows, mark);
  if (at === 0 && hasOlder && !follows(rows[0], mark)) return null;
  return rows.slice(at).find((row) => isForReading(row, me)) ?? null;
}

/** How many messages are unread, and how many of them call the reader. */
export interface Counts {
  readonly unread: number;
  readonly mentions: number;
}

/** Who reads: their id, and which messages call them. */
export interface Reader {
  readonly me: number | undefined;
  readonly calls: (row: Message) => boolean;
}

/** How much there is to read above one number, up to another; the rows have all of it. */
export function toReadBetween(rows: readonly Message[], above: number, upTo: number, { me, calls }: Reader): Counts {
  let [unread, mentions] = [0, 0];
  for (let at = firstAbove(rows, above); at < rows.length; at += 1) {
    const row = rows[at];
    if (row === undefined || row.number > upTo) break;
    if (!isForReading(row, me)) continue;
    unread += 1;
    mentions += Number(calls(row));
  }
  return { unread, mentions };
}

/** Whether nothing of the run stands between a mark and the first of the rows. */
function follows(first: Message | undefined, mark: number): boolean {
  return first !== undefined && before(first) <= mark;
}

/** Where the rows above a number begin. Marks are mostly near the end. */
function firstAbove(rows: readonly Message[], number: number): number {
  let at = rows.length;
  while (at > 0 && (rows[at - 1]?.number ?? 0) > number) at -= 1;
  return at;
}
