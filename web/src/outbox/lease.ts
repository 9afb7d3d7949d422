/**
 * The right to send where the browser has no locks (pages without HTTPS): a row in the database that names its holder and
 * has to be renewed. If a holder does not answer, the lease is taken from it at once. Otherwise the first message after a page
 * load would wait until the lease of the previous page ran out.
 */
import type { Disk } from './disk';

/** A lease is renewed this often, and is lost if it was not renewed for `LEASE_MS`. */
const RENEW_MS = 2_000;
const LEASE_MS = 7_000;

/** What a lease asks about the other tabs, and what it reports. */
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

  /** Checks now who holds the lease, instead of at the next renewal. */
  look(): void {
    this.#wake();
  }

  /** Gives the lease back without waiting, as the page may end at any moment. */
  giveBack(): void {
    if (!this.#held) return;
    this.#held = false;
    void this.disk.use((store) => store.release(this.owner)).catch(() => undefined);
  }

  /** Takes or renews the lease, also from a holder that did not answer. Returns the holder; `null` if the disk does not tell. */
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

  /** Waits until the next renewal, or until `look` is called. */
  #nap(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, RENEW_MS);
      this.#wake = () => (clearTimeout(timer), resolve());
    });
  }
}
