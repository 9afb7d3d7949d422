/**
 * The rows of the message list: what is stored and what is still unsent in one order, with what stands around each row
 * (day, "New since", face or follow-up). A row that did not change stays the same object, so that nothing is drawn anew.
 */
import { dayOf } from '../../i18n/dates';
import { progressOf, type Unsent, type UnsentFile } from '../../state/outbox.svelte';
import type { Attachment, Message, User } from '../../wire';

/** A follow-up comes this soon after the message before it. */
const FOLLOWS_WITHIN_MS = 5 * 60 * 1000;

export type RowState = 'sent' | 'deleted' | 'pending' | 'failed';

export interface Row {
  /** The author and her client's key: the same before and after sending. */
  readonly key: string;
  /** The client's key alone, for what is unsent. */
  readonly sendKey: string;
  readonly number: number | null;
  readonly state: RowState;
  readonly author: User;
  readonly text: string;
  readonly attachments: readonly Attachment[];
  /** Of an unsent message: its files, and how much of them is up, from 0 to 1. */
  readonly files: readonly UnsentFile[];
  readonly progress: number | null;
  readonly at: string;
  readonly reason: string | null;
  /** The server asked to wait: trying again now would be in vain. */
  readonly held: boolean;
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
  readonly hasOlder: boolean;
  /** The newest message that was read when she came; null when there is no line. */
  readonly newAfter: number | null;
}

type Plain = Omit<Row, 'lead' | 'tail' | 'day' | 'newSince'>;

const NO_FILES: readonly UnsentFile[] = [];
const NO_ATTACHMENTS: readonly Attachment[] = [];

/** Builds the rows; `before` are the ones of last time, kept where nothing changed. */
export function buildRows(sources: Sources, before: ReadonlyMap<string, Row>): Row[] {
  const plain = plainRows(sources);
  const newAt = newLineIndex(plain, sources);
  const leads = plain.map((row, index) => index === newAt || !follows(plain[index - 1], row));
  return plain.map((row, index) => {
    const previous = plain[index - 1];
    const shown: Row = {
      ...row,
      lead: leads[index] ?? true,
      tail: leads[index + 1] ?? true,
      day: previous === undefined || dayOf(new Date(previous.at)) !== dayOf(new Date(row.at)),
      newSince: index === newAt ? (previous?.at ?? row.at) : null,
    };
    const known = before.get(row.key);
    return known !== undefined && same(known, shown) ? known : shown;
  });
}

function plainRows({ messages, unsent, me }: Sources): Plain[] {
  const stored = messages.map((message): Plain => ({
    key: `${message.author.id}:${message.key}`,
    sendKey: message.key,
    number: message.number,
    state: message.deleted_at === null ? 'sent' : 'deleted',
    author: message.author,
    text: message.text,
    attachments: message.attachments,
    files: NO_FILES,
    progress: null,
    at: message.created_at,
    reason: null,
    held: false,
    own: message.author.id === me,
  }));
  if (unsent.length === 0) return stored;
  // Its event may come before its answer: then it is stored already.
  const known = new Set(stored.map((row) => row.key));
  const waiting = unsent.map((one): Plain => ({
    key: `${one.author.id}:${one.key}`,
    sendKey: one.key,
    number: null,
    state: one.state === 'refused' ? 'failed' : 'pending',
    author: one.author,
    text: one.text,
    attachments: NO_ATTACHMENTS,
    files: one.files,
    progress: progressOf(one),
    at: one.written_at,
    reason: one.reason,
    held: one.notBefore > 0,
    own: true,
  }));
  return [...stored, ...waiting.filter((row) => !known.has(row.key))];
}

/** Where the line stands: above the first message by others that was not read, if it is known to be the first. */
function newLineIndex(rows: readonly Plain[], { newAfter, hasOlder }: Sources): number {
  if (newAfter === null) return -1;
  const index = rows.findIndex((row) => row.number !== null && row.number > newAfter && !row.own);
  return index === 0 && hasOlder ? -1 : index;
}

function follows(before: Plain | undefined, row: Plain): boolean {
  if (before === undefined || before.author.id !== row.author.id) return false;
  if (before.state === 'deleted' || row.state === 'deleted') return false;
  const [earlier, later] = [new Date(before.at), new Date(row.at)];
  return later.getTime() - earlier.getTime() < FOLLOWS_WITHIN_MS && dayOf(earlier) === dayOf(later);
}

function same(a: Row, b: Row): boolean {
  return (Object.keys(b) as (keyof Row)[]).every(
    (field) =>
      a[field] === b[field] || (field === 'author' && a.author.id === b.author.id && a.author.name === b.author.name),
  );
}
