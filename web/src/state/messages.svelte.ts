/**
 * The messages of one channel as far as they are loaded: an unbroken part of its run, and the revision up to which it is known to
 * be right. First load, live events, catching up and scrolling all go through the methods here. Replies that are in threads alone
 * are no rows of it, so its numbers have gaps: whether rows meet is said by the server.
 */
import type { Changes, Events, Message, MessagePage, Span, ThreadHead } from '../wire';
import { before, isAside } from './aside';
import { withPin, withSaved } from './marks';
import { requoted, withFloor } from './quotes';
import { isMine, withReaction } from './reactions';
import { Seen, toReadBetween, type Counts, type Reader } from './seen';
import { follows, type Outcome } from './streams.svelte';

/** A run is not kept longer than this; beyond it the far end is given up and loaded again when wanted. */
export const MOST_ROWS = 2_000;
/** How many rows are given up at once, so that it does not happen with every message. */
const SPARE_ROWS = 200;

type MessageChange = Events['message']['type'];

export class MessageRun {
  /** Ascending by number. Replaced, never changed in place: an unchanged row stays the same object. */
  rows: readonly Message[] = $state.raw([]);
  /** Whether the first page is here. */
  loaded = $state(false);
  hasOlder = $state(false);
  hasNewer = $state(false);
  /** Every change up to here is in the rows. */
  revision = 0;
  /** Counts how often the rows were loaded anew, so that the list can find the reader's position again. */
  beginnings = $state(0);
  /** The message at the top of the view; null while the reader is at the end. */
  reading: number | null = null;
  /** How far into that message the view begins, in pixels. */
  readingFrom = 0;

  /** Which unread messages were on screen. */
  readonly seen = new Seen();

  /** So many rows are held, and so many more before the far end is given up. */
  protected readonly most: number = MOST_ROWS;
  protected readonly spare: number = SPARE_ROWS;

  /** Rows up to here are not kept any more: the channel was cleared. */
  #floor = 0;

  /** The furthest change that was heard of, whether it could be applied or not. */
  #newestKnown = 0;

  constructor(
    readonly channel: number,
    /** The rows began with a page that is older than what was heard of since it was asked for. */
    private readonly onBehind: (revision: number) => void = () => undefined,
    /** Whether the reader saved a message, as far as something changed that. */
    private readonly isSaved: (number: number) => boolean | undefined = () => undefined,
  ) {}

