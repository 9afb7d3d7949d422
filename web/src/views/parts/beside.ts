/** What opens beside something that was pressed. */
import { tick } from 'svelte';

/** The room between the two, and to the edges of the window. */
const GAP = 8;

/** Puts a menu beside its button, above it where there is no room below, and goes to its first item. */
export async function openBeside(menu: HTMLElement, button: HTMLElement): Promise<void> {
  const { top, bottom, right } = button.getBoundingClientRect();
  const room = innerHeight - bottom > menu.offsetHeight;
  menu.style.insetBlockStart = `${room ? bottom : Math.max(0, top - menu.offsetHeight)}px`;
  menu.style.insetInlineEnd = `${innerWidth - right}px`;
  await tick();
  menu.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
}

/**
 * Where a box stands: on the side that is wanted, on the other one where there is no room, and inside of the window. Returns
 * a style: `--top`, `--left`, and `--room`, the height that there is at most. Their left edges are in one line, or with `end`
 * their right ones.
 */
export function placeBeside(
  box: Element,
  beside: Pick<Element, 'getBoundingClientRect'>,
  wanted: 'above' | 'below',
  end = false,
): string {
  const [at, { width, height }] = [beside.getBoundingClientRect(), box.getBoundingClientRect()];
  const [above, below] = [at.top - GAP * 1.5, innerHeight - at.bottom - GAP * 1.5];
  const fits = (room: number): boolean => height <= room;
  const isAbove = wanted === 'above' ? fits(above) || above >= below : !fits(below) && (fits(above) || above > below);
  const top = isAbove ? Math.max(GAP, at.top - Math.min(height, above) - GAP / 2) : at.bottom + GAP / 2;
  const left = Math.max(GAP, Math.min(end ? at.right - width : at.left, innerWidth - width - GAP));
  const room = isAbove ? above : below;
  return `--top: ${Math.round(top)}px; --left: ${Math.round(left)}px; --room: ${Math.round(room)}px`;
}
