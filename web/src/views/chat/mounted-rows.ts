/**
 * Which rows of a long list are in the document: those near the view, and one that is kept wherever the view is. A view that moves
 * far gets its rows in steps, so that no frame is late.
 */
import type { Heights } from './heights';
import type { Row } from './rows';

/** Rows are mounted this far above and below the view. */
const BUFFER_PX = 600;
/** The most rows that are mounted at once at either end while those in view are there: more would delay frame after frame. */
const STEP_ROWS = 6;

/** A stretch of the list. */
interface View {
  /** Where it begins. */
  readonly top: number;
  readonly height: number;
}

export class MountedRows {
  #rows: readonly Row[] = [];
  #first = 0;
  #last = -1;
  #keptAt = -1;

  constructor(private readonly heights: Heights) {}

  /** The rows from the first to the last, and the kept one if it is elsewhere. The same array as long as nothing changes. */
  get rows(): readonly Row[] {
    return this.#rows;
  }

  /** Where the rows near the view begin. */
  get top(): number {
    return this.heights.top(this.#first);
  }

  get topOfKept(): number {
    return this.heights.top(this.#keptAt);
  }

  /** Mounts what a view needs: all of it at once, or the next step towards it. */
  mount(view: View, kept: string | null, atOnce: boolean): readonly Row[] {
    const { rows } = this.heights;
    const near = this.#near(view);
    [this.#first, this.#last] = atOnce ? near : this.#step(view, near);
    this.#keptAt = kept === null ? -1 : rows.findIndex((row) => row.key === kept);
    const keptRow = rows[this.#keptAt];
    const mounted = rows.slice(this.#first, this.#last + 1);
    if (keptRow !== undefined && this.#keptAt < this.#first) mounted.unshift(keptRow);
    if (keptRow !== undefined && this.#keptAt > this.#last) mounted.push(keptRow);
    if (!same(mounted, this.#rows)) this.#rows = mounted;
    return this.#rows;
  }

  /** Whether a view has all the rows that it needs. */
  isComplete(view: View): boolean {
    const [first, last] = this.#near(view);
    return first === this.#first && last === this.#last;
  }

  /** Whether what is mounted at this place is the kept row, far from the others. */
  isAway(at: number): boolean {
    if (this.#keptAt < this.#first) return at === 0 && this.#keptAt >= 0;
    return this.#keptAt > this.#last && at === this.#rows.length - 1;
  }

  /** The place among all rows of what is mounted at this place. */
  indexOf(at: number): number {
    if (this.isAway(at)) return this.#keptAt;
    return this.#first + at - (this.isAway(0) ? 1 : 0);
  }

  /** The first and the last row near a view. */
  #near({ top, height }: View): [first: number, last: number] {
    if (this.heights.rows.length === 0) return [0, -1];
    return [this.heights.at(top - BUFFER_PX), this.heights.at(top + height + BUFFER_PX)];
  }

  /** How far the mounted rows go towards these in one step. */
  #step({ top, height }: View, [first, last]: readonly [number, number]): [first: number, last: number] {
    if (last < this.#first || first > this.#last) return [first, last];
    const seenFirst = this.heights.at(top);
    const seenLast = this.heights.at(top + height);
    return [
      Math.max(first, Math.min(seenFirst, this.#first - STEP_ROWS)),
      Math.min(last, Math.max(seenLast, this.#last + STEP_ROWS)),
    ];
  }
}

function same(a: readonly Row[], b: readonly Row[]): boolean {
  return a.length === b.length && a.every((row, at) => row === b[at]);
}
