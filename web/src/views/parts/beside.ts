/** Where something stands that opens beside what was pressed. */

/** The room between the two, and to the edges of the window. */
const GAP = 8;

/**
 * On the side that is wanted, on the other one where there is no room, and inside of the window. Returns a style: `--top`,
 * `--left`, and `--room`, the height that there is at most.
 */
export function placeBeside(box: Element, beside: Element, wanted: 'above' | 'below'): string {
  const [at, { width, height }] = [beside.getBoundingClientRect(), box.getBoundingClientRect()];
  const [above, below] = [at.top - GAP * 1.5, innerHeight - at.bottom - GAP * 1.5];
  const fits = (room: number): boolean => height <= room;
  const isAbove = wanted === 'above' ? fits(above) || above >= below : !fits(below) && (fits(above) || above > below);
  const top = isAbove ? Math.max(GAP, at.top - Math.min(height, above) - GAP / 2) : at.bottom + GAP / 2;
  const left = Math.max(GAP, Math.min(at.left, innerWidth - width - GAP));
  const room = isAbove ? above : below;
  return `--top: ${Math.round(top)}px; --left: ${Math.round(left)}px; --room: ${Math.round(room)}px`;
}
