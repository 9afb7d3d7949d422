/** How people look: a picture, or a hue by their id and the first letter of their name. Blue belongs to the reader alone. */

const HUES = 8;
/** A letter that nothing can be joined to by what follows, as most names begin. */
const PLAIN = /^\s*([a-z])(?![^\0-\u024f])/i;
let segmenter: Intl.Segmenter | undefined;

/** The hue of somebody else: one of eight, spread by multiplying with a constant (Knuth's, 2654435761). */
export function hueOf(id: number): number {
  return (Math.imul(id, 2_654_435_761) >>> 29) & (HUES - 1);
}

/** The first character of a name as people see it, however many code points it takes. */
export function initialOf(name: string): string {
  const plain = PLAIN.exec(name)?.[1];
  if (plain !== undefined) return plain.toUpperCase();
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  for (const { segment } of segmenter.segment(name.trim())) return segment.toLocaleUpperCase();
  return '?';
}

/** The address of a picture that is shown with sides of `side` pixels, for screens with up to three pixels for one. */
export function pictureSet(id: string, side: number): { src: string; srcset: string } {
  const at = (times: number): string => `/pictures/${id}/${side * times}`;
  return { src: at(1), srcset: `${at(2)} 2x, ${at(3)} 3x` };
}
