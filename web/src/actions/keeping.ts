/**
 * Pinning messages for all, and saving them for oneself. Both are shown at once, and taken back if the server refuses. It is
 * loaded with the views that it serves.
 */
import * as keeping from '../keeping-api';
import type { Pin, Pins, Saved, SavedPage } from '../wire';
import { attempt, explain, patiently, type Core } from './core';

export class Keeping {
  constructor(private readonly core: Core) {}

  async pin(channel: number, number: number): Promise<void> {
    await this.#pin(channel, number, true);
  }

  /** Takes a pinned message down, and offers to pin it again. */
  async unpin(channel: number, number: number): Promise<void> {
    if (!(await this.#pin(channel, number, false))) return;
    this.#undoable('kept.unpinned', () => void this.pin(channel, number));
  }

  async save(channel: number, number: number, note = ''): Promise<boolean> {
    return (await this.#save(channel, number, true, () => keeping.save(channel, number, note))) !== undefined;
  }

  /** Changes the note to a saved message. Returns why it did not work, or null. */
  async note(channel: number, number: number, note: string): Promise<string | null> {
    try {
      await patiently(this.core, () => keeping.save(channel, number, note));
      this.core.state.kept.changes += 1;
      return null;
    } catch (error) {
      return explain(this.core, error);
    }
  }

  /** Takes a message out of what is saved, and offers to save it again with its note. */
  async unsave(channel: number, number: number): Promise<boolean> {
    const was = await this.#save(channel, number, false, () => keeping.unsave(channel, number));
    if (was !== undefined) this.#undoable('kept.takenOut', () => void this.save(channel, number, was.note));
    return was !== undefined;
  }

  pins(channel: number): Promise<Pins | undefined> {
    return attempt(this.core, () => keeping.pins(channel));
  }

  saved(before: number | null): Promise<SavedPage | undefined> {
    return attempt(this.core, () => keeping.saved(before));
  }

  async #pin(channel: number, number: number, on: boolean): Promise<boolean> {
    const { kept, session } = this.core.state;
    const before = this.core.state.message(channel, number);
    const { me } = session;
    const pinned = (pin: Pin | null): void => {
      for (const run of this.core.state.holders(channel)) run.setPin(number, pin);
    };
    if (me !== null) pinned(on ? { by: me, at: new Date().toISOString() } : null);
    const message = await attempt(this.core, () => keeping.pin(channel, number, on));
    this.core.flushInbox();
    if (message !== undefined) {
      kept.changes += 1;
      const { revision, pin = null } = message;
      for (const run of this.core.state.holders(channel))
        run.applyPin({ channel, since: revision - 1, revision, number, pin });
    } else if (this.core.state.message(channel, number)?.revision === before?.revision) pinned(before?.pin ?? null);
    return message !== undefined;
  }

  async #save(channel: number, number: number, kept: boolean, work: () => Promise<Saved>): Promise<Saved | undefined> {
    const { kept: known } = this.core.state;
    const before = this.core.state.message(channel, number)?.saved === true;
    const shown = (saved: boolean): void => {
      for (const run of this.core.state.holders(channel)) run.setSaved(number, saved);
    };
    known.wish(channel, number, kept);
    shown(kept);
    const saved = await attempt(this.core, work);
    if (saved === undefined) {
      const told = known.unwish(channel, number);
      shown(told ?? before);
    } else known.changes += 1;
    return saved;
  }

  #undoable(said: 'kept.unpinned' | 'kept.takenOut', run: () => void): void {
    const { state, words } = this.core;
    state.flashes.show('ok', words.t(said), { label: words.t('kept.undo'), run });
  }
}
