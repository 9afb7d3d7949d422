/**
 * The rows of the message list: what is stored and what is still unsent in one order, with what stands around each row
 * (day, "New since", face or follow-up). A row that did not change stays the same object, so that nothing is drawn anew.
 */
import { dayOf } from '../../i18n/dates';
import { callsReader } from '../../state/calling';
import { progressOf, type Unsent, type UnsentFile } from '../../state/outbox.svelte';
import { quoteOf } from '../../state/quotes';
import type { Attachment, Forwarded, Line, Mention, Message, Pin, Quote, Reaction, Thread, User } from '../../wire';

/** A follow-up comes this soon after the message before it. */
const FOLLOWS_WITHIN_MS = 5 * 60 * 1000;

/** What a row quotes. Of an unsent message the original may not be loaded here. */
export type RowQuote = Quote & { readonly elsewhere?: true };

export type RowState = 'sent' | 'deleted' | 'pending' | 'failed';

export interface Row {
  /** The author's id and the key that their client made: the same before and after sending. */
  readonly key: string;
  /** The client's key alone, for what is unsent. */
  readonly sendKey: string;
  readonly number: number | null;
  readonly state: RowState;
  /** Deleted, and not by its author. */
  readonly removed: boolean;
  readonly author: User;
  readonly text: string;
  /** What it says, if it is a line; then it is deleted too, so that nothing counts it. */
  readonly line?: Line | undefined;
  /** When its author changed it last. */
  readonly editedAt?: string | undefined;
  readonly mentions: readonly Mention[];
  /** It calls the reader, by their name or with everybody. */
  readonly calls: boolean;
  /** What it quotes. */
  readonly quote?: RowQuote | undefined;
  /** What it carries of another message; `null` while that is not known, as it is not sent. */
  readonly forwarded?: Forwarded | null | undefined;
  /** Who pinned it. */
  readonly pin?: Pin | undefined;
  /** The reader saved it. */
  readonly saved: boolean;
  /** The message that it answers in a thread, and whether it was sent to the channel too. */
  readonly root?: number | undefined;
  readonly also: boolean;
  /** The thread that it begins. */
  readonly thread?: Thread | undefined;
  readonly attachments: readonly Attachment[];
  readonly reactions: readonly Reaction[];
  /** Of an unsent message: its files, and how much of them is up, from 0 to 1. */
  readonly files: readonly UnsentFile[];
  readonly progress: number | null;
  readonly at: string;
  readonly reason: string | null;
  /** The server asked to wait: trying again now would be in vain. */
  readonly held: boolean;
  /** Of an unsent message: kept in this tab alone. */
  readonly here: boolean;
  readonly own: boolean;
  /** With face and name. */
  readonly lead: boolean;
  /** The last of its group. */
  readonly tail: boolean;
  /** A new day begins above. */
  readonly day: boolean;
  /** The time for the line "New since" above, if it stands here. */
  readonly newSince: string | null;
}

export interface Sources {
  readonly messages: readonly Message[];
  readonly unsent: readonly Unsent[];
  readonly me: number;
  /** A message of the channel by its number, as far as it is loaded: what an unsent one quotes. */
  readonly original: (number: number) => Message | undefined;
  readonly hasOlder: boolean;
  /** The newest message that was read when they came; null when there is no line. */
  readonly newAfter: number | null;
  /** The reader put the line there: it stands above the very next row. */
  readonly newSet?: boolean;
}

type Plain = Omit<Row, 'lead' | 'tail' | 'day' | 'newSince'>;

/** When a row was written. */
interface Moment {
  readonly ms: number;
  readonly day: string;
}

const NO_FILES: readonly UnsentFile[] = [];
const NO_ATTACHMENTS: readonly Attachment[] = [];
const NO_REACTIONS: readonly Reaction[] = [];
const NO_MENTIONS: readonly Mention[] = [];

/**
 * Rows made before, by message. Every arriving message rebuilds a list of thousands in which all but one message are the same
 * objects as before: nothing is made or parsed anew for those.
 */
interface Known {
  readonly me: number;
  /** The offset of the reader's zone, in minutes: days begin by it. */
  readonly zone: number;
  readonly plain: WeakMap<Message, Plain>;
  readonly moments: WeakMap<Plain, Moment>;
  readonly sources: WeakMap<Row, Plain>;
}

let known: Known = begin(0, 0);

function begin(me: number, zone: number): Known {
  return { me, zone, plain: new WeakMap(), moments: new WeakMap(), sources: new WeakMap() };
}

