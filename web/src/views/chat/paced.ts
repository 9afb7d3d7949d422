/**
 * Rows that come thick are shown together. Showing one costs the same as showing five: the list is laid out, scrolled and
 * painted anew. Twenty a second would keep a slow phone busy with nothing else, and nobody reads that fast. A row that
 * comes alone shows at once, and so does everything that is not just more from others.
 */
import type { Row } from './rows';

/** Rows that come within this of the last ones wait for its end. */
export const TOGETHER_MS = 250;

export class Paced {
  #shown: readonly Row[] = [];
  #at = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `again` is called when rows that waited can be shown: then ask again. */
  constructor(private readonly again: () => void) {}

  /** What to show of these rows now. */
  of(rows: readonly Row[]): readonly Row[] {
    if (rows === this.#shown) return rows;
    const now = performance.now();
    const left = this.#at + TOGETHER_MS - now;
    if (left > 0 && isOnlyMore(this.#shown, rows)) {
      if (this.#timer === undefined) this.#timer = setTimeout(() => this.#wake(), left);
      return this.#shown;
    }
    this.#at = now;
    this.#shown = rows;
    return rows;
  }

  #wake(): void {
    this.#timer = undefined;
    this.again();
  }
}

/** Whether others added rows at the end, and nothing else happened that shows. */
function isOnlyMore(shown: readonly Row[], rows: readonly Row[]): boolean {
  if (shown.length === 0 || rows.length <= shown.length) return false;
  const stands = shown.every((row, index) => {
    const now = rows[index];
    return row === now || (row.key === now?.key && row.state === now.state && row.author === now.author);
  });
  return stands && !rows.slice(shown.length).some((row) => row.own);
}
