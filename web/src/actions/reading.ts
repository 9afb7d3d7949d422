/** How a channel is read: what was on screen, the way to what is unread, and saying that all of it is read. */
import * as api from '../api';
import { unread } from '../state/counting';
import { firstUnread, isForReading, markBySeen } from '../state/seen';
import type { Channel, Message } from '../wire';
import { attempt, type Core } from './core';
import type { Messages } from './messages';

/** How many messages before the first unread one are loaded with it. */
const BEFORE_FIRST = 50;
/** At most this many pages are searched for the first unread message. Only deleted messages stand before it. */
const MOST_PAGES = 20;

export class Reading {
  constructor(
    private readonly core: Core,
    private readonly messages: Messages,
    /** Opens a message, with its surroundings. */
    private readonly open: (channel: number, number: number) => void,
  ) {}

  /** These messages were on screen, in a window that somebody looks at. */
  wasOnScreen(id: number, numbers: readonly number[]): void {
    const { channels, windows } = this.core.state;
    const channel = channels.find(id);
    const run = windows.find(id);
    if (channel?.member !== true || run === undefined || this.rests(id)) return;
    run.seen.forgetUpTo(channel.read_number);
    for (const number of numbers) if (number > channel.read_number) run.seen.add(number);
    this.messages.seen(id, markBySeen(channel.read_number, run, run.seen, this.#me));
  }

  /** Whether the reader set the mark: while their line stands, nothing is read by being on screen. */
  rests(id: number): boolean {
    const { newLine } = this.core.state.view;
    return newLine?.channel === id && newLine.set === true;
  }

  /** All of the channel is read, whether it was on screen or not. */
  markRead(id: number): void {
    const { channels, view } = this.core.state;
    const channel = channels.find(id);
    if (channel === undefined) return;
    this.messages.seen(id, channel.last_number);
    if (view.newLine?.channel === id) view.newLine = null;
  }

  /** Goes to the first unread message, however far that is. It is a step of the history: Back leads to where one was. */
  async toFirst(id: number): Promise<void> {
    const { channels, view } = this.core.state;
    const channel = channels.find(id);
    if (channel === undefined || unread(channel) === 0) return;
    const first = await attempt(this.core, () => this.#first(channel));
    if (first === undefined || first === null) return;
    view.newLine = { channel: id, after: channel.read_number };
    this.open(id, first.number);
  }

  /**
   * When the message at the mark was written, where it is not among the rows: since then there is news. `null` when that
   * cannot be asked.
   */
  async markedAt({ id, read_number }: Channel): Promise<string | null> {
    // The mark may stand at a reply that is no row of the run.
    const where = read_number === 0 ? { after: 0 } : { before: read_number + 1 };
    const page = await api.messages(id, { ...where, limit: 1 }).catch(() => null);
    return page?.messages[0]?.created_at ?? null;
  }

  /** Another window, or another device, moved the mark: the line stands where a fresh load shows it. */
  movedElsewhere(id: number): void {
    const { channels, view } = this.core.state;
    const channel = channels.find(id);
    if (channel === undefined || view.newLine?.channel !== id) return;
    view.newLine = unread(channel) > 0 ? { channel: id, after: channel.read_number } : null;
  }

  async #first({ id, read_number }: Channel): Promise<Message | null> {
    const run = this.core.state.windows.open(id);
    const there = firstUnread(read_number, run, this.#me);
    if (there !== null) return there;
    let after = Math.max(0, read_number - BEFORE_FIRST);
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      const page = await api.messages(id, { after });
      const found = page.messages.find((row) => row.number > read_number && isForReading(row, this.#me));
      const last = page.messages.at(-1)?.number;
      if (found !== undefined) return found;
      if (last === undefined || !page.has_newer) return null;
      after = last;
    }
    return null;
  }

  get #me(): number | undefined {
    return this.core.state.session.me?.id;
  }
}
