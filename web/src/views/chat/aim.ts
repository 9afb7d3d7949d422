/** Where the view has to begin, for a row to be seen as it is wanted. */
import type { Heights } from './heights';

export interface Goal {
  readonly align: 'start' | 'center' | 'end' | 'nearest';
  /** How far into the row the view begins, for `start`. */
  readonly offset?: number;
}

export interface View {
  /** How far down the list it begins. */
  readonly offset: number;
  readonly viewport: number;
}

/** Nothing when the row is nearest as it is: all of it is in view. */
export function aim(heights: Heights, view: View, index: number, { align, offset = 0 }: Goal): number | undefined {
  const top = heights.top(index);
  const spare = view.viewport - heights.height(index);
  if (align === 'start') return top + offset;
  if (align === 'nearest') return nearest(view, top, heights.top(index + 1));
  return top - (align === 'end' ? spare : spare / 2);
}

function nearest({ offset, viewport }: View, top: number, bottom: number): number | undefined {
  if (top < offset) return top;
  return bottom > offset + viewport ? bottom - viewport : undefined;
}
