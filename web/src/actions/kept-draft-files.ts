/** Keeps the files of drafts on the browser's disk. If the disk refuses them or is full, the reader is told once. */
import { DraftFileStore } from '../outbox/draft-file-store';
import { DraftFile } from '../state/drafts.svelte';
import type { Place } from '../state/place';
import type { Core } from './core';

export class KeptDraftFiles {
  #store: Promise<DraftFileStore | null> | null = null;
  /** Operations run one after the other, in the order of the calls. */
  #work: Promise<unknown> = Promise.resolve();
  #saidWhyNot = false;

  constructor(private readonly core: Core) {}

  keep(place: Place, file: DraftFile): void {
    const owner = this.core.state.identity?.key;
    if (owner === undefined) return;
    this.#do(async (store) => {
      const { id, original: blob, cleans, upload } = file;
      await store
        .add({ id, owner, channel: place, blob, name: blob.name, type: blob.type, cleans, upload })
        .catch(() => this.#sayWhyNot());
    });
  }

  changed({ id, cleans, upload }: DraftFile): void {
    this.#do((store) => store.change(id, { cleans, upload }));
  }

  forget(files: readonly DraftFile[]): void {
    if (files.length > 0) this.#do((store) => store.remove(files.map(({ id }) => id)));
  }

  /** The files that an earlier page left in its drafts, with where these are. */
  async left(owner: string): Promise<{ place: Place; file: DraftFile }[]> {
    const store = await this.#open();
    const kept = (await store?.takeOver(owner).catch(() => [])) ?? [];
    return kept.map(({ id, channel, blob, name, type, cleans, upload }) => {
      const file = new DraftFile(id, new File([blob], name, { type }));
      file.cleans = cleans;
      file.upload = upload;
      return { place: channel, file };
    });
  }

  #open(): Promise<DraftFileStore | null> {
    return (this.#store ??= DraftFileStore.open(this.core.state.streams.instance).catch(() => null));
  }

  #do(work: (store: DraftFileStore) => Promise<void>): void {
    this.#work = this.#work
      .then(async () => {
        const store = await this.#open();
        if (store === null) this.#sayWhyNot();
        else await work(store);
      })
      .catch(() => undefined);
  }

  #sayWhyNot(): void {
    if (this.#saidWhyNot) return;
    this.#saidWhyNot = true;
    this.core.state.flashes.show('warn', this.core.words.t('composer.filesNotKept'));
  }
}
