/**
 * What was discarded, until it is gone from the disk: a disk that hangs, or a tab that is closed at that moment, must not
 * bring it back. Kept where writing is done at once, for all tabs; one entry for each message, so that tabs do not overwrite
 * each other's.
 */
import type { BrowserStore } from '../state/browser-store';

const PREFIX = 'chinwag.discarded.';

export class Discarded {
  /** Where the browser keeps nothing. */
  readonly #here = new Set<string>();

  constructor(private readonly store: BrowserStore | null) {}

  has(key: string): boolean {
    if (this.#here.has(key)) return true;
    try {
      return (this.store?.getItem(PREFIX + key) ?? null) !== null;
    } catch {
      return false;
    }
  }

  add(keys: readonly string[]): void {
    for (const key of keys) {
      this.#here.add(key);
      try {
        this.store?.setItem(PREFIX + key, '1');
      } catch {
        // A store that is full or forbidden: it is known in this tab.
      }
    }
  }

  /** They are gone from the disk. */
  forget(keys: readonly string[]): void {
    for (const key of keys) {
      try {
        this.store?.removeItem(PREFIX + key);
      } catch {
        // As above.
      }
    }
  }
}
