/** Files on their way up: a few at a time, each with progress and a way to stop it. */
import * as api from '../api';
import { DraftFile, type Draft } from '../state/drafts.svelte';
import { fileSize } from '../i18n/dates';
import { newKey } from '../keys';
import { explain, type Core } from './core';

/** How many go up at once. */
const AT_ONCE = 3;
/** How many a message carries; the server's rule. */
export const MOST_FILES = 10;

export class Uploads {
  readonly #queue: { draft: Draft; file: DraftFile }[] = [];
  readonly #running = new Map<DraftFile, AbortController>();

  constructor(
    private readonly core: Core,
    /** A draft's uploads are over: it may want to be sent. */
    private readonly finished: (draft: Draft) => void,
  ) {}

  add(draft: Draft, files: readonly File[]): void {
    const { t } = this.core.words;
    const limit = this.core.state.session.workspace.upload_limit_bytes;
    draft.problem = null;
    const small = files.filter((file) => file.size <= limit);
    const large = files.find((file) => file.size > limit);
    if (large !== undefined) draft.problem = t('composer.tooLarge', { name: large.name, limit: fileSize(limit) });
    const room = MOST_FILES - draft.files.length;
    if (small.length > room) draft.problem = t('composer.tooMany', { count: MOST_FILES });
    const taken = small.slice(0, room).map((file) => new DraftFile(newKey(), file));
    draft.files = [...draft.files, ...taken];
    for (const file of taken) this.#queue.push({ draft, file });
    this.#pump();
  }

  /** Takes a file out of the draft, wherever it is on its way. */
  remove(draft: Draft, file: DraftFile): void {
    draft.files = draft.files.filter((other) => other !== file);
    draft.problem = null;
    this.#running.get(file)?.abort();
    const uploaded = file.attachment;
    // The server sweeps unused uploads anyway; this only frees the room sooner.
    if (uploaded !== null) void api.discardUpload(uploaded.id).catch(() => undefined);
    this.finished(draft);
  }

  retry(draft: Draft, file: DraftFile): void {
    file.state = 'waiting';
    file.reason = null;
    this.#queue.push({ draft, file });
    this.#pump();
  }

  #pump(): void {
    while (this.#running.size < AT_ONCE) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      if (next.draft.files.includes(next.file)) void this.#upload(next.draft, next.file);
    }
  }

  async #upload(draft: Draft, file: DraftFile): Promise<void> {
    const stop = new AbortController();
    this.#running.set(file, stop);
    file.state = 'uploading';
    file.progress = 0;
    try {
      file.attachment = await api.upload(file.file, (share) => (file.progress = share), stop.signal);
      file.state = 'done';
    } catch (error) {
      if (error instanceof api.ApiError && error.code === 'aborted') return;
      file.state = 'failed';
      file.reason = explain(this.core, error);
      draft.sending = false;
    } finally {
      this.#running.delete(file);
      this.#pump();
      this.finished(draft);
    }
  }
}
