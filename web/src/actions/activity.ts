/** What concerns the reader: asking for it, and saying what they have seen. It is loaded with the views that it serves. */
import * as api from '../activity-api';
import type { ActivityPage } from '../wire';
import { attempt, type Core } from './core';

export class ActivityActions {
  constructor(private readonly core: Core) {}

  page(part: api.Part): Promise<ActivityPage | undefined> {
    return attempt(this.core, () => api.activity(part));
  }

  /** Asks which calls are new. What is heard meanwhile is later than the answer, which is then asked for once more. */
  async ask(): Promise<void> {
    const { activity } = this.core.state;
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const before = activity.heard;
      const told = await api.newCalls().catch(() => null);
      if (told === null) return;
      if (activity.heard !== before && tries < MOST_TRIES - 1) continue;
      return activity.take(told.calls, told.through);
    }
  }

  /** The reader has seen that a message calls them. */
  async see(channel: number, number: number): Promise<void> {
    const done = await attempt(this.core, () => api.see(channel, number));
    if (done !== undefined) this.core.state.activity.remove(channel, number);
  }

  /** The reader has seen all that came so far. */
  async seeAll(): Promise<void> {
    const { activity } = this.core.state;
    const { through } = activity;
    const done = await attempt(this.core, () => api.seeAll(through));
    if (done !== undefined) await this.ask();
  }
}

/** Where people are called all the time, the last answer is taken as it is. */
const MOST_TRIES = 4;
