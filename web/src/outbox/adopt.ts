/**
 * Unsent messages that this browser keeps from another installation at the same address: the server's data was replaced
 * since. Those of somebody of the same name are taken over, to be sent or copied by hand; those of others stay where they
 * are, unseen.
 */
import { openDB } from 'idb';
import type { AppState } from '../state';
import type { Identity } from '../state/identity';
import type { Unsent } from '../state/outbox.svelte';
import { databaseOf, type OutboxStore, type Stored } from './store';

/** Versions before kept everything under this, whatever the installation. */
const BEFORE = 'chinwag';
/** Ids from here on are of private places. What was written for one of them is never put into another channel. */
const FIRST_PRIVATE = 2 ** 32;

/** Takes over what the person of the moment left elsewhere. Channels were others there. */
export async function adopt(store: OutboxStore, to: Identity, { session, channels }: AppState): Promise<void> {
  const [name, fallback] = [session.me?.name ?? '', channels.joined[0]?.id];
  if (fallback === undefined) return;
  const place = (channel: number): number => (channels.find(channel)?.member === true ? channel : fallback);
  for (const other of await otherDatabases(to.instance)) {
    const db = await openDB(other);
    try {
      if (!db.objectStoreNames.contains('rows') || !db.objectStoreNames.contains('files')) continue;
      const rows = (await db.getAll('rows')) as (Unsent & { order: number })[];
      const fits = ({ author, channel }: Unsent): boolean =>
        author.name === name && (channel < FIRST_PRIVATE || channels.find(channel) !== undefined);
      for (const row of rows.filter(fits)) {
        const blobs = new Map<string, Blob>();
        for (const { id } of row.files) {
          const blob = (await db.get('files', id)) as Blob | undefined;
          if (blob !== undefined) blobs.set(id, blob);
        }
        // Uploads of another installation are nothing here.
        const files = row.files.map((file) => ({ ...file, upload: null, sent: 0 }));
        const foreign: Stored = { ...row, files, channel: place(row.channel), epoch: '' };
        await store.add(to.key, foreign, blobs);
        await db.delete('rows', row.order);
        for (const id of blobs.keys()) await db.delete('files', id);
      }
    } finally {
      db.close();
    }
  }
}

async function otherDatabases(instance: string): Promise<string[]> {
  // Not every browser lists them; then nothing is found.
  const list = (await (indexedDB as Partial<IDBFactory>).databases?.call(indexedDB)) ?? [];
  const names = list.map(({ name }) => name ?? '');
  return names.filter((name) => (name === BEFORE || name.startsWith(`${BEFORE}.`)) && name !== databaseOf(instance));
}
