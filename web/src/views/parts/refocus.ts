/** Where the focus goes when what had it leaves the page. */

/** Whether nothing that is seen has the focus. */
export function focusFell(): boolean {
  const focused = document.activeElement;
  return focused === null || focused === document.body || focused.getClientRects().length === 0;
}

/** The rows of a list of settings have a button each. Returns the place of one of them. */
export function placeOf(section: HTMLElement, button: EventTarget | null): number {
  return rowButtons(section).findIndex((other) => other === button);
}

/** The row at this place went with its button: the one that took its place gets the focus, or else `otherwise`. */
export function focusRow(section: HTMLElement, place: number, otherwise: HTMLElement): void {
  if (!focusFell()) return;
  const buttons = rowButtons(section);
  (buttons[place] ?? buttons.at(-1) ?? otherwise).focus();
}

function rowButtons(section: HTMLElement): HTMLElement[] {
  return [...section.querySelectorAll<HTMLElement>('.opt button')];
}
