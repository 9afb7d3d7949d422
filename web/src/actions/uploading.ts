/**
 * Files of a draft on their way up, a few at a time, so that most of the way is done when the message is sent. Trouble that
 * passes is tried again; what is not up by then the outbox takes over where it stands. It is in the second script: the app
 * calls it by `uploads.ts`.
 */
import { ApiError } from '../api';
import { fileSize } from '../i18n/dates';
import { newKey } from '../keys';
import { pauseAfter, Pauses } from '../outbox/pauses';
import { discardUpload, sendFile } from '../outbox/upload';
import { cleaned } from '../pictures/metadata';
import { DraftFile, type Draft, type Drafts } from '../state/drafts.svelte';
import { explain, type Core } from './core';
import { KeptDraftFiles } from './kept-draft-files';

/** How many files are uploaded at once. */
const AT_ONCE = 3;
/** How many a message carries; the server's rule. */
export const MOST_FILES = 10;

export class Uploading {
  #queue: { draft: Draft; file: DraftFile }[] = [];
  readonly #running = new Map<DraftFile, AbortController>();
  readonly #pauses = new Pauses();
  readonly #disk: KeptDraftFiles;
  /** Files that are still being searched for metadata. */
  readonly #looking = new Set<DraftFile>();

  constructor(private readonly core: Core) {
    this.#disk = new KeptDraftFiles(core);
  }

  /** Takes files into a draft. `cleans` is whether the metadata of pictures is taken out, unless the writer says otherwise. */
  add(draft: Draft, files: readonly File[], cleans: boolean): void {
    const { t } = this.core.words;
    const limit = this.core.state.session.workspace.upload_limit_bytes;
    draft.problem = null;
    const usable = files.filter(({ size }) => size > 0 && size <= limit);
    const large = files.find(({ size }) => size > limit);
    const empty = files.find(({ size }) => size === 0);
    if (empty !== undefined) draft.problem = t('composer.empty', { name: empty.name });
    if (large !== undefined) draft.problem = t('composer.tooLarge', { name: large.name, limit: fileSize(limit) });
    const room = MOST_FILES - draft.files.length;
    if (usable.length > room) draft.problem = t('composer.tooMany', { count: MOST_FILES });
    const taken = usable.slice(0, room).map((file) => new DraftFile(newKey(), file));
    for (const file of taken) file.cleans = cleans;
    draft.files = [...draft.files, ...taken];
    for (const file of taken) this.#begin(draft, file);
  }

  /** Files that were on their way with a message and are a draft's again. */
  goOn(draft: Draft, files: readonly DraftFile[]): void {
    for (const file of files) this.#disk.keep(draft.place, file);
    this.#enqueue(
      draft,
      files.filter(({ state }) => state === 'waiting'),
    );
  }

  /** Brings back the files that an earlier page left in its drafts. */
  async restore(): Promise<void> {
    const { state } = this.core;
    const { drafts } = state;
    for (const { place, file } of await this.#disk.left(state.identity?.key ?? '')) {
      // Somebody else may have signed in meanwhile.
      if (drafts !== state.drafts) return;
      const draft = drafts.of(place);
      draft.files = [...draft.files, file];
      this.#begin(draft, file);
    }
  }

  /** Whether some of these files are still being searched for metadata. */
  looksAt(files: readonly DraftFile[]): boolean {
    return files.some((file) => this.#looking.has(file));
  }

  async looked(files: readonly DraftFile[]): Promise<void> {
    await Promise.all(files.map((file) => file.looked));
  }

  /** Takes metadata out of a picture, or leaves it in: what is up already goes up anew. */
  setCleans(draft: Draft, file: DraftFile, cleans: boolean): void {
    this.handOver([file]);
    if (file.upload !== null) discardUpload(file.upload);
    file.upload = null;
    file.progress = 0;
    file.cleans = cleans;
    this.#disk.changed(file);
    this.retry(draft, file);
  }

  /** Takes out what was refused; what is left can be sent. */
  removeFailed(draft: Draft): void {
    for (const file of draft.files.filter(({ state }) => state === 'failed')) this.remove(draft, file);
  }

  /** Nothing of the files of these drafts goes up any more, or stays on the browser's disk. */
  forgetAll(drafts: Drafts): void {
    for (const { files } of drafts.all()) {
      this.handOver(files);
      this.#disk.forget(files);
    }
  }

  /** Forgets files that no draft has any more. */
  forget(files: readonly DraftFile[]): void {
    this.#disk.forget(files);
  }

  /** Takes a file out of the draft, wherever it is on its way. */
  remove(draft: Draft, file: DraftFile): void {
    draft.files = draft.files.filter((other) => other !== file);
    draft.problem = null;
    this.handOver([file]);
    this.#disk.forget([file]);
    if (file.upload !== null) discardUpload(file.upload);
  }

  retry(draft: Draft, file: DraftFile): void {
    file.state = 'waiting';
    file.reason = null;
    draft.problem = null;
    this.#enqueue(draft, [file]);
  }

  /** Stops working on these: they belong to a message now. */
  handOver(files: readonly DraftFile[]): void {
    for (const file of files) this.#running.get(file)?.abort();
  }

  /** Ends all pauses: an upload may work now. */
  wake(): void {
    this.#pauses.wake();
  }

  /** Looks whether it has metadata; then it goes up. */
  #begin(draft: Draft, file: DraftFile): void {
    this.#looking.add(file);
    this.#disk.keep(draft.place, file);
    file.looked = cleaned(file.original)
      // A file that cannot be read cannot be sent either: the upload will say so.
      .catch(() => null)
      .then((clean) => {
        file.clean = clean;
        this.#looking.delete(file);
        this.#enqueue(draft, [file]);
      });
  }

  #enqueue(draft: Draft, files: readonly DraftFile[]): void {
    for (const file of files) this.#queue.push({ draft, file });
    this.#pump();
  }

  #pump(): void {
    while (this.#running.size < AT_ONCE) {
      // One that is just being stopped is begun anew after its end.
      const next = this.#queue.find(({ file }) => !this.#running.has(file));
      if (next === undefined) return;
      this.#queue = this.#queue.filter(({ file }) => file !== next.file);
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

  /** Tries an upload once. Returns true when it is done or refused; otherwise it has already waited for the next try. */
  async #try(file: DraftFile, failures: number, stop: AbortSignal): Promise<boolean> {
    const hooks = {
      begun: (upload: string) => {
        // Stopped meanwhile: other bytes may go up in its place.
        if (stop.aborted) return discardUpload(upload);
        file.upload = upload;
        this.#disk.changed(file);
      },
      progress: (sent: number) => {
        if (!stop.aborted) file.progress = file.file.size === 0 ? 0 : sent / file.file.size;
      },
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
