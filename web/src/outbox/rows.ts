/** A row of the outbox: how it begins, and what it says of why it waits. */
import type { ApiError } from '../api';
import { explain, type Core } from '../actions/core';
import type { DraftFile } from '../state/drafts.svelte';
import { newKey } from '../keys';
import type { Unsent, UnsentFile } from '../state/outbox.svelte';
import type { User } from '../wire';

/** After so many failures in a row the row says why it waits. */
const SAYS_WHY_AFTER = 3;
/** In the order of writing, and after all that was there before. */
const A_LITTLE = 2 ** -16;

/** What somebody wrote just now, after all that is there. */
export function newRow(
  { channel, author, text, files }: Pick<Unsent, 'channel' | 'author' | 'text'> & { files: readonly DraftFile[] },
  lastOrder: number,
): Unsent {
  return {
    key: newKey(),
    order: lastOrder + A_LITTLE,
    channel,
    author: nameOf(author),
    text,
    files: files.map(fileOf),
    written_at: new Date().toISOString(),
    state: 'waiting',
    reason: null,
    notBefore: 0,
    kept: 'storing',
  };
}

function nameOf({ id, name }: User): User {
  return { id, name };
}

/** Why a message is not sent yet; null while that is not worth a word. */
export function whyLater(core: Core, error: ApiError, failures: number, waitMs: number): string | null {
  const { t } = core.words;
  // The server's own sentence asks to try again; here that happens by itself.
  if (error.status === 429) return t('message.tooOften', { seconds: Math.ceil(waitMs / 1000) });
  if (error.detail !== '') return explain(core, error);
  return failures < SAYS_WHY_AFTER ? null : t('message.dropped');
}

function fileOf({ id, file, upload, progress }: DraftFile): UnsentFile {
  return { id, name: file.name, size: file.size, type: file.type, upload, sent: Math.round(progress * file.size) };
}
