/** What the picker shows, and where its arrow keys lead. Pure, so that it can be tried without a browser. */
import type { Emoji } from '../../emoji/data';

export interface Section {
  readonly title: string;
  readonly emoji: readonly Emoji[];
}

/** A place in the grid: each section begins a row of its own. */
interface Place {
  readonly row: number;
  readonly column: number;
}

/** The place among all emoji to which an arrow key leads from another; −1 is none. At an edge it stays. */
export function moved(sections: readonly Pick<Section, 'emoji'>[], columns: number, at: number, key: string): number {
  const places = placesOf(sections, columns);
  const last = places.length - 1;
  const from = places[at];
  if (from === undefined) return Math.min(0, last);
  if (key === 'ArrowLeft') return Math.max(0, at - 1);
  if (key === 'ArrowRight') return Math.min(last, at + 1);
  const row = from.row + (key === 'ArrowDown' ? 1 : -1);
  const found = places.findLastIndex((place) => place.row === row && place.column <= from.column);
  return found < 0 ? at : found;
}

function placesOf(sections: readonly Pick<Section, 'emoji'>[], columns: number): Place[] {
  let first = 0;
  return sections.flatMap(({ emoji }) => {
    const rows = first;
    first += Math.ceil(emoji.length / columns);
    return emoji.map((_, index) => ({ row: rows + Math.floor(index / columns), column: index % columns }));
  });
}
