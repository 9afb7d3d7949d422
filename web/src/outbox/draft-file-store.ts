/**
 * The files of drafts in IndexedDB, so that a reload or a crash does not take them. A file belongs to a person and to the
 * page that shows it; a new page takes over what no living one has.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { newKey } from '../keys';
import type { Place } from '../state/place';
import { StoreFull } from './store-full';

/** Earlier versions kept the files of all installations under this name. */
const BEFORE = 'chinwag.drafts';
const VERSION = 1;
/** All drafts of one browser: ten messages with as many files as one may carry. */
export const MOST_FILES = 100;
/** In bytes. */
export const MOST_BYTES = 256 * 1024 * 1024;
/** A draft that nobody came back to for so long is given up. */
const KEEP_MS = 30 * 24 * 3_600_000;
/** Without locks nobody knows which pages are open. One that was not heard of for this long counts as closed. */
const ABANDONED_MS = 24 * 3_600_000;
/** A page that is being left may hold its lock for a moment. */
const PATIENCE_MS = 2_000;
/** Where a page leaves its name for the next one in the same tab. */
const PAGE = 'chinwag.page';
const LOCK = 'chinwag.page.';

export interface KeptFile {
  readonly id: string;
  /** Whose it is, on which server. */
  readonly owner: string;
  /** Where its draft is. */
  readonly channel: Place;
  readonly blob: Blob;
  readonly name: string;
  readonly type: string;
  /** Whether its metadata is taken out before it is sent. */
  readonly cleans: boolean;
  /** The server's id of the upload, once there is one. */
  readonly upload: string | null;
  /** The page that shows it. */
  readonly page: string;
  /** When it was added, in ms since 1970; also the order. */
  readonly at: number;
}

interface Tables extends DBSchema {
  files: { key: string; value: KeptFile; indexes: { owner: string } };
}

export class DraftFileStore {
  readonly #page = newKey();
  readonly #before: string | null;

  private constructor(private readonly db: IDBPDatabase<Tables>) {
    this.#before = takePage(this.#page);
    // Held as long as the page lives.
    void navigator.locks?.request(LOCK + this.#page, () => new Promise<void>(() => undefined)).catch(() => undefined);
  }

  /** Opens the store of an installation; fails where the browser forbids it. */
  static async open(instance: string): Promise<DraftFileStore> {
    const db = await connect(`${BEFORE}.${instance}`);
    await adoptFiles(db, instance).catch(() => undefined);
    return new DraftFileStore(db);
  }

  /** Keeps a file. Fails when there is no room, by the bounds above or by the browser's. */
  async add(file: Omit<KeptFile, 'page' | 'at'>): Promise<void> {
    const tx = this.db.transaction('files', 'readwrite');
    tx.done.catch(() => undefined);
    const others = (await tx.store.getAll()).filter(({ id }) => id !== file.id);
    const bytes = [...others, file].reduce((sum, { blob }) => sum + blob.size, 0);
    if (others.length >= MOST_FILES || bytes > MOST_BYTES) throw new StoreFull();
    // In the order of adding, also within one millisecond.
    const at = Math.max(Date.now(), ...others.map((other) => other.at + 1));
    await tx.store.put({ ...file, page: this.#page, at });
    await tx.done;
  }

  async change(id: string, change: Partial<Pick<KeptFile, 'cleans' | 'upload'>>): Promise<void> {
    const tx = this.db.transaction('files', 'readwrite');
    const known = await tx.store.get(id);
    if (known !== undefined) await tx.store.put({ ...known, ...change });
    await tx.done;
  }

  async remove(ids: readonly string[]): Promise<void> {
    const tx = this.db.transaction('files', 'readwrite');
    for (const id of ids) await tx.store.delete(id);
    await tx.done;
  }

  /** Takes over the files of one person that no other page shows, in the order in which they were added. */
  async takeOver(owner: string): Promise<KeptFile[]> {
    const pages = new Set((await this.db.getAllFromIndex('files', 'owner', owner)).map(({ page }) => page));
    const left = new Set<string>();
    for (const page of pages) if (await this.#isLeft(page)) left.add(page);
    const tx = this.db.transaction('files', 'readwrite');
    const taken: KeptFile[] = [];
    const now = Date.now();
    for (const file of await tx.store.getAll()) {
      const age = now - file.at;
      if (age > KEEP_MS) await tx.store.delete(file.id);
      else if (file.owner === owner && (left.has(file.page) || isAbandoned(age))) {
        taken.push(file);
        await tx.store.put({ ...file, page: this.#page });
      }
    }
    await tx.done;
    return taken.sort((a, b) => a.at - b.at);
  }

  async #isLeft(page: string): Promise<boolean> {
    if (page === this.#page) return false;
    if (navigator.locks === undefined) return page === this.#before;
    // Only the page before this one in the same tab may just be ending.
    const signal = AbortSignal.timeout(page === this.#before ? PATIENCE_MS : 0);
    const options = page === this.#before ? { signal } : { ifAvailable: true };
    return navigator.locks.request(LOCK + page, options, (lock) => lock !== null).catch(() => false);
  }
}

function connect(name: string): Promise<IDBPDatabase<Tables>> {
  return openDB<Tables>(name, VERSION, {
    upgrade: (fresh) => void fresh.createObjectStore('files', { keyPath: 'id' }).createIndex('owner', 'owner'),
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });
}

/** Takes over what an earlier version kept for people of this installation. */
async function adoptFiles(db: IDBPDatabase<Tables>, instance: string): Promise<void> {
  // Not every browser lists its databases; then nothing is taken over.
  const names = (await (indexedDB as Partial<IDBFactory>).databases?.call(indexedDB)) ?? [];
  if (!names.some(({ name }) => name === BEFORE)) return;
  const before = await connect(BEFORE);
  try {
    const files = await before.getAll('files');
    for (const file of files.filter(({ owner }) => owner.startsWith(`${instance}.`))) {
      await db.put('files', file);
      await before.delete('files', file.id);
    }
  } finally {
    before.close();
  }
}

function isAbandoned(age: number): boolean {
  return navigator.locks === undefined && age > ABANDONED_MS;
}

/** Leaves this page's name in the tab. Returns the one that was there. */
function takePage(page: string): string | null {
  try {
    const before = sessionStorage.getItem(PAGE);
    sessionStorage.setItem(PAGE, page);
    return before;
  } catch {
    return null;
  }
}
