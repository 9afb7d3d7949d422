/** Keeping order: reporting and removing messages of others. */
import * as api from '../api';
import type { Grounds, Removal } from '../wire';
import { attempt, explain, patiently, type Core } from './core';

export class Order {
  constructor(private readonly core: Core) {}

  /** Reports a message to those who keep order. Returns what went wrong, in words. */
  async report(channel: number, number: number, grounds: Grounds): Promise<string | null> {
    return this.tried(() => api.reportMessage(channel, number, grounds));
  }

  /** Removes a message of another person; its event shows that. Returns what went wrong, in words. */
  async removeOther(channel: number, number: number, grounds: Grounds): Promise<string | null> {
    return this.tried(async () => {
      const message = await api.removeOther(channel, number, grounds);
      this.core.flushInbox();
      for (const run of this.core.state.holders(channel)) run.applyAnswer(message);
    });
  }

  /** Why a message was removed; a failure is shown as an alert. */
  removal(channel: number, number: number): Promise<Removal | undefined> {
    return attempt(this.core, () => api.removal(channel, number));
  }

  /** Does some work. Returns what went wrong, in words, or null. */
  async tried(work: () => Promise<void>): Promise<string | null> {
    try {
      await patiently(this.core, work);
      return null;
    } catch (error) {
      return explain(this.core, error);
    }
  }
}
