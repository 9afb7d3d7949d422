/**
 * Which account the browser's cookie belongs to, noted where all tabs of the browser see it. Each installation at this address has
 * a note of its own.
 */
import type { BrowserStore } from './state/browser-store';

/** The storage key; the installation's id follows. */
const ACCOUNT = 'chinwag.account.';

export class AccountNote {
  constructor(
    private readonly store: BrowserStore | null,
    private readonly instance: () => string,
  ) {}

  get key(): string {
    return ACCOUNT + this.instance();
  }

  /** Tells the other tabs. */
  write(person: number | null): void {
    try {
      if (person === null) this.store?.removeItem(this.key);
      else this.store?.setItem(this.key, String(person));
    } catch {
      // Without a store the tabs find out by the server's answers.
    }
  }

  /** Whether the cookie still belongs to this person: nothing of theirs may be sent under another name. */
  isOf(person: number): boolean {
    try {
      return this.store === null || (this.store.getItem(this.key) ?? String(person)) === String(person);
    } catch {
      return true;
    }
  }

  /** Whether another tab signed out. */
  get isGone(): boolean {
    return this.store !== null && this.store.getItem(this.key) === null;
  }
}
