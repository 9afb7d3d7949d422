/**
 * The right to send where the browser has no locks (pages without HTTPS): a row in the database that names its holder and
 * has to be renewed. A holder that is asked and does not answer is followed at once; else the first message after a page was
 * loaded would wait until the lease of the page before ran out.
 */
import type { Disk } from './disk';

/** A lease is renewed this often, and lost after so long without. */
const RENEW_MS = 2_000;
const LEASE_MS = 7_000;

/** What a lease needs to know of the other tabs, and whom it tells. */
export interface Contest {
  /** Whether the tab that sends answers. */
  answers(): Promise<boolean>;
  /** This tab sends from now on, or does not any more. */
  onHeld(held: boolean): void;
}

export class Lease {
  #held = false;
  #wake: () => void = () => undefined;
  readonly #self: string;

  constructor(
    private readonly disk: Disk,
    private readonly owner: string,
    self: string,
    private readonly contest: Contest,
  ) {
    this.#self = self;
  }

  /** Contends until the signal ends it. */
  async run(ended: AbortSignal): Promise<void> {
    ended.addEventListener('abort', () => this.look(), { once: true });
    let silent: string | null = null;
    while (!ended.aborted) {
      const holder = await this.#claim(silent);
      if (ended.aborted) break;
      if (holder !== null) this.#setHeld(holder === this.#self);
      silent = null;
      if (this.#held || (await this.contest.answers())) await this.#nap();
      else if (holder !== null) silent = holder;
      else {
        // Neither the disk nor another tab says who sends.
        this.#setHeld(true);
        await this.#nap();
      }
    }
    this.giveBack();
  }

  /** Looks now who holds it, instead of after a while. */
  look(): void {
    this.#wake();
  }

  /** Gives it back. The page may be gone at once: nothing is waited for. */
  giveBack(): void {
    if (!this.#held) return;
    this.#held = false;
    void this.disk.use((store) => store.release(this.owner)).catch(() => undefined);
  }

  /** Takes or renews it, also from a holder that was asked and is silent. Answers who holds it now, as far as is known. */
  #claim(silent: string | null): Promise<string | null> {
    return this.disk
      .use((store) => store.lease(this.owner, { holder: this.#self, lifeMs: LEASE_MS, silent }, Date.now()))
      .catch(() => null);
  }

  #setHeld(held: boolean): void {
    if (held === this.#held) return;
    this.#held = held;
    this.contest.onHeld(held);
  }

  /** Until the next renewal, or somebody wants to know. */
  #nap(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, RENEW_MS);
      this.#wake = () => (clearTimeout(timer), resolve());
    });
  }
}
