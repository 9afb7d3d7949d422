/**
 * What was discarded, until it is gone from the disk: a disk that hangs, or a tab that is closed at that moment, must not
 * bring it back. It is noted where writing is done at once, for all tabs of an installation; each message has an entry of
 * its own, so that tabs do not overwrite each other's.
 */
import type { BrowserStore } from '../state/browser-store';

/** The installation and the message's key follow. Versions before wrote the key alone. */
const PREFIX = 'chinwag.discarded.';

export class Discarded {
  /** For a browser that keeps nothing. */
  readonly #here = new Set<string>();
  #instance = '';

  constructor(private readonly store: BrowserStore | null) {}

  /** The notes are those of this installation. */
  belongsTo(instance: string): void {
    this.#instance = instance;
  }

  has(key: string): boolean {
    if (this.#here.has(key)) return true;
    try {
      return this.#names(key).some((name) => (this.store?.getItem(name) ?? null) !== null);
    } catch {
      return false;
    }
  }

  add(keys: readonly string[]): void {
    for (const key of keys) {
      this.#here.add(key);
      try {
        this.store?.setItem(this.#names(key)[0], '1');
      } catch {
        // A store that is full or forbidden: it is known in this tab.
      }
    }
  }

  /** They are gone from the disk. */
  forget(keys: readonly string[]): void {
    for (const key of keys) {
      try {
        for (const name of this.#names(key)) this.store?.removeItem(name);
      } catch {
        // As above.
      }
    }
  }

  /** Under which names a message may be noted, the present one first. */
  #names(key: string): readonly [string, string] {
    return [`${PREFIX}${this.#instance}.${key}`, PREFIX + key];
  }
}
