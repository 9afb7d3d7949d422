/** A page that is left lets the database go, whatever it was doing with it. */
import 'fake-indexeddb/auto';
import { IDBDatabase, IDBFactory, IDBTransaction } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { OutboxStore } from './store';

let listeners: (() => void)[] = [];
let closed = vi.spyOn(IDBDatabase.prototype, 'close');
let aborted = vi.spyOn(IDBTransaction.prototype, 'abort');

beforeEach(() => {
  listeners = [];
  closed = vi.spyOn(IDBDatabase.prototype, 'close');
  aborted = vi.spyOn(IDBTransaction.prototype, 'abort');
  globalThis.indexedDB = new IDBFactory();
  vi.stubGlobal('addEventListener', (name: string, listener: () => void) => {
    if (name === 'pagehide') listeners.push(listener);
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** Whether the page let go by itself. That another page asks for the database reaches no page that was put away. */
const hasLetGo = (): boolean => closed.mock.calls.length + aborted.mock.calls.length > 0;

const leave = (): void => listeners.forEach((listener) => listener());

it('is left while the database is still being made', async () => {
  const reading = new OutboxStore('here').all('1').catch(() => []);
  leave();
  await reading;
  expect(hasLetGo()).toBe(true);
});

it('is left while the database is open', async () => {
  const store = new OutboxStore('here');
  await store.all('1');
  leave();
  expect(hasLetGo()).toBe(true);
  // Shown again, it opens the database anew.
  expect(await store.all('1')).toEqual([]);
});

it('keeps all that was meant by a row: where it goes, what it answers, quotes and forwards', async () => {
  const store = new OutboxStore('here');
  const file = { id: 'f', name: 'plan.png', size: 1, type: 'image/png', uploadId: null };
  const row = {
    key: 'k',
    channel: 3,
    root: 1,
    also: true,
    quote: 2,
    forward: { channel: 4, number: 5 },
    author: { id: 1, name: 'Ada' },
    epoch: 'e',
    text: 'words',
    files: [file],
    written_at: '2026-03-01T12:00:00Z',
    state: 'waiting',
    reason: null,
    notBefore: 0,
  } as unknown as Parameters<OutboxStore['add']>[1];
  const order = await store.add('1', row, new Map());
  expect(await store.all('1')).toEqual([{ ...row, order, kept: 'disk' }]);
  await store.change('k', (kept) => ({ ...kept, text: 'other words' }));
  expect(await store.all('1')).toEqual([{ ...row, text: 'other words', order, kept: 'disk' }]);
});
