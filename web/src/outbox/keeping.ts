/**
 * Where unsent messages are kept: on the browser's disk with their files; what the disk does not take, in this tab. What was
 * discarded is never given again, whatever became of its removal.
 */
import { ApiError } from '../api';
import type { BrowserStore } from '../state/browser-store';
import type { Unsent, UnsentFile } from '../state/outbox.svelte';
import { Discarded } from './discarded';
import { Disk, DiskHangs } from './disk';
import type { Stored } from './store';
import { StoreFull } from './store-full';

/** Why a message could not be kept on the disk; there is a sentence for each. */
export type NotKept = 'refused' | 'full' | 'hangs' | 'newer';

export class Keeping {
  readonly disk: Disk;
  readonly #discarded: Discarded;
  /** Bytes of files that are not on the disk. */
  readonly #blobs = new Map<string, Blob>();

  /** `revived` is called when a disk that hung answers again. */
  constructor(store: BrowserStore | null, revived: () => void) {
    this.disk = new Disk(revived);
    this.#discarded = new Discarded(store);
  }

  /** From now on this is about the rows of another installation. */
  belongsTo(instance: string): void {
    this.disk.belongsTo(instance);
    this.#discarded.belongsTo(instance);
  }

  /** Makes the database of an installation before anything is kept in it. */
  prepare(instance: string): void {
    this.belongsTo(instance);
    void this.disk.use((store) => store.prepare()).catch(() => undefined);
  }

  /** One person's rows, in order; `null` while the disk does not give them. */
  async all(owner: string): Promise<readonly Unsent[] | null> {
    const rows = await this.disk.use((store) => store.all(owner)).catch(() => null);
    if (rows === null) return null;
    const discarded = rows.map(({ key }) => key).filter((key) => this.#discarded.has(key));
    if (discarded.length > 0) void this.remove(discarded);
    return rows.filter(({ key }) => !discarded.includes(key));
  }

  /**
   * Writes a row with its files; `kept` is told the order, perhaps long after. Returns why it is not on the disk for now:
   * then the files are kept here.
   */
  async add(
    owner: string,
    row: Unsent,
    blobs: ReadonlyMap<string, Blob>,
    kept: (order: number) => void,
  ): Promise<NotKept | null> {
    try {
      kept(await this.disk.use((store) => store.add(owner, row, blobs), kept));
      return null;
    } catch (error) {
      for (const [id, blob] of blobs) this.#blobs.set(id, blob);
      return whyNotKept(error);
    }
  }

  /** What cannot be written is written anew by the next change. */
  async change(key: string, change: Partial<Stored>): Promise<void> {
    await this.disk.use((store) => store.change(key, (row) => ({ ...row, ...change }))).catch(() => undefined);
  }

  /** Notes at once that these must not come back. */
  discard(keys: readonly string[]): void {
    this.#discarded.add(keys);
  }

  /** What cannot be removed now is sent once more at worst, as the same message, or is known to be discarded. */
  async remove(keys: readonly string[]): Promise<void> {
    const gone = (): void => this.#discarded.forget(keys);
    await this.disk.use((store) => store.remove(keys), gone).then(gone, () => undefined);
  }

  /** Lets go of files that are kept here. */
  drop(files: readonly UnsentFile[]): void {
    for (const { id } of files) this.#blobs.delete(id);
  }

  /** The bytes of several files, by their ids. */
  async blobs(files: readonly UnsentFile[], hangs: string): Promise<ReadonlyMap<string, Blob>> {
    const found = new Map<string, Blob>();
    for (const file of files) {
      const blob = await this.blob(file, hangs);
      if (blob !== undefined) found.set(file.id, blob);
    }
    return found;
  }

  /** The bytes of a file, if there are any. Fails with a trouble that passes while the disk does not answer. */
  async blob(file: UnsentFile, hangs: string): Promise<Blob | undefined> {
    const held = this.#blobs.get(file.id);
    if (held !== undefined) return held;
    return this.disk
      .use((store) => store.file(file.id))
      .catch(() => {
        throw new ApiError('disk', 0, hangs);
      });
  }
}

function whyNotKept(error: unknown): NotKept {
  const name = error instanceof DOMException ? error.name : '';
  if (error instanceof StoreFull || name === 'QuotaExceededError') return 'full';
  if (error instanceof DiskHangs) return 'hangs';
  return name === 'VersionError' ? 'newer' : 'refused';
}
