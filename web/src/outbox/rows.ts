/** What a row of the outbox says of its files, and of why it waits. */
import type { ApiError } from '../api';
import { explain, type Core } from '../actions/core';
import type { DraftFile } from '../state/drafts.svelte';
import type { UnsentFile } from '../state/outbox.svelte';

/** After so many failures in a row the row says why it waits. */
const SAYS_WHY_AFTER = 3;

/** Why a message is not sent yet; null while that is not worth a word. */
export function whyLater(core: Core, error: ApiError, failures: number, waitMs: number): string | null {
  const { t } = core.words;
  // The server's own sentence asks to try again; here that happens by itself.
  if (error.status === 429) return t('message.tooOften', { seconds: Math.ceil(waitMs / 1000) });
  if (error.detail !== '') return explain(core, error);
  return failures < SAYS_WHY_AFTER ? null : t('message.dropped');
}

export function fileOf({ id, file, upload, progress }: DraftFile): UnsentFile {
  return { id, name: file.name, size: file.size, type: file.type, upload, sent: Math.round(progress * file.size) };
}
