/** The message of a list that was jumped to. It stays marked until the reader goes elsewhere. */

/** As long as the colour of a found message changes. */
const NEW_MS = 2_400;

export class Found {
  #at: { readonly number: number; readonly isNew: boolean } | null = $state.raw(null);
  #later: ReturnType<typeof setTimeout> | undefined;

  /** Whether a message is marked. */
  get any(): boolean {
    return this.#at !== null;
  }

  /** Marks a message, and no other one; `null` is none. */
  mark(number: number | null): void {
    clearTimeout(this.#later);
    this.#at = number === null ? null : { number, isNew: true };
    // A row that is drawn anew later does not change its colour again.
    if (number !== null) this.#later = setTimeout(() => (this.#at = { number, isNew: false }), NEW_MS);
  }

  /** How a message is marked. */
  markOf(number: number | null): 'new' | 'old' | undefined {
    if (this.#at === null || this.#at.number !== number) return undefined;
    return this.#at.isNew ? 'new' : 'old';
  }
}
