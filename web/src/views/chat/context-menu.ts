/** A right click on a message, and a finger that rests on one: what can be done with it. */
import type { RowActions } from './actions';
import type { Row } from './rows';

/** A right click opens the menu where the pointer is. On a link, a picture or selected text it is the browser's. */
export function openAt(rows: readonly Row[], event: MouseEvent, actions: RowActions): void {
  const { target, clientX: x, clientY: y } = event;
  if (!(target instanceof HTMLElement) || target.closest('a, img, video') !== null || isSelected(target)) return;
  const row = sentAt(rows, target);
  if (row === undefined) return;
  event.preventDefault();
  const beside = target.closest<HTMLElement>('article') ?? target;
  // The key for menus tells no place of its own.
  const at = x === 0 && y === 0 ? undefined : { x, y };
  const open = (): void => {
    if (!openWho(row, target, actions)) actions.open({ what: 'menu', row, beside, at });
  };
  // Where the press opens it, lifting the button beside it would close it again.
  if (event.buttons === 0) open();
  else document.addEventListener('pointerup', () => setTimeout(open), { once: true, capture: true });
}

/** A finger rests: the sheet comes up. */
export function restOn(rows: readonly Row[], on: Element, actions: RowActions): void {
  const row = sentAt(rows, on);
  if (row !== undefined && !openWho(row, on, actions)) actions.sheet(row);
}

/** On a reaction it is about who reacted. Returns whether it is on one. */
function openWho(row: Row, on: Element, actions: RowActions): boolean {
  const chip = on.closest<HTMLElement>('[data-emoji]');
  if (chip !== null) actions.open({ what: 'who', row, beside: chip, emoji: chip.dataset['emoji'] });
  return chip !== null;
}

/** The stored message at an element of its row; not where it is being changed. */
function sentAt(rows: readonly Row[], element: Element): Row | undefined {
  const key = element.closest('form') === null ? element.closest<HTMLElement>('article')?.dataset['key'] : undefined;
  return rows.find((row) => row.key === key && row.state === 'sent');
}

function isSelected(target: Node): boolean {
  const selection = getSelection();
  return selection !== null && !selection.isCollapsed && selection.containsNode(target, true);
}
