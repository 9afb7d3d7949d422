/** Which key sends. Pure, so that the rules can be tried without a browser. */

export interface Key {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly isComposing: boolean;
  readonly keyCode: number;
}

/** What browsers tell for a key that belongs to the input method. */
const COMPOSING_CODE = 229;

/** Whether a key is part of writing a character: then it has no other meaning. */
export function isComposing(key: Pick<Key, 'isComposing' | 'keyCode'>): boolean {
  return key.isComposing || key.keyCode === COMPOSING_CODE;
}

/** Whether the key sends the message. On touch, Enter is always a line. */
export function sends(key: Key, setting: { readonly enterSends: boolean; readonly touch: boolean }): boolean {
  if (isComposing(key) || key.key !== 'Enter') return false;
  if (key.ctrlKey || key.metaKey || key.altKey) return false;
  if (key.shiftKey) return !setting.enterSends;
  return setting.enterSends && !setting.touch;
}

/** Whether somebody may have meant to send with a key that starts a line: Enter alone, behind a text. */
export function asksAboutEnter(
  key: Key,
  state: { readonly enterSends: boolean; readonly touch: boolean; readonly text: string },
): boolean {
  if (isComposing(key) || key.key !== 'Enter' || state.enterSends || state.touch) return false;
  return !(key.shiftKey || key.ctrlKey || key.metaKey || key.altKey) && state.text.trim() !== '';
}

/** Whether the key marks words up: with Ctrl or Cmd, and nothing else held. */
export function marksUp(key: Key): 'bold' | 'italic' | undefined {
  if (isComposing(key) || key.ctrlKey === key.metaKey || key.altKey || key.shiftKey) return undefined;
  return { b: 'bold', i: 'italic' }[key.key.toLowerCase()] as 'bold' | 'italic' | undefined;
}
