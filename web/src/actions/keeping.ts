/**
 * Pinning messages for all, and saving them for oneself with a note. All are wishes: they are shown at once, also without a
 * connection. It is loaded with the views that it serves.
 */
import * as keeping from '../keeping-api';
import type { Pins, SavedPage } from '../wire';
import { attempt } from './core';
import { wishesOf, type Wisher } from './wishing';

export class Keeping {
  constructor(private readonly app: Wisher) {}

  pin(channel: number, number: number): void {
    const { me } = this.app.state.session;
    if (me !== null) this.#pin(channel, number, { by: me, at: new Date().toISOString() });
  }

  /** Takes a pinned message down, and offers to pin it again. */
  unpin(channel: number, number: number): void {
    this.#pin(channel, number, null);
    this.#undoable('kept.unpinned', () => this.pin(channel, number));
  }

  save(channel: number, number: number): void {
    void wishesOf(this.app).add({ kind: 'save', channel, number, kept: true, note: null });
  }

  /** Changes the note to a saved message. */
  note(channel: number, number: number, note: string): void {
    void wishesOf(this.app).add({ kind: 'save', channel, number, kept: true, note: note.trim() });
  }

  /** Takes a message out of what is saved, and offers to save it again with its note, where that is known. */
  unsave(channel: number, number: number, known: string | null = null): void {
    // A note that is on its way comes back too.
    const written = this.app.state.wishes.noteOf(channel, number);
    void wishesOf(this.app).add({ kind: 'save', channel, number, kept: false, note: null });
    this.#undoable('kept.takenOut', () => {
      const note = written ?? known ?? this.app.state.kept.noteOf(channel, number) ?? null;
      void wishesOf(this.app).add({ kind: 'save', channel, number, kept: true, note });
    });
  }

  pins(channel: number): Promise<Pins | undefined> {
    return attempt(this.app, () => keeping.pins(channel));
  }

  saved(before: number | null): Promise<SavedPage | undefined> {
    return attempt(this.app, () => keeping.saved(before));
  }

  #pin(channel: number, number: number, pin: { by: { id: number; name: string }; at: string } | null): void {
    void wishesOf(this.app).add({ kind: 'pin', channel, number, pin });
  }

  #undoable(said: 'kept.unpinned' | 'kept.takenOut', run: () => void): void {
    const { state, words } = this.app;
    state.flashes.show('ok', words.t(said), { label: words.t('kept.undo'), run });
  }
}
