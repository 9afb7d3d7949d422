/** Puts text into a field as if it were typed: the browser's own undo takes it back, where the browser can. */

export function replace(field: HTMLTextAreaElement, from: number, to: number, text: string): void {
  field.focus();
  field.setSelectionRange(from, to);
  // The one way that keeps undo; browsers have it although it is no standard.
  if (document.execCommand(text === '' ? 'delete' : 'insertText', false, text)) return;
  replaceQuietly(field, from, to, text);
}

/** The same without the focus: a phone shows no keyboard for it. Nothing undoes it. */
export function replaceQuietly(field: HTMLTextAreaElement, from: number, to: number, text: string): void {
  field.setRangeText(text, from, to, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
