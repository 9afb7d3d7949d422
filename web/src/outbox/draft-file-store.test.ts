import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DraftFileStore, MOST_FILES } from './draft-file-store';
import { StoreFull } from './store-full';

/** Which pages live, as the browser's locks tell. */
let held: Set<string>;
let tab: Map<string, string>;

beforeEach(() => {
  held = new Set();
  tab = new Map();
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => tab.get(key) ?? null,
    setItem: (key: string, value: string) => void tab.set(key, value),
  });
  const request = (name: string, ...rest: unknown[]): Promise<unknown> => {
    const work = rest.at(-1) as (lock: object | null) => unknown;
    if (held.has(name)) return (rest[0] as LockOptions).ifAvailable ? Promise.resolve(work(null)) : Promise.reject();
    held.add(name);
    return Promise.resolve(work({})).finally(() => held.delete(name));
  };
  vi.stubGlobal('navigator', { locks: { request } });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const HERE = 'here';

const file = (id: string, owner = 'ada') => ({
  id,
  owner,
  channel: 7,
  blob: new Blob(['bytes of ', id]),
  name: `${id}.txt`,
  type: 'text/plain',
  cleans: false,
  upload: null,
});

/** The page that was there is gone, as after a reload. */
async function reload(): Promise<DraftFileStore> {
  held.clear();
  return DraftFileStore.open(HERE);
}

describe('the files of drafts', () => {
  it('are there again after a reload, in order, for their writer alone', async () => {
    const before = await DraftFileStore.open(HERE);
    for (const id of ['a', 'b', 'c']) await before.add(file(id));
    await before.add(file('d', 'grace'));
    await before.change('b', { upload: 'up', cleans: true });
    await before.remove(['c']);
    const after = await reload();
    const left = await after.takeOver('ada');
    expect(left).toMatchObject([{ id: 'a' }, { id: 'b', upload: 'up', cleans: true }]);
    expect(await left[1]?.blob.text()).toBe('bytes of b');
    expect(await after.takeOver('ada'), 'they are this page’s now').toEqual([]);
    expect(await after.takeOver('grace')).toMatchObject([{ id: 'd' }]);
  });

  it('are not taken from a page that lives', async () => {
    const one = await DraftFileStore.open(HERE);
    await one.add(file('a'));
    tab.clear();
    const two = await DraftFileStore.open(HERE);
    expect(await two.takeOver('ada')).toEqual([]);
    expect(await (await reload()).takeOver('ada')).toHaveLength(1);
  });

  it('come back in their own tab where the browser has no locks', async () => {
    vi.stubGlobal('navigator', {});
    await (await DraftFileStore.open(HERE)).add(file('a'));
    const kept = new Map(tab);
    tab.clear();
    expect(await (await DraftFileStore.open(HERE)).takeOver('ada')).toEqual([]);
    tab = kept;
    expect(await (await DraftFileStore.open(HERE)).takeOver('ada')).toHaveLength(1);
  });

  it('have a bound', async () => {
    const store = await DraftFileStore.open(HERE);
    for (let count = 0; count < MOST_FILES; count += 1) await store.add(file(`f${count}`));
    await expect(store.add(file('one more'))).rejects.toBeInstanceOf(StoreFull);
    await store.add(file('f0'));
  });

  it('are of one installation; what a version before kept for all of them is taken over', async () => {
    const old = await openDB('chinwag.drafts', 1, {
      upgrade: (db) => void db.createObjectStore('files', { keyPath: 'id' }).createIndex('owner', 'owner'),
    });
    const kept = { page: 'gone', at: Date.now() };
    await old.put('files', { ...file('a', 'here.1.0'), ...kept });
    await old.put('files', { ...file('b', 'there.1.0'), ...kept });
    old.close();
    const here = await DraftFileStore.open(HERE);
    expect(await here.takeOver('here.1.0')).toMatchObject([{ id: 'a' }]);
    expect(await here.takeOver('there.1.0')).toEqual([]);
    const there = await DraftFileStore.open('there');
    expect(await there.takeOver('there.1.0')).toMatchObject([{ id: 'b' }]);
    expect(await there.takeOver('here.1.0')).toEqual([]);
  });
});
