/**
 * The one way to catch up: after a gap, a reconnection or a quiet hour alike, ask for what changed since the revision
 * that is known, and apply it.
 */
import * as api from './api';
import type { Gap } from './apply';
import type { AppState } from './state';

/** The pause after a request that failed; the next sign of being behind starts it as well. */
const PAUSE_MS = 2_000;
/** Then it is given up until the next sign of being behind. */
const MOST_TRIES = 100;

export class Recovery {
  /** Channels that are catching up, with the furthest revision that was heard of meanwhile. */
  readonly #running = new Map<number, number>();

  constructor(private readonly state: AppState) {}

  /** Something was missed in these channels. */
  behind(gaps: readonly Gap[]): void {
    const unseen = gaps.filter(({ channel }) => !this.state.windows.find(channel)?.loaded);
    if (unseen.length > 0) void this.refreshList();
    for (const { channel, revision } of gaps) {
      if (this.state.windows.find(channel)?.loaded) void this.#catchUp(channel, revision);
    }
  }

  /** The list of channels anew: what others made or left while nobody listened. */
  async refreshList(): Promise<void> {
    const answer = await api.channels().catch(() => null);
    if (answer !== null) this.state.channels.replace(answer.channels);
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
      const worked = await this.#step(channel).catch((error: unknown) => {
        if (error instanceof api.ApiError && error.passing) return false;
        throw error;
      });
      // A node that is behind itself answers with nothing: ask again a little later, not at once.
      if (!worked || run.revision === before) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  async #step(channel: number): Promise<boolean> {
    const run = this.state.windows.find(channel);
    if (run === undefined) return true;
    const changes = await api.changes(channel, run.revision);
    if (changes.complete) {
      run.caughtUp(changes);
      const me = this.state.session.me?.id;
      for (const message of changes.messages)
        this.state.channels.heard(message.revision, message, message.author.id === me);
    } else {
      run.replace(await api.messages(channel));
    }
    return true;
  }
}
