/**
 * Whether single letters are keys of the page outside of fields. It is chosen for a browser, as a keyboard is, or a program that
 * types what somebody says.
 */
import type { BrowserStore } from './browser-store';

export class LetterKeys {
  constructor(
    private readonly store: BrowserStore | null,
    /** Whose, on which server. */
    private readonly owner: string,
  ) {}

  get on(): boolean {
    try {
      return this.store?.getItem(this.#name) !== 'off';
    } catch {
      return true;
    }
  }

  set on(on: boolean) {
    try {
      if (on) this.store?.removeItem(this.#name);
      else this.store?.setItem(this.#name, 'off');
    } catch {
      // A full or forbidden store: they stay as they were.
    }
  }

  get #name(): string {
    return `chinwag.letters.${this.owner}`;
  }
}
