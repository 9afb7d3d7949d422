/**
 * Which messages call the reader and are new, for the number in the sidebar. The server tells the newest (`GET
 * /api/me/activity/new`); what comes by the channels' streams is added, and what was read meanwhile is left out here.
 */
import type { Channel, NewCall } from '../wire';

/** The server tells no more; it stands for that many and more. */
export const MOST_CALLS = 100;

export class ActivityState {
  /** Counts what may change a list of it: one that is shown is loaded again. */
  changes = $state(0);
  /** Counts what can only be known by asking again which calls are new. */
  doubts = $state(0);
  /** The newest first. Replaced, never changed in place. */
  calls: readonly NewCall[] = $state.raw([]);
  /** Up to which turn the server was asked. */
  through = 0;
  /** Counts what was heard of calls: an answer that was on its way meanwhile may be older than that. */
  heard = 0;

  /** What the server told. */
  take(calls: readonly NewCall[], through: number): void {
    this.calls = calls;
    this.through = through;
    this.changes += 1;
  }

  /** A message calls the reader. */
  add(channel: number, number: number): void {
    this.heard += 1;
    this.changes += 1;
    if (this.#has(channel, number)) return;
    this.calls = [{ channel, number, late: false }, ...this.calls].slice(0, MOST_CALLS);
  }

  /** A message calls the reader no more, or they have seen it. */
  remove(channel: number, number: number): void {
    this.heard += 1;
    this.changes += 1;
    if (this.#has(channel, number))
      this.calls = this.calls.filter((call) => call.channel !== channel || call.number !== number);
  }

  /** The reader may not know of a channel any more. */
  lose(channel: number): void {
    this.heard += 1;
    this.changes += 1;
    this.calls = this.calls.filter((call) => call.channel !== channel);
  }

  /** Something came or was seen elsewhere. */
  doubt(): void {
    this.doubts += 1;
    this.changes += 1;
  }

  /** Those that are new: above the mark of their channel, or below it and not seen. */
  newIn(find: (channel: number) => Channel | undefined): readonly NewCall[] {
    return this.calls.filter(({ channel, number, late }) => {
      const held = find(channel);
      if (late) return number > (held?.floor ?? 0);
      return held?.member === true && number > Math.max(held.read_number, held.floor);
    });
  }

  clear(): void {
    this.calls = [];
    this.through = 0;
    this.heard += 1;
  }

  #has(channel: number, number: number): boolean {
    return this.calls.some((call) => call.channel === channel && call.number === number);
  }
}
