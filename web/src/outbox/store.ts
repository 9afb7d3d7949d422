/**
 * The unsent messages of this browser in IndexedDB, their files beside them. A row belongs to a person; nobody else's are
 * ever read. Every write is on the disk (`durability: strict`) before it is answered.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Unsent } from '../state/outbox.svelte';

const NAME = 'chinwag';
const VERSION = 1;
/** So many unsent messages of one browser are kept; a day's writing without a network is far below. */
export const MOST_ROWS = 1_000;
/** Two messages with all the files that one may carry, at the default limit of 25 MB. */
export const MOST_BYTES = 512 * 1024 * 1024;

/** A row as it is stored: the order is the database's own count, and where it is kept goes without saying. */
export type Stored = Omit<Unsent, 'order' | 'kept'>;
type Row = Stored & { order: number; owner: number };

interface Tables extends DBSchema {
  rows: { key: number; value: Row; indexes: { key: string; owner: number } };
  files: { key: string; value: Blob };
  /** Who sends, where the browser has no locks: a holder, and until when. */
  leases: { key: number; value: { holder: string; until: number } };
}

const STRICT = { durability: 'strict' } as const;

/** There is no room, by the bounds above or by the browser's. */
export class StoreFull extends Error {}

export class OutboxStore {
  private constructor(private readonly db: IDBPDatabase<Tables>) {}

  /** Opens it; fails where the browser forbids it. */
  static async open(name = NAME): Promise<OutboxStore> {
    const db = await openDB<Tables>(name, VERSION, {
      upgrade(fresh) {
        const rows = fresh.createObjectStore('rows', { keyPath: 'order', autoIncrement: true });
        rows.createIndex('key', 'key', { unique: true });
        rows.createIndex('owner', 'owner');
        fresh.createObjectStore('files');
        fresh.createObjectStore('leases');
      },
      // A later version of the app in another tab must not wait for this one.
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    });
    return new OutboxStore(db);
  }

  close(): void {
    this.db.close();
  }

  /** One person's rows, in order. */
  async all(owner: number): Promise<Unsent[]> {
    const rows = await this.db.getAllFromIndex('rows', 'owner', owner);
    return rows.sort((a, b) => a.order - b.order).map(shown);
  }

  /** Writes a row and the bytes of its files, all or nothing. Answers with its order. */
  async add(owner: number, row: Stored, blobs: ReadonlyMap<string, Blob>): Promise<number> {
    const tx = this.db.transaction(['rows', 'files'], 'readwrite', STRICT);
    // Whatever fails first is what is answered; the transaction's own end says it again.
    tx.done.catch(() => undefined);
    const rows = await tx.objectStore('rows').getAll();
    const bytes = [...rows, row].flatMap(({ files }) => files).reduce((sum, { size }) => sum + size, 0);
    if (rows.length >= MOST_ROWS || bytes > MOST_BYTES) throw new StoreFull();
    // The database counts the order.
    const order = await tx.objectStore('rows').add(stored(owner, row));
    for (const [id, blob] of blobs) await tx.objectStore('files').put(blob, id);
    await tx.done;
    return order;
  }

  /** Changes a row that is still there. */
  async change(key: string, change: (row: Stored) => Stored): Promise<void> {
    const tx = this.db.transaction('rows', 'readwrite', STRICT);
    const cursor = await tx.store.index('key').openCursor(key);
    if (cursor !== null) {
      const { order, owner } = cursor.value;
      await cursor.update({ ...change(cursor.value), order, owner });
    }
    await tx.done;
  }

  file(id: string): Promise<Blob | undefined> {
    return this.db.get('files', id);
  }

  /** Forgets rows and their files. */
  async remove(keys: readonly string[]): Promise<void> {
    const tx = this.db.transaction(['rows', 'files'], 'readwrite', STRICT);
    for (const key of keys) {
      const cursor = await tx.objectStore('rows').index('key').openCursor(key);
      if (cursor === null) continue;
      for (const { id } of cursor.value.files) await tx.objectStore('files').delete(id);
      await cursor.delete();
    }
    await tx.done;
  }

  /** Takes or renews the right to send for a person. Answers whether it is held now. */
  async lease(owner: number, holder: string, now: number, lifeMs: number): Promise<boolean> {
    const tx = this.db.transaction('leases', 'readwrite');
    const held = await tx.store.get(owner);
    const free = held === undefined || held.holder === holder || held.until < now;
    if (free) await tx.store.put({ holder, until: now + lifeMs }, owner);
    await tx.done;
    return free;
  }

  /** Gives the right to send back. */
  async release(owner: number, holder: string): Promise<void> {
    const tx = this.db.transaction('leases', 'readwrite');
    if ((await tx.store.get(owner))?.holder === holder) await tx.store.delete(owner);
    await tx.done;
  }
}

/** What is written of a row: without an order, which the database gives. */
function stored(owner: number, { key, channel, author, text, files, written_at, ...rest }: Stored): Row {
  const { state, reason, notBefore } = rest;
  return { owner, key, channel, author, text, files, written_at, state, reason, notBefore } as Row;
}

function shown({ owner: _owner, ...row }: Row): Unsent {
  return { ...row, kept: 'disk' };
}
