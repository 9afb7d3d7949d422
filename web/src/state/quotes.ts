/**
 * What a message says of the message that it quotes. The server tells it with the row, as of the moment of reading; what
 * becomes of the original is told by the original's own events alone.
 */
import type { Message, Quote } from '../wire';

type Original = NonNullable<Quote['original']>;

/** So many characters of the original's text stand in a quote, as the server cuts it. */
const MOST = 200;

/** What a quote of that message says. */
export function quoteOf(message: Message): Quote {
  const { number, author, text, created_at, deleted_at, edits, attachments } = message;
  const gone = deleted_at !== null;
  const original: Original = {
    edits: edits ?? 0,
    author,
    // A pair of units is one character at most.
    beginning: gone ? '' : [...text.slice(0, MOST * 2)].slice(0, MOST).join(''),
    created_at,
  };
  const [file] = attachments;
  if (!gone && text === '' && file !== undefined) original.file = file.name;
  if (gone) original.deleted_at = deleted_at;
  if (message.removed) original.removed = true;
  return { number, original };
}

/** A row as it is after some messages changed; the same object if it quotes none of them, or knows that already. */
export function requoted(row: Message, changed: ReadonlyMap<number, Message>): Message {
  const of = row.quote === undefined ? undefined : changed.get(row.quote.number);
  if (of === undefined || row.quote?.original === undefined) return row;
  const quote = quoteOf(of);
  return isLater(quote.original, row.quote.original) ? { ...row, quote } : row;
}

/** A row after the channel was cleared up to that number. */
export function withFloor(row: Message, floor: number): Message {
  if (row.quote?.original === undefined || row.quote.number > floor) return row;
  return { ...row, quote: { number: row.quote.number } };
}

function isLater(one: Original | undefined, other: Original): boolean {
  if (one === undefined || other.deleted_at !== undefined) return false;
  return one.deleted_at !== undefined || one.edits > other.edits;
}
