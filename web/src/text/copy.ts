/**
 * Puts text on the clipboard, also where the modern way is closed: browsers give `navigator.clipboard` to https and to
 * localhost only, and a chat in a classroom is neither.
 */

/** Copies `text`; `source` is the element that shows it, selected for the old way. Returns whether it worked. */
export async function copyText(text: string, source: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(source);
  }
}

function copySelected(source: HTMLElement): boolean {
  const selection = getSelection();
  if (selection === null) return false;
  selection.selectAllChildren(source);
  const copied = document.execCommand('copy');
  selection.removeAllRanges();
  return copied;
}
