/**
 * Files of a draft on their way up, a few at a time, so that most of the way is done when the message is sent. Trouble that
 * passes is tried again; what is not up by then the outbox takes over where it stands.
 */
import { ApiError } from '../api';
import { fileSize } from '../i18n/dates';
import { newKey } from '../keys';
import { pauseAfter, Pauses } from '../outbox/pauses';
import { discardUpload, sendFile } from '../outbox/upload';
import { DraftFile, type Draft } from '../state/drafts.svelte';
import { explain, type Core } from './core';

/** How many go up at once. */
const AT_ONCE = 3;
/** How many a message carries; the server's rule. */
export const MOST_FILES = 10;

export class Uploads {
  readonly #queue: { draft: Draft; file: DraftFile }[] = [];
  readonly #running = new Map<DraftFile, AbortController>();
  readonly #pauses = new Pauses();

  constructor(private readonly core: Core) {}

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
    this.#take(draft, taken);
  }

  /** Files that were on their way with a message and are a draft's again. */
  goOn(draft: Draft, files: readonly DraftFile[]): void {
    this.#take(
      draft,
      files.filter(({ state }) => state === 'waiting'),
    );
  }

  /** Takes a file out of the draft, wherever it is on its way. */
  remove(draft: Draft, file: DraftFile): void {
    draft.files = draft.files.filter((other) => other !== file);
    draft.problem = null;
    this.handOver([file]);
    if (file.upload !== null) discardUpload(file.upload);
  }

  retry(draft: Draft, file: DraftFile): void {
    file.state = 'waiting';
    file.reason = null;
    this.#take(draft, [file]);
  }

  /** Stops working on these: they belong to a message now. */
  handOver(files: readonly DraftFile[]): void {
    for (const file of files) this.#running.get(file)?.abort();
  }

  /** It may work now. */
  wake(): void {
    this.#pauses.wake();
  }

  #take(draft: Draft, files: readonly DraftFile[]): void {
    for (const file of files) this.#queue.push({ draft, file });
    this.#pump();
  }

  #pump(): void {
    while (this.#running.size < AT_ONCE) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      if (next.draft.files.includes(next.file)) void this.#upload(next.file);
    }
  }

  async #upload(file: DraftFile): Promise<void> {
    const stop = new AbortController();
    this.#running.set(file, stop);
    for (let failures = 0; !stop.signal.aborted; failures += 1) {
      if (await this.#try(file, failures, stop.signal)) break;
    }
    this.#running.delete(file);
    this.#pump();
  }

  /** Answers whether it is over, one way or the other; has waited when it is not. */
  async #try(file: DraftFile, failures: number, stop: AbortSignal): Promise<boolean> {
    const hooks = {
      begun: (upload: string) => void (file.upload = upload),
      progress: (sent: number) => void (file.progress = file.file.size === 0 ? 0 : sent / file.file.size),
    };
    const { name, type } = file.file;
    try {
      file.state = 'uploading';
      await sendFile({ name, type, blob: file.file, upload: file.upload }, hooks, stop);
      file.state = 'done';
      file.reason = null;
      return true;
    } catch (error) {
      if (stop.aborted) return true;
      const passing = error instanceof ApiError && error.passing;
      file.state = passing ? 'waiting' : 'failed';
      const least = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
      file.reason = this.#why(error, least);
      if (!passing) return true;
      await this.#pauses.wait(Math.max(least, pauseAfter(failures)), least, stop);
      return false;
    }
  }

  /** The server's own sentence asks to try again; here that happens by itself. */
  #why(error: unknown, waitMs: number): string {
    if (!(error instanceof ApiError) || error.status !== 429) return explain(this.core, error);
    return this.core.words.t('app.tooOften', { seconds: Math.ceil(waitMs / 1000) });
  }
}
