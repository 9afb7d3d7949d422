/** Keys that work wherever the focus is, as long as nothing lies over the page. */
import { inField } from '../parts/fields';
import { isComposing } from './composer-keys';

/** What the keys do now; those that do nothing are left to the browser. In a field only Escape is a key of the page. */
export type PageKeys = Readonly<Partial<Record<string, false | (() => void)>>>;

export function onPage(event: KeyboardEvent, keys: PageKeys): void {
  if (event.defaultPrevented || isComposing(event)) return;
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (document.querySelector('dialog:modal, [popover=auto]:popover-open') !== null) return;
  if (event.key !== 'Escape' && inField(event.target)) return;
  const act = keys[event.key];
  if (act === undefined || act === false) return;
  act();
  event.preventDefault();
}
