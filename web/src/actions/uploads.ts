/**
 * The way to the files of drafts that go up. What does the work comes with the second script (`uploading.ts`); what is wanted
 * before waits for it. A draft has no files until then.
 */
import { secondScript } from '../second-script';
import type { Draft, DraftFile, Drafts } from '../state/drafts.svelte';
import type { Core } from './core';
import type { Uploading } from './uploading';

export class Uploads {
  #uploading: Uploading | null = null;
  /** What waits for the script, in the order of the calls. */
  #waiting: ((uploading: Uploading) => void)[] = [];
  /** How often files were added that wait for it. */
  #coming = 0;
  readonly #there: Promise<void>;

  constructor(core: Core) {
    this.#there = secondScript.load().then((second) => {
      const uploading = (this.#uploading = new second.Uploading(core));
      for (const work of this.#waiting.splice(0)) work(uploading);
      this.#coming = 0;
    });
  }

  /** Takes files into a draft. `cleans` is whether the metadata of pictures is taken out, unless the writer says otherwise. */
  add(draft: Draft, files: readonly File[], cleans: boolean): void {
    this.#coming += 1;
    this.#do((uploading) => uploading.add(draft, files, cleans));
  }

  /** Files that were on their way with a message and are a draft's again. */
  goOn(draft: Draft, files: readonly DraftFile[]): void {
    if (files.length > 0) this.#do((uploading) => uploading.goOn(draft, files));
  }

  /** Brings back the files that an earlier page left in its drafts. */
  restore(): void {
    this.#do((uploading) => void uploading.restore());
  }

  /** Whether some of these files are still being searched for metadata, or are not in their draft yet. */
  looksAt(files: readonly DraftFile[]): boolean {
    return this.#uploading?.looksAt(files) ?? this.#coming > 0;
  }

  async looked(files: readonly DraftFile[]): Promise<void> {
    await this.#there;
    await this.#uploading?.looked(files);
  }

  /** Takes metadata out of a picture, or leaves it in: what is up already goes up anew. */
  setCleans(draft: Draft, file: DraftFile, cleans: boolean): void {
    this.#do((uploading) => uploading.setCleans(draft, file, cleans));
  }

  /** Takes out what was refused; what is left can be sent. */
  removeFailed(draft: Draft): void {
    this.#do((uploading) => uploading.removeFailed(draft));
  }

  /** Nothing of the files of these drafts goes up any more, or stays on the browser's disk. */
  forgetAll(drafts: Drafts): void {
    this.#waiting = [];
    this.#coming = 0;
    this.#uploading?.forgetAll(drafts);
  }

  /** Forgets files that no draft has any more. */
  forget(files: readonly DraftFile[]): void {
    if (files.length > 0) this.#do((uploading) => uploading.forget(files));
  }

  /** Takes a file out of the draft, wherever it is on its way. */
  remove(draft: Draft, file: DraftFile): void {
    this.#do((uploading) => uploading.remove(draft, file));
  }

  retry(draft: Draft, file: DraftFile): void {
    this.#do((uploading) => uploading.retry(draft, file));
  }

  /** Stops working on these: they belong to a message now. */
  handOver(files: readonly DraftFile[]): void {
    this.#uploading?.handOver(files);
  }

  /** Ends all pauses: an upload may work now. */
  wake(): void {
    this.#uploading?.wake();
  }

  #do(work: (uploading: Uploading) => void): void {
    if (this.#uploading === null) this.#waiting.push(work);
    else work(this.#uploading);
  }
}
