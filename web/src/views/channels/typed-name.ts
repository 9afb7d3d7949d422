/** The name that somebody means who types it as it is written in the app: with a `#` before it. */
export function typedName(typed: string): string {
  return typed.trim().replace(/^[#＃]+\s*/, '');
}
