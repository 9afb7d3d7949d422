/** How people look: a hue by their id, and the first letter of their name. Blue belongs to the reader alone. */

const HUES = 8;
const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The hue of somebody else: one of eight, spread by multiplying with a constant (Knuth's, 2654435761). */
export function hueOf(id: number): number {
  return (Math.imul(id, 2_654_435_761) >>> 29) & (HUES - 1);
}

/** The first character of a name as people see it, however many code points it takes. */
export function initialOf(name: string): string {
  for (const { segment } of segmenter.segment(name.trim())) return segment.toLocaleUpperCase();
  return '?';
}