  /** A page that stands for itself: the first load, a jump, or a new start after too much was missed. */
  replace(page: MessagePage): void {
    this.rows = this.#kept(page.messages).map((row) => this.marked(row));
    this.revision = page.revision;
    this.hasOlder = page.has_older;
    this.hasNewer = page.has_newer;
    this.loaded = true;
    this.beginnings += 1;
    if (this.#newestKnown > this.revision) this.onBehind(this.#newestKnown);
  }

  /** Older rows, loaded on the way up. The page may know changes that the run does not: the revision stays. */
  addOlder(page: MessagePage): void {
    const [oldest] = this.rows;
    if (oldest === undefined) return;
    const older = page.messages.filter((message) => message.number < oldest.number);
    // The run may have been replaced while the page was on its way.
    const joining = older.at(-1);
    if (joining !== undefined && !this.meets(joining, oldest)) return;
    this.rows = this.#kept([...older.map((row) => this.marked(row)), ...this.rows]);
    this.hasOlder = page.has_older && this.#floor < before(oldest);
    this.mergeRows(page.messages);
    this.#stepBackTo(page.revision);
  }

  /** Newer rows, loaded on the way down. */
  addNewer(page: MessagePage): void {
    const last = this.rows.at(-1);
    const newer = page.messages.filter((message) => message.number > (last?.number ?? 0));
    if (newer[0] !== undefined && last !== undefined && !this.meets(last, newer[0])) return;
    this.rows = [...this.rows, ...newer.map((row) => this.marked(row))];
    this.hasNewer = page.has_newer;
    this.mergeRows(page.messages);
    this.#stepBackTo(page.revision);
  }

  /** Applies an event if it follows on what is there. Otherwise it is known already, or there is a gap. */
  applyEvent(span: Span, message: Message, type?: MessageChange): Outcome {
    const outcome = this.advance(span);
    if (outcome === 'applied') this.mergeRows([type === 'edited' ? this.#withReactions(message) : message]);
    return outcome;
  }

  /** A reply came or went: its thread is another, and the message that begins it took the revision. */
  applyHead({ root, thread }: ThreadHead, revision: number): void {
    const known = this.at(root);
    if (known !== undefined && known.revision < revision) this.put({ ...known, thread, revision });
  }

  /** Applies a reaction in the same way. `me` is who is signed in. */
  applyReaction(event: Events['reaction'], me: number | undefined): Outcome {
    const outcome = this.advance(event);
    const { number, revision, emoji, count } = event;
    const known = this.at(number);
    if (outcome !== 'applied' || known === undefined || known.revision >= revision) return outcome;
    const mine = event.user.id === me ? event.on : isMine(known, emoji);
    this.put({ ...withReaction(known, { emoji, count, mine }), revision });
    return outcome;
  }

  /** Applies that a message was pinned or taken down, in the same way. */
  applyPin(event: Events['pin']): Outcome {
    const outcome = this.advance(event);
    const known = this.at(event.number);
    if (outcome !== 'applied' || known === undefined || known.revision >= event.revision) return outcome;
    this.put({ ...withPin(known, event.pin), revision: event.revision });
    return outcome;
  }

  /** The reader saved a message, or does not any more: that is no change of the channel. */
  setSaved(number: number, saved: boolean): void {
    const known = this.at(number);
    if (known !== undefined) this.put(withSaved(known, saved));
  }

  /** The channel was cleared up to here: these rows go. Returns whether nothing is held any more, and has to be asked for. */
  raise(floor: number): boolean {
    if (floor <= this.#floor) return false;
    this.#floor = floor;
    const rows = this.#kept(this.rows);
    this.hasOlder &&= rows[0] !== undefined && before(rows[0]) > floor;
    const stay = rows.length === this.rows.length;
    this.rows = rows;
    if (stay) return false;
    if (rows.length > 0 || !this.hasNewer) return false;
    // All that was here is gone, and what comes behind it was given up: everything is asked for from the beginning.
    this.hasNewer = false;
    this.revision = 0;
    this.onBehind(this.#newestKnown);
    return true;
  }

  /** Notes that the channel has reached this revision. A page that is older calls `onBehind`. */
  noteRevision(revision: number): void {
    this.#newestKnown = Math.max(this.#newestKnown, revision);
  }

  /** Applies a change that affects no row: only the revision moves. */
  advance(span: Span): Outcome {
    this.noteRevision(span.revision);
    if (!this.loaded) return 'known';
    const outcome = follows(this.revision, span);
    if (outcome === 'applied') this.revision = span.revision;
    return outcome;
  }

  /**
   * The answer to an own command: shown at once. The revision waits for the event: what begins a thread has the revision of its
   * newest reply, so an answer to a command that changed nothing may tell of a change that is not here.
   */
  applyAnswer(message: Message): void {
    this.noteRevision(message.revision);
    if (this.loaded) this.mergeRows([message]);
  }

  /** Applies what was missed; every row comes in its present form. */
  applyChanges(changes: Changes): void {
    this.mergeRows(changes.messages);
    this.revision = Math.max(this.revision, changes.reached);
  }

  /** How much there is to read above a number; `null` where the run does not reach that far. */
  unreadAbove(number: number, reader: Reader): Counts | null {
    const [first] = this.rows;
    if (!this.loaded || this.hasNewer || first === undefined || (before(first) > number && this.hasOlder)) return null;
    return toReadBetween(this.rows, number, Infinity, reader);
  }

  /** Gives up the oldest rows when the run grew too long at its end. Returns whether it did. */
  trimOldest(): boolean {
    if (this.rows.length <= this.most + this.spare) return false;
    this.rows = this.rows.slice(-this.most);
    this.hasOlder = true;
    return true;
  }

  /** Gives up the newest rows when the run grew too long at its beginning. */
  trimNewest(): boolean {
    if (this.rows.length <= this.most + this.spare) return false;
    this.rows = this.rows.slice(0, this.most);
    this.hasNewer = true;
    return true;
  }

  /** A page that events overtook: what they changed in its rows, which were not here yet, is asked for again. */
  #stepBackTo(revision: number): void {
    if (revision >= this.revision) return;
    this.revision = revision;
    this.onBehind(this.#newestKnown);
  }

  /** The row of a number. */
  at(number: number): Message | undefined {
    return this.rows[this.#indexOf(number)];
  }

  /** Whether a message is a row of this run. */
  protected holds(message: Message): boolean {
    return !isAside(message);
  }

  /** Whether no row of this run stands between two. */
  protected meets(earlier: Message, later: Message): boolean {
    return before(later) === earlier.number;
  }

  /** Puts a row in the place of the one with its number. */
  protected put(row: Message): void {
    this.rows = this.rows.with(this.#indexOf(row.number), row);
  }

  /** Where the row of a number stands; −1 if it is not there. */
  #indexOf(number: number): number {
    let [low, high] = [0, this.rows.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.rows[middle]?.number ?? 0;
      if (found === number) return middle;
      if (found < number) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  /** The event of an edit leaves the reactions out, which it does not change. */
  #withReactions(message: Message): Message {
    const reactions = this.at(message.number)?.reactions;
    return reactions === undefined ? message : { ...message, reactions };
  }

  /** A message as the reader is to see it: events leave out whether it is saved, and pages may be older than that. */
  protected marked(message: Message, known?: Message): Message {
    return withSaved(message, this.isSaved(message.number) ?? (message.saved === true || known?.saved === true));
  }

  #kept(rows: readonly Message[]): readonly Message[] {
    return rows.filter((row) => row.number > this.#floor).map((row) => withFloor(row, this.#floor));
  }

  /** Puts rows where their numbers belong; of two forms of one message the later change wins. */
  protected mergeRows(messages: readonly Message[]): void {
    this.#mergeFitting(messages);
    // Nothing quotes what was just posted.
    const last = this.rows.at(-1)?.number ?? 0;
    const changed = messages.filter(({ number, edits, deleted_at }) => number < last && (edits || deleted_at !== null));
    if (changed.length === 0) return;
    const byNumber = new Map(changed.map((message) => [message.number, message]));
    const rows = this.rows.map((row) => requoted(row, byNumber));
    if (rows.some((row, index) => row !== this.rows[index])) this.rows = rows;
  }

  #mergeFitting(messages: readonly Message[]): void {
    const fitting = messages.filter((message) => this.holds(message) && this.#belongs(message.number));
    if (fitting.length === 0) return;
    const [only] = fitting;
    const last = this.rows.at(-1);
    // The usual case, a new message at the end, costs one copy and no search.
    if (fitting.length === 1 && only !== undefined && (last === undefined || only.number > last.number)) {
      this.rows = [...this.rows, this.marked(only)];
      return;
    }
    const byNumber = new Map(this.rows.map((row) => [row.number, row]));
    for (const message of fitting) {
      const known = byNumber.get(message.number);
      if (known === undefined || known.revision < message.revision)
        byNumber.set(message.number, this.marked(message, known));
    }
    this.rows = [...byNumber.values()].sort((a, b) => a.number - b.number);
  }

  /** Rows beyond an end that is not loaded yet would leave a hole. */
  #belongs(number: number): boolean {
    if (number <= this.#floor) return false;
    const first = this.rows[0]?.number;
    const last = this.rows.at(-1)?.number;
    if (first === undefined || last === undefined) return !this.hasOlder && !this.hasNewer;
    if (number < first) return !this.hasOlder;
    return number <= last || !this.hasNewer;
  }
}

/** The change by which a message took its revision. */
export function spanOf({ revision }: Message): Span {
  return { since: revision - 1, revision };
}