/** Builds the rows; `before` are the ones of last time, kept where nothing changed. */
export function buildRows(sources: Sources, before: ReadonlyMap<string, Row>): Row[] {
  const zone = new Date().getTimezoneOffset();
  if (known.me !== sources.me || known.zone !== zone) known = begin(sources.me, zone);
  const plain = plainRows(sources);
  const newAt = newLineIndex(plain, sources);
  const leads = plain.map((row, index) => index === newAt || !follows(plain[index - 1], row));
  return plain.map((row, index) => {
    const previous = plain[index - 1];
    const lead = leads[index] ?? true;
    const tail = leads[index + 1] ?? true;
    const day = previous === undefined || momentOf(previous).day !== momentOf(row).day;
    const newSince = index === newAt ? (previous?.at ?? row.at) : null;
    const last = before.get(row.key);
    const stands =
      last !== undefined && last.lead === lead && last.tail === tail && last.day === day && last.newSince === newSince;
    if (stands && known.sources.get(last) === row) return last;
    const shown: Row = stands && same(last, row) ? last : { ...row, lead, tail, day, newSince };
    known.sources.set(shown, row);
    return shown;
  });
}

function plainRows({ messages, unsent, original }: Sources): Plain[] {
  const stored = messages.map(plainOf);
  if (unsent.length === 0) return stored;
  // Its event may come before its answer: then it is stored already.
  const there = new Set(stored.map((row) => row.key));
  const waiting = unsent.map((one): Plain => ({
    key: `${one.author.id}:${one.key}`,
    sendKey: one.key,
    number: null,
    state: one.state === 'refused' ? 'failed' : 'pending',
    removed: false,
    author: one.author,
    text: one.text,
    mentions: NO_MENTIONS,
    calls: false,
    forwarded: one.forward === undefined ? undefined : null,
    quote: one.quote === undefined ? undefined : quoteFrom(original(one.quote), one.quote),
    root: one.root,
    also: one.also === true,
    saved: false,
    attachments: NO_ATTACHMENTS,
    reactions: NO_REACTIONS,
    files: one.files,
    progress: progressOf(one),
    at: one.written_at,
    reason: one.reason,
    held: one.notBefore > 0,
    here: one.kept === 'memory',
    own: true,
  }));
  return [...stored, ...waiting.filter((row) => !there.has(row.key))];
}

/** A quote of a message, as far as the message is loaded. */
export function quoteFrom(original: Message | undefined, number: number): RowQuote {
  return original === undefined ? { number, elsewhere: true } : quoteOf(original);
}

/** A message is never changed in place: one object, one row. */
function plainOf(message: Message): Plain {
  const made = known.plain.get(message);
  if (made !== undefined) return made;
  const plain: Plain = {
    key: `${message.author.id}:${message.key}`,
    sendKey: message.key,
    number: message.number,
    state: message.deleted_at === null ? 'sent' : 'deleted',
    removed: message.removed,
    author: message.author,
    text: message.text,
    line: message.line,
    editedAt: message.edited_at,
    mentions: message.mentions ?? NO_MENTIONS,
    calls: callsReader(message, known.me),
    quote: message.quote,
    forwarded: message.forwarded,
    pin: message.pin,
    root: message.root,
    also: message.also === true,
    thread: message.thread,
    saved: message.saved === true,
    attachments: message.attachments,
    reactions: message.reactions ?? NO_REACTIONS,
    files: NO_FILES,
    progress: null,
    at: message.created_at,
    reason: null,
    held: false,
    here: false,
    own: message.author.id === known.me,
  };
  known.plain.set(message, plain);
  return plain;
}

function momentOf(row: Plain): Moment {
  const made = known.moments.get(row);
  if (made !== undefined) return made;
  const time = new Date(row.at);
  const moment = { ms: time.getTime(), day: dayOf(time) };
  known.moments.set(row, moment);
  return moment;
}

/** Above which row the line stands: the first unread message by others that is not deleted, if it is known to be the first. */
function newLineIndex(rows: readonly Plain[], { newAfter, newSet = false, hasOlder }: Sources): number {
  if (newAfter === null) return -1;
  const index = rows.findIndex(
    (row) => row.number !== null && row.number > newAfter && (newSet || (!row.own && row.state === 'sent')),
  );
  return index === 0 && hasOlder ? -1 : index;
}

function follows(before: Plain | undefined, row: Plain): boolean {
  if (before === undefined || before.author.id !== row.author.id) return false;
  if (before.state === 'deleted' || row.state === 'deleted') return false;
  // What is said above a name needs the name.
  if (row.pin !== undefined || row.saved || row.also) return false;
  const [earlier, later] = [momentOf(before), momentOf(row)];
  return later.ms - earlier.ms < FOLLOWS_WITHIN_MS && earlier.day === later.day;
}

function same(a: Row, b: Plain): boolean {
  return (Object.keys(b) as (keyof Plain)[]).every(
    (field) =>
      a[field] === b[field] || (field === 'author' && a.author.id === b.author.id && a.author.name === b.author.name),
  );
}
