/** Copying text, also where the page is not a secure context and the clipboard's own interface is missing. */

/** Returns whether it worked. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'sr';
  const focused = document.activeElement;
  (document.querySelector('dialog:modal') ?? document.body).append(field);
  field.select();
  // Deprecated, and the only way on plain http.
  const copied = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return copied;
}
