/** Keys that work wherever the focus is, as long as nothing lies over the page. */
import type { App } from '../../app';
import { inField } from '../parts/fields';
import { isComposing } from './composer-keys';

/** What the keys do now; those that do nothing are left to the browser. In a field only Escape is a key of the page. */
export type PageKeys = Readonly<Partial<Record<string, false | (() => void)>>>;

/** Whether a key can be one of the page. Single letters can be turned off. */
export function isOfPage(app: App, event: KeyboardEvent): boolean {
  if (event.defaultPrevented || isComposing(event)) return false;
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return false;
  if (document.querySelector('dialog:modal, [popover=auto]:popover-open') !== null) return false;
  if (event.key !== 'Escape' && inField(event.target)) return false;
  return event.key.length > 1 || app.state.letterKeys.on;
}

export function onPage(app: App, event: KeyboardEvent, keys: PageKeys): void {
  const act = keys[event.key];
  if (act === undefined || act === false || !isOfPage(app, event)) return;
  act();
  event.preventDefault();
}
