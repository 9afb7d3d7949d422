/** The message of a list that was looked for: it is marked, first in a colour that changes. */
import type { Row } from './rows';

/** As long as the colour of a found message changes. */
const NEW_MS = 2_400;

export class Found {
  #number: number | null = $state(null);
  #isNew = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Marks a message as the one that was looked for. */
  mark(number: number | null): void {
    clearTimeout(this.#timer);
    this.#number = number;
    this.#isNew = true;
    this.#timer = setTimeout(() => (this.#isNew = false), NEW_MS);
  }

  clear(): void {
    this.#number = null;
  }

  /** How a row is marked. */
  of({ number }: Row): 'new' | 'old' | undefined {
    if (number === null || number !== this.#number) return undefined;
    return this.#isNew ? 'new' : 'old';
  }
}
