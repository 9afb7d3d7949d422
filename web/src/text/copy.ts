/**
 * Copies text to the clipboard, also without `navigator.clipboard`, which browsers give to https and to
 * localhost only: a chat in a classroom is often neither.
 */

/** Copies `text`. Without `navigator.clipboard` it selects `source`, the element that shows the text. Returns whether it worked. */
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
