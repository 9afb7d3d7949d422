/**
 * Whether what is shown is what the server has: now and then, and after much was caught up with, the digest of a channel's
 * newest messages is asked for and compared with the own rows at the same revision. Rows that differ are loaded anew, and
 * the server's log is told: it should never happen.
 */
import * as api from './api';
import type { AppState } from './state';
import type { MessageRun } from './state/messages.svelte';
import type { Gap } from './state/streams.svelte';

/** How often channels are compared while the page is visible and connected. */
const EVERY_MS = 5 * 60_000;
/** The most rows that are compared: the server's digest covers no more. */
const MOST_ROWS = 500;
/** A channel is loaded anew at most this often: a fault that stays must not become a loop. */
const RELOAD_PAUSE_MS = 10 * 60_000;

export class SelfCheck {
  readonly #reloaded = new Map<number, number>();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly state: AppState,
    /** Called when the digest shows that something was missed. */
    private readonly onBehind: (gaps: readonly Gap[]) => void,
    private readonly now: () => number = Date.now,
  ) {}

  start(): void {
    this.stop();
    this.#timer = setInterval(() => void this.#tick(), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Compares one channel with the server's, and loads it anew if they differ. */
  async check(channel: number): Promise<void> {
    const run = this.state.windows.find(channel);
    if (run === undefined || !comparable(run)) return;
    const last = Math.min(run.rows.length, MOST_ROWS);
    // Trouble of any kind: the next check will do. The hash is loaded here because no page needs it at its start.
    const loaded = await Promise.all([import('./sha256'), api.digest(channel, last)]).catch(() => null);
    if (loaded === null) return;
    const [{ sha256 }, answer] = loaded;
    if (run !== this.state.windows.find(channel)) return;
    if (answer.revision > run.revision) return this.onBehind([{ stream: channel, revision: answer.revision }]);
    if (answer.revision < run.revision || !comparable(run) || run.rows.length < last) return;
    const found = sha256(linesOf(run, last));
    if (found !== answer.digest) await this.#heal(run, { expected: answer.digest, found });
  }

  async #tick(): Promise<void> {
    if (document.hidden || !this.state.connection.online) return;
    for (const run of [...this.state.windows.all()]) await this.check(run.channel);
  }

  async #heal(run: MessageRun, digests: { expected: string; found: string }): Promise<void> {
    const { channel, revision } = run;
    if (this.now() - (this.#reloaded.get(channel) ?? -Infinity) < RELOAD_PAUSE_MS) return;
    this.#reloaded.set(channel, this.now());
    const page = await api.messages(channel).catch(() => null);
    if (page !== null) run.replace(page);
    await api.report({ channel, revision, ...digests }).catch(() => undefined);
  }
}

/** Only a run that reaches the end, with nothing in it that is ahead of its revision, can be compared. */
function comparable(run: MessageRun): boolean {
  return run.loaded && !run.hasNewer && run.rows.length > 0 && run.rows.every((row) => row.revision <= run.revision);
}

/** What the digest is made of, here and on the server: `number:revision` of the newest rows, a line each. */
function linesOf(run: MessageRun, last: number): string {
  return run.rows
    .slice(-last)
    .map(({ number, revision }) => `${number}:${revision}\n`)
    .join('');
}
