/** Hints that are shown once in a browser: which of them a person has seen. */
import type { BrowserStore } from './browser-store';

export class ShownHints {
  constructor(
    private readonly store: BrowserStore | null,
    /** Whom, on which server. */
    private readonly owner: string,
  ) {}

  has(what: 'enter'): boolean {
    try {
      return this.store?.getItem(this.#name(what)) === '1';
    } catch {
      return false;
    }
  }

  add(what: 'enter'): void {
    try {
      this.store?.setItem(this.#name(what), '1');
    } catch {
      // The hint is shown again after a reload.
    }
  }

  #name(what: string): string {
    return `chinwag.told.${this.owner}.${what}`;
  }
}
