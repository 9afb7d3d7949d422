/**
 * The height of each row of a list: as it was measured, or estimated by similar rows. Good estimates matter: after a wrong one,
 * everything has to be positioned a second time. Heights belong to keys, so rows may be added and removed anywhere.
 */
import type { Row } from './rows';

/** The height of a row before any similar row was measured. */
const USUAL_PX = 52;
/** The widest column of text, the width of a letter, and what stands beside the text, roughly: estimates need no more. */
const MEASURE_PX = 736;
const LETTER_PX = 7;
const BESIDE_PX = 150;
/** From here on letters are twice as wide. */
const WIDE = 0x2e80;
/** Longer texts are all of one kind: kinds have a bound. */
const MOST_LINES = 100;
/** How many heights of removed rows are kept in case the rows come back. */
const SPARE = 2_000;

const isMarked = ({ pin, saved, also }: Row): boolean => pin !== undefined || saved || also;
const isRoot = ({ thread }: Row): boolean => thread !== undefined && thread.replies > 0;

export class Heights {
  #rows: readonly Row[] = [];
  #heights = new Float64Array(0);
  /** Where each row begins, and at last where the list ends; right up to and including `#right`. */
  #tops = new Float64Array(1);
  #right = 0;
  #width = 0;
  readonly #measured = new Map<string, number>();
  /** The last height of rows of a kind. */
  readonly #kinds = new Map<string, number>();

  get rows(): readonly Row[] {
    return this.#rows;
  }

  get total(): number {
    return this.top(this.#rows.length);
  }

  set(rows: readonly Row[]): void {
    if (rows === this.#rows) return;
    this.#rows = rows;
    if (this.#heights.length < rows.length) {
      this.#heights = new Float64Array(rows.length * 2);
      this.#tops = new Float64Array(rows.length * 2 + 1);
    }
    if (this.#measured.size > rows.length + SPARE) this.#forgetOthers();
    this.#fill();
  }

  /** The list has this width now. What was measured in another one no longer holds, but for rows that still are. */
  setWidth(width: number, mounted: ReadonlySet<string>): void {
    if (width === this.#width) return;
    this.#width = width;
    for (const key of this.#measured.keys()) if (!mounted.has(key)) this.#measured.delete(key);
    this.#kinds.clear();
    this.#fill();
  }

  /** A row was measured. Returns whether that moves anything. */
  measure(index: number, px: number): boolean {
    const row = this.#rows[index];
    if (row === undefined) return false;
    this.#measured.set(row.key, px);
    const kind = this.#kindOf(row);
    const isNew = !this.#kinds.has(kind);
    this.#kinds.set(kind, px);
    const moves = this.#heights[index] !== px;
    if (isNew) this.#fill();
    else if (moves) this.#put(index, px);
    return moves || isNew;
  }

  height(index: number): number {
    return this.#heights[index] ?? 0;
  }

  /** Where a row begins; for the number of rows, where the list ends. */
  top(index: number): number {
    const wanted = Math.min(index, this.#rows.length);
    for (let at = this.#right; at < wanted; at += 1) {
      this.#tops[at + 1] = (this.#tops[at] ?? 0) + (this.#heights[at] ?? 0);
    }
    this.#right = Math.max(this.#right, wanted);
    return this.#tops[wanted] ?? 0;
  }

  /** The row at this distance from the beginning: the first one above it, the last one below the end. */
  at(px: number): number {
    let low = 0;
    let high = Math.max(0, this.#rows.length - 1);
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.top(middle) <= px) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #fill(): void {
    for (const [index, row] of this.#rows.entries()) {
      this.#heights[index] = this.#measured.get(row.key) ?? this.#kinds.get(this.#kindOf(row)) ?? USUAL_PX;
    }
    this.#right = 0;
  }

  #put(index: number, px: number): void {
    this.#heights[index] = px;
    this.#right = Math.min(this.#right, index);
  }

  #forgetOthers(): void {
    const keys = new Set(this.#rows.map((row) => row.key));
    for (const key of this.#measured.keys()) if (!keys.has(key)) this.#measured.delete(key);
  }

  /** Rows of one kind are about as high as each other. */
  #kindOf(row: Row): string {
    const around = `${row.lead ? 'l' : ''}${row.day ? 'd' : ''}${row.newSince === null ? '' : 'n'}${isMarked(row) ? 'm' : ''}${isRoot(row) ? 't' : ''}${row.quote === undefined ? '' : 'q'}${row.forwarded == null ? '' : `f${this.#linesOf(row.forwarded.text)}`}`;
    const files = row.attachments.length + row.files.length;
    return `${row.state} ${around} ${files} ${row.state === 'deleted' ? 0 : this.#linesOf(row.text)}`;
  }

  #linesOf(text: string): number {
    const most = Math.max(1, Math.floor(Math.min(MEASURE_PX, this.#width - BESIDE_PX) / LETTER_PX));
    let lines = 1;
    let column = 0;
    for (let at = 0; at < text.length && lines < MOST_LINES; at += 1) {
      const code = text.charCodeAt(at);
      column += code >= WIDE ? 2 : 1;
      if (code === 10 || column > most) {
        lines += 1;
        column = 0;
      }
    }
    return lines;
  }
}
