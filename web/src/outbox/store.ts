/**
 * The unsent messages of this browser in IndexedDB, their files beside them. A row belongs to a person; nobody else's are
 * ever read. Every write is on the disk (`durability: strict`) before it is answered.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Unsent } from '../state/outbox.svelte';
import { StoreFull } from './store-full';
import type { Wish } from '../state/wishes.svelte';

const VERSION = 2;
/** The most unsent messages that one browser keeps; a day's writing without a network is far less. */
export const MOST_ROWS = 1_000;
/** The most bytes of files: two messages with as many files as one may carry, at the default limit of 25 MB. */
export const MOST_BYTES = 512 * 1024 * 1024;

/** A row as it is stored. The database itself counts the order, and `kept` would always be `disk`. */
export type Stored = Omit<Unsent, 'order' | 'kept'>;
type Row = Stored & { order: number; owner: string };

export interface Tables extends DBSchema {
  rows: { key: number; value: Row; indexes: { key: string; owner: string } };
  files: { key: string; value: Blob };
  /** Which tab sends, for browsers without locks: its name, and until when (ms since 1970). */
  leases: { key: string; value: { holder: string; until: number } };
  /** What people want of stored messages, one wish for each subject; `order` is that of going out. */
  wishes: { key: [string, string]; value: KeptWish; indexes: { owner: string } };
}

export type KeptWish = Wish & { readonly owner: string; readonly order: number };

/** A claim to the right to send: by which tab, for how long, and which holder did not answer. */
export interface Claim {
  readonly holder: string;
  readonly lifeMs: number;
  readonly silent: string | null;
}

const STRICT = { durability: 'strict' } as const;

/** The database of an installation. */
export const databaseOf = (instance: string): string => `chinwag.${instance}`;

export class OutboxStore {
  #opening: Promise<IDBPDatabase<Tables>> | null = null;

  #name: string;

  constructor(instance: string) {
    this.#name = databaseOf(instance);
  }

