/** The keys of a menu: arrows move, also along a row of items, Home and End jump, letters find. */
import { isComposing } from '../chat/composer-keys';

/** An action for the element that holds the menu's items. */
export function menuKeys(menu: HTMLElement): { destroy(): void } {
  const onKey = (event: KeyboardEvent): void => {
    if (isComposing(event)) return;
    const items = [...menu.querySelectorAll<HTMLElement>('[role^="menuitem"]')];
    const next = target(items, items.indexOf(document.activeElement as HTMLElement), event.key);
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  };
  menu.addEventListener('keydown', onKey);
  return { destroy: () => menu.removeEventListener('keydown', onKey) };
}

function target(items: readonly HTMLElement[], at: number, key: string): HTMLElement | undefined {
  switch (key) {
    case 'ArrowDown':
    case 'ArrowRight':
      return items[(at + 1) % items.length];
    case 'ArrowUp':
    case 'ArrowLeft':
      return items.at(at <= 0 ? -1 : at - 1);
    case 'Home':
      return items[0];
    case 'End':
      return items.at(-1);
    default:
      return undefined;
  }
}
