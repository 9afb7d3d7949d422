/**
 * The one way to catch up: after a gap, a reconnection or a quiet hour alike, ask for what changed since the revision
 * that is known, and apply it.
 */
import * as api from './api';
import type { Gap } from './apply';
import type { AppState } from './state';
import type { MessageRun } from './state/messages.svelte';
import type { Changes } from './wire';

/** The pause after a request that failed; the next sign of being behind starts it as well. */
const PAUSE_MS = 2_000;
/** Then it is given up until the next sign of being behind. */
const MOST_TRIES = 100;
/** In a place where people come and go all the time, an answer is taken as it is after so many. */
const LIST_TRIES = 4;
/** How many messages before the place where the reader is are loaded with it. */
const BEFORE_READER = 40;
/** After so many changes at once it is worth a look whether all went well. */
export const MANY_CHANGES = 50;

export class Recovery {
  /** Channels that are catching up, with the furthest revision that was heard of meanwhile. */
  readonly #running = new Map<number, number>();

  constructor(
    private readonly state: AppState,
    /** Much was caught up with in this channel. */
    private readonly caughtUp: (channel: number) => void = () => undefined,
  ) {}

  /** Something was missed in these channels. */
  behind(gaps: readonly Gap[]): void {
    const unseen = gaps.filter(({ channel }) => !this.state.windows.find(channel)?.loaded);
    if (unseen.length > 0) void this.refreshList();
    for (const { channel, revision } of gaps) {
      if (this.state.windows.find(channel)?.loaded) void this.#catchUp(channel, revision);
    }
  }

  /**
   * The list of channels anew: what others made or left while nobody listened. An answer that was on its way while
   * something was heard may be older than that, and memberships have no revision to tell by: it is asked for again.
   */
  async refreshList(): Promise<void> {
    const { channels } = this.state;
    for (let tries = 1; tries <= LIST_TRIES; tries += 1) {
      const before = channels.heardOf;
      const answer = await api.channels().catch(() => null);
      if (answer === null) return;
      if (channels.heardOf !== before && tries < LIST_TRIES) continue;
      channels.replace(answer.channels);
      return;
    }
  }

  async #catchUp(channel: number, revision: number): Promise<void> {
    const wanted = this.#running.get(channel);
    this.#running.set(channel, Math.max(wanted ?? 0, revision));
    if (wanted !== undefined) return;
    // A refusal (left meanwhile, signed out) ends it; whoever acts on that hears of it from elsewhere.
    await this.#untilThere(channel).catch(() => undefined);
    this.#running.delete(channel);
  }

  async #untilThere(channel: number): Promise<void> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const run = this.state.windows.find(channel);
      if (run === undefined || run.revision >= (this.#running.get(channel) ?? 0)) return;
      const before = run.revision;
      const pauseMs = await this.#step(channel).catch((error: unknown) => {
        if (error instanceof api.ApiError && error.passing) return Math.max(PAUSE_MS, error.retryAfterMs ?? 0);
        throw error;
      });
      // A node that is behind itself answers with nothing: ask again a little later, not at once.
      const waitMs = run.revision === before ? Math.max(pauseMs, PAUSE_MS) : pauseMs;
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }

  /** Answers how long to wait before the next one. */
  async #step(channel: number): Promise<number> {
    const run = this.state.windows.find(channel);
    if (run === undefined) return 0;
    const changes = await api.changes(channel, run.revision);
    if (changes.complete) this.#inPlace(run, changes);
    else await this.#anew(run);
    if (changes.messages.length >= MANY_CHANGES) this.caughtUp(channel);
    return 0;
  }

  #inPlace(run: MessageRun, changes: Changes): void {
    run.caughtUp(changes);
    const me = this.state.session.me?.id;
    for (const message of changes.messages)
      this.state.channels.heard(message.revision, message, message.author.id === me);
  }

  /**
   * More changed than can be put in place. Who reads further up stays there, with the newer messages to be loaded on the
   * way down; who was at the end gets the newest, and is told where she was.
   */
  async #anew(run: MessageRun): Promise<void> {
    const { channel, reading } = run;
    const last = run.rows.at(-1)?.number ?? 0;
    const where = reading === null ? {} : { after: Math.max(0, reading - BEFORE_READER) };
    const page = await api.messages(channel, where);
    run.replace(page);
    if (reading === null && last > 0 && page.last_number > last)
      this.state.place.left = { channel, number: last, count: page.last_number - last };
    await this.refreshList();
  }
}
