/**
 * How the tabs of one browser work together: exactly one tab sends what a person wrote, and all tabs learn the result. The
 * right to send is a Web Lock, or a lease in the database where there are no locks (pages without HTTPS). If two tabs send the
 * same message for a moment, its key still makes it one message.
 */
import type { Message } from '../wire';
import { newKey } from '../keys';
import type { Disk } from './disk';
import { Lease } from './lease';

/** What tabs tell each other. */
export type TabMessage =
  /** Asks whether the tab that sends is awake. It answers `awake`. */
  | { readonly kind: 'ask' }
  | { readonly kind: 'awake' }
  /** The right to send was taken from a tab that was silent. */
  | { readonly kind: 'leads' }
  /** Rows were written or changed. Those that are `gone` must not be sent any more. */
  | { readonly kind: 'changed'; readonly gone?: readonly string[] }
  | { readonly kind: 'wake' }
  /** What is wanted of stored messages changed. */
  | { readonly kind: 'wishes' }
  | { readonly kind: 'progress'; readonly key: string; readonly file: string; readonly sent: number }
  | { readonly kind: 'settled'; readonly message: Message };

/** A holder of the lock that has not answered for this long is asleep: browsers put tabs to sleep that hold locks. */
const ANSWER_MS = 4_000;
/** The same for a lease. Its holder is more often gone than asleep, as after every reload, so the wait is shorter. */
const LEASE_ANSWER_MS = 300;
/** Where a tab that is left keeps its name, for itself after a reload; the owner follows. */
const NAME = 'chinwag.tab.';

export interface TabListener {
  /** This tab sends from now on. */
  onLead(): void;
  /** This tab does not send any more. */
  onLost(): void;
  onMessage(note: TabMessage): void;
}

export class Tabs {
  readonly #channel: BroadcastChannel | null;
  readonly #closed = new AbortController();
  readonly #self: string;
  #leads = false;
  #lease: Lease | null = null;
  #waiting = new AbortController();
  #unanswered: ReturnType<typeof setTimeout> | undefined;
  readonly #answered = new Set<() => void>();

  constructor(
    /** Who writes, on which server. */
    private readonly owner: string,
    private readonly listener: TabListener,
  ) {
    this.#self = claimName(owner);
    this.#channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(`chinwag.outbox.${owner}`);
    if (this.#channel !== null) this.#channel.onmessage = (event) => this.#onMessage(event.data as TabMessage);
  }

  broadcast(note: TabMessage): void {
    this.#channel?.postMessage(note);
  }

  /** Waits for the right to send, and keeps it until the tab is closed. */
  contend(disk: Disk): void {
    const locks: LockManager | undefined = navigator.locks;
    if (locks !== undefined) return void this.#lock(locks);
    this.#lease = new Lease(disk, this.owner, this.#self, {
      answers: () => this.#answers(),
      onHeld: (held) => {
        this.#lead(held);
        if (held) this.broadcast({ kind: 'leads' });
      },
    });
    void this.#lease.run(this.#closed.signal);
  }

  /** There is something to send: if the tab that sends is asleep, this tab takes over. */
  ask(): void {
    if (this.#leads || this.#unanswered !== undefined) return;
    if (this.#lease !== null) return this.#lease.look();
    this.broadcast({ kind: 'ask' });
    this.#unanswered = setTimeout(() => {
      this.#unanswered = undefined;
      const locks: LockManager | undefined = navigator.locks;
      if (!this.#leads && locks !== undefined && !this.#closed.signal.aborted) void this.#lock(locks, true);
    }, ANSWER_MS);
  }

  /** The page is left, perhaps for ever: another tab need not wait, and after a reload this one finds its name again. */
  suspend(): void {
    keepName(this.owner, this.#self);
    if (this.#lease === null) return;
    this.#lease.giveBack();
    if (this.#leads) this.#lead(false);
  }

  /** The page that was left is shown again as it was. */
  resume(): void {
    claimName(this.owner);
    this.#lease?.look();
  }

  close(): void {
    this.#closed.abort();
    this.#waiting.abort();
    clearTimeout(this.#unanswered);
    for (const answered of this.#answered) answered();
    this.#channel?.close();
  }

  #onMessage(note: TabMessage): void {
    if (note.kind === 'ask' && this.#leads) this.broadcast({ kind: 'awake' });
    if (note.kind === 'leads' && this.#leads) this.#lease?.look();
    if (note.kind === 'awake') {
      clearTimeout(this.#unanswered);
      this.#unanswered = undefined;
      for (const answered of this.#answered) answered();
    }
    this.listener.onMessage(note);
  }

  /** Whether the tab that sends answers. If tabs cannot talk to each other, it counts as there. */
  #answers(): Promise<boolean> {
    if (this.#channel === null) return Promise.resolve(true);
    return new Promise((resolve) => {
      const end = (answer: boolean): void => {
        clearTimeout(timer);
        this.#answered.delete(answered);
        resolve(answer);
      };
      const answered = (): void => end(true);
      const timer = setTimeout(() => end(false), LEASE_ANSWER_MS);
      this.#answered.add(answered);
      this.broadcast({ kind: 'ask' });
    });
  }

  #lead(leads: boolean): void {
    this.#leads = leads;
    if (leads) this.listener.onLead();
    else this.listener.onLost();
  }

  async #lock(locks: LockManager, steal = false): Promise<void> {
    const { signal } = this.#closed;
    this.#waiting.abort();
    this.#waiting = new AbortController();
    let granted = false;
    const held = (): Promise<void> => {
      granted = true;
      this.#lead(true);
      return new Promise((release) => signal.addEventListener('abort', () => release(), { once: true }));
    };
    const options: LockOptions = steal ? { steal } : { signal: this.#waiting.signal };
    // Rejected when it is closed or given up while it waits, and when another tab took it away.
    await locks.request(`chinwag.outbox.${this.owner}`, options, held).catch(() => undefined);
    if (signal.aborted || !granted) return;
    this.#lead(false);
    void this.#lock(locks);
  }
}

/** The name of this tab: the one that it had before a reload, or a new one. Only a page that is left stores its name. */
function claimName(owner: string): string {
  try {
    const kept = sessionStorage.getItem(NAME + owner);
    sessionStorage.removeItem(NAME + owner);
    return kept ?? newKey();
  } catch {
    return newKey();
  }
}

function keepName(owner: string, name: string): void {
  try {
    sessionStorage.setItem(NAME + owner, name);
  } catch {
    // Then the tab is a new one after a reload.
  }
}
