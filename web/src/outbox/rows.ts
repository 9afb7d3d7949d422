/** How a row of the outbox begins, why it waits, when it is not sent by itself, and where it is while its writer is away. */
import type { ApiError } from '../api';
import { explain, type Core } from '../actions/core';
import { newKey } from '../keys';
import type { DraftFile } from '../state/drafts.svelte';
import { channelOf, rootOf, type Place } from '../state/place';
import type { ForwardSource, Unsent, UnsentFile } from '../state/outbox.svelte';
import type { User } from '../wire';
import type { Words } from '../words.svelte';

/** After so many failures in a row the row says why it waits. */
const SAYS_WHY_AFTER = 3;

/** Why a message is not sent yet, for the reader; null while there is no need to say. */
export function whyLater(core: Core, error: ApiError, failures: number, waitMs: number): string | null {
  const { t } = core.words;
  // The server's own sentence asks to try again; here that happens by itself.
  if (error.status === 429) return t('message.tooOften', { seconds: Math.ceil(waitMs / 1000) });
  if (error.detail !== '') return explain(core, error);
  return failures < SAYS_WHY_AFTER ? null : t('message.dropped');
}

/**
 * What was written before the server's data was restored may be for a channel that is another now. It is not sent by
 * itself: its writer looks, and sends or copies it.
 */
export function offered(row: Unsent, epoch: string | undefined, words: Words): Unsent {
  if (row.epoch === epoch) return row;
  return { ...row, state: 'refused', reason: words.t('outbox.otherEpoch') };
}

function fileOf({ id, file, upload, progress }: DraftFile): UnsentFile {
  return { id, name: file.name, size: file.size, type: file.type, upload, sent: Math.round(progress * file.size) };
}

/** A message that was just written. */
export function newRow(
  { id, name }: User,
  epoch: string,
  order: number,
  written: {
    readonly place: Place;
    readonly also: boolean;
    readonly text: string;
    readonly files: readonly DraftFile[];
    readonly quote: number | null;
    readonly forward?: ForwardSource | undefined;
  },
): Unsent {
  const { place, also, text, files, forward } = written;
  const [channel, root] = [channelOf(place), rootOf(place)];
  const reply = root === null ? {} : { root, also };
  const quote = written.quote ?? undefined;
  const [key, written_at] = [newKey(), new Date().toISOString()];
  const begins = { state: 'waiting', reason: null, notBefore: 0, kept: 'storing' } as const;
  return {
    key,
    order,
    channel,
    ...reply,
    author: { id, name },
    epoch,
    text,
    quote,
    forward,
    files: files.map(fileOf),
    written_at,
    ...begins,
  };
}

/** Rows that are not on the disk and wait for their writer to come back. */
export class Asleep {
  #rows: readonly { readonly owner: string; readonly row: Unsent }[] = [];

  add(owner: string, rows: readonly Unsent[]): void {
    const unkept = rows.filter(({ kept }) => kept !== 'disk');
    this.#rows = [...this.#rows, ...unkept.map((row) => ({ owner, row }))];
  }

  /** The writer is back: what was theirs is theirs again. */
  take(owner: string): readonly Unsent[] {
    const own = this.#rows.filter((each) => each.owner === owner);
    this.#rows = this.#rows.filter((each) => each.owner !== owner);
    return own.map(({ row }) => row);
  }

  has(key: string): boolean {
    return this.#rows.some(({ row }) => row.key === key);
  }
}