  /** Switches to the database of another installation. */
  belongsTo(instance: string): void {
    if (this.#name === databaseOf(instance)) return;
    void this.close().catch(() => undefined);
    this.#name = databaseOf(instance);
  }

  async close(): Promise<void> {
    const open = this.#opening;
    this.#opening = null;
    (await open)?.close();
  }

  /** Makes the database if there is none. */
  async prepare(): Promise<void> {
    await this.#open();
  }

  /** One person's rows, in order. */
  async all(owner: string): Promise<Unsent[]> {
    const rows = await this.use((db) => db.getAllFromIndex('rows', 'owner', owner));
    return rows.sort((a, b) => a.order - b.order).map(shown);
  }

  /** Writes a row and the bytes of its files, all or nothing. Returns its order. */
  add(owner: string, row: Stored, blobs: ReadonlyMap<string, Blob>): Promise<number> {
    return this.use(async (db) => {
      const tx = db.transaction(['rows', 'files'], 'readwrite', STRICT);
      // The first failure is reported; the end of the transaction would report it again.
      tx.done.catch(() => undefined);
      const rows = await tx.objectStore('rows').getAll();
      const bytes = [...rows, row].flatMap(({ files }) => files).reduce((sum, { size }) => sum + size, 0);
      if (rows.length >= MOST_ROWS || bytes > MOST_BYTES) throw new StoreFull();
      // The database counts the order.
      const order = await tx.objectStore('rows').add(stored(owner, row));
      for (const [id, blob] of blobs) await tx.objectStore('files').put(blob, id);
      await tx.done;
      return order;
    });
  }

  /** Changes a row that is still there. */
  change(key: string, change: (row: Stored) => Stored): Promise<void> {
    return this.use(async (db) => {
      const tx = db.transaction('rows', 'readwrite', STRICT);
      const cursor = await tx.store.index('key').openCursor(key);
      if (cursor !== null) {
        const { order, owner } = cursor.value;
        await cursor.update({ ...change(cursor.value), order, owner });
      }
      await tx.done;
    });
  }

  file(id: string): Promise<Blob | undefined> {
    return this.use((db) => db.get('files', id));
  }

  /** Forgets rows and their files. */
  remove(keys: readonly string[]): Promise<void> {
    return this.use(async (db) => {
      const tx = db.transaction(['rows', 'files'], 'readwrite', STRICT);
      for (const key of keys) {
        const cursor = await tx.objectStore('rows').index('key').openCursor(key);
        if (cursor === null) continue;
        for (const { id } of cursor.value.files) await tx.objectStore('files').delete(id);
        await cursor.delete();
      }
      await tx.done;
    });
  }

  /** Takes or renews the right to send for a person, if it is free. Returns who holds it now. */
  lease(owner: string, { holder, lifeMs, silent }: Claim, now: number): Promise<string> {
    return this.use(async (db) => {
      const tx = db.transaction('leases', 'readwrite');
      const held = await tx.store.get(owner);
      const free = held === undefined || held.until < now || held.holder === holder || held.holder === silent;
      if (free) await tx.store.put({ holder, until: now + lifeMs }, owner);
      await tx.done;
      return free ? holder : held.holder;
    });
  }

  /** Gives the right to send back, in one step: whoever gives it back holds it, and their page may end at any moment. */
  release(owner: string): Promise<void> {
    return this.use(async (db) => {
      const tx = db.transaction('leases', 'readwrite');
      void tx.store.delete(owner);
      tx.commit();
      await tx.done;
    });
  }

  /** Opens the database. Fails where the browser forbids it; the next operation tries again. */
  #open(): Promise<IDBPDatabase<Tables>> {
    const closed = (): void => {
      if (this.#opening === opening) this.#opening = null;
    };
    const opening = (this.#opening ??= connect(this.#name, closed));
    opening.catch(closed);
    return opening;
  }

  /** Uses the database. If the browser has closed it, it is opened anew, once. */
  async use<T>(work: (db: IDBPDatabase<Tables>) => Promise<T>): Promise<T> {
    const opening = this.#open();
    const db = await opening;
    try {
      return await work(db);
    } catch (error) {
      const ended = error instanceof DOMException && CLOSED.includes(error.name);
      if (!ended) throw error;
      if (this.#opening === opening) this.#opening = null;
      db.close();
      return work(await this.#open());
    }
  }
}

/** The errors of a database that was closed: at the beginning of a transaction, and in the middle of one. */
const CLOSED = ['InvalidStateError', 'AbortError'];

async function connect(name: string, closed: () => void): Promise<IDBPDatabase<Tables>> {
  let isLeft = false;
  let letGo = (): void => undefined;
  // WebKit keeps a page that was left together with its connection, also one that is still being made. The next page of
  // this site would wait for ever to open the database or to write.
  globalThis.addEventListener?.('pagehide', () => ((isLeft = true), closed(), letGo()), { once: true });
  const db = await openDB<Tables>(name, VERSION, {
    upgrade(db, from, _to, tx) {
      if (from < 1) {
        const rows = db.createObjectStore('rows', { keyPath: 'order', autoIncrement: true });
        rows.createIndex('key', 'key', { unique: true });
        rows.createIndex('owner', 'owner');
        db.createObjectStore('files');
        db.createObjectStore('leases');
      }
      db.createObjectStore('wishes', { keyPath: ['owner', 'subject'] }).createIndex('owner', 'owner');
      letGo = () => abort(tx);
      if (isLeft) letGo();
    },
    // A later version of the app in another tab must not wait for this one.
    blocking: (_current, _blocked, event) => {
      closed();
      (event.target as IDBDatabase).close();
    },
    terminated: closed,
  });
  letGo = () => db.close();
  if (isLeft) db.close();
  return db;
}

function abort(tx: { abort(): void; readonly done: Promise<void> }): void {
  tx.done.catch(() => undefined);
  try {
    tx.abort();
  } catch {
    // It has ended already, and the connection is closed when it arrives.
  }
}

/** A row as it is written, with all that was meant by it. The database adds the order. */
function stored(owner: string, row: Stored): Row {
  const own = Object.entries(row).filter(([field]) => field !== 'order' && field !== 'kept');
  return { ...Object.fromEntries(own), owner } as Row;
}

function shown({ owner: _owner, ...row }: Row): Unsent {
  return { ...row, kept: 'disk' };
}
