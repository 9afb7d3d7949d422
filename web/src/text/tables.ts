/** Lines of a table: cells between bars, and the line of dashes below the head, which says how columns are aligned. */
import type { Align } from './tree';

/** The most columns of a table. */
export const MAX_COLUMNS = 20;

/** A bar with a backslash before it is text of its cell. */
const BAR = /(?<!\\)\|/;
const DASHES = /^(:)?-+(:)?$/;

/** The cells of a line, trimmed; undefined for a line without a bar. */
export function cellsOf(line: string): string[] | undefined {
  if (!line.includes('|')) return undefined;
  const cells = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '')
    .split(BAR);
  return cells.map((cell) => cell.trim().replaceAll('\\|', '|'));
}

/** How the columns are aligned, when `below` is the line of dashes below a head of so many columns. */
export function alignsOf(below: string, columns: number): Align[] | undefined {
  const cells = cellsOf(below) ?? [];
  if (cells.length !== columns || columns > MAX_COLUMNS) return undefined;
  const aligns: Align[] = [];
  for (const cell of cells) {
    const found = DASHES.exec(cell);
    if (found === null) return undefined;
    const [, left, right] = found;
    aligns.push(right === undefined ? '' : left === undefined ? 'end' : 'center');
  }
  return aligns;
}

/** The cells of a row for so many columns. What is too much is text of the last cell, so that nothing is lost. */
export function rowOf(line: string, columns: number): string[] | undefined {
  const cells = cellsOf(line);
  if (cells === undefined) return undefined;
  const last = cells.slice(columns - 1).join(' | ');
  return Array.from({ length: columns }, (_, index) => (index === columns - 1 ? last : (cells[index] ?? '')));
}
