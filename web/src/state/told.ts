/** What a person was told once in this browser and is not told again. */
import type { Store } from './drafts.svelte';

export class Told {
  constructor(
    private readonly store: Store | null,
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
      // It is told again after a reload.
    }
  }

  #name(what: string): string {
    return `chinwag.told.${this.owner}.${what}`;
  }
}
