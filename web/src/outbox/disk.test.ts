/** A disk that hangs, is closed under the tab, or is full: nothing is lost silently, and what is discarded stays so. */
import { IDBDatabase, IDBObjectStore } from 'fake-indexeddb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { memoryStore } from '../state/test-store';
import { DraftFile } from '../state/drafts.svelte';
import { OutboxStore } from './store';
import { calls, furnish, Tab, turn, until } from './test-browser';

furnish();

afterEach(() => {
  vi.restoreAllMocks();
});

/** The disk answers nothing until it is let go; what was asked of it is done then, in order. */
function hang(): () => void {
  let letGo = (): void => undefined;
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  for (const name of ['all', 'add', 'change', 'remove'] as const) {
    const real = OutboxStore.prototype[name] as (...args: unknown[]) => Promise<unknown>;
    const late = async function (this: OutboxStore, ...args: unknown[]): Promise<unknown> {
      await gate;
      return real.apply(this, args);
    };
    vi.spyOn(OutboxStore.prototype, name).mockImplementation(late as never);
  }
  return () => letGo();
}

describe('a disk that hangs', () => {
  it('holds a message up for a few seconds, then it goes out from memory, and that is said', async () => {
    const tab = await new Tab().open();
    hang();
    void tab.outbox.add(7, 'a', []);
    await vi.advanceTimersByTimeAsync(2_900);
    await turn();
    expect(calls).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(200);
    await until(() => calls.length === 1);
    expect(tab.state.flashes.list[0]?.text).toMatch(/does not answer/);
    expect(tab.state.outbox.list[0]).toMatchObject({ kept: 'memory' });
    // The next one does not wait again.
    calls[0]?.accept();
    void tab.outbox.add(7, 'b', []);
    await vi.advanceTimersByTimeAsync(10);
    await until(() => calls.length === 2);
  });

  it('lets the app begin, shows what it has when it answers, and keeps what is still unsent', async () => {
    const before = await new Tab().open();
    void before.outbox.add(7, 'from before', []);
    await until(() => before.state.outbox.list[0]?.kept === 'disk');
    before.close();
    calls.length = 0;
    const letGo = hang();
    const tab = new Tab();
    void tab.open();
    await turn();
    for (const text of ['sent', 'unsent']) void tab.outbox.add(7, text, []);
    await vi.advanceTimersByTimeAsync(3_100);
    await until(() => calls.some(({ text }) => text === 'sent'));
    calls.find(({ text }) => text === 'sent')?.accept();
    await until(() => tab.texts.length === 1);
    letGo();
    await until(() => tab.texts.includes('from before') && tab.state.outbox.list.every(({ kept }) => kept === 'disk'));
    // What was sent meanwhile is not on the disk.
    tab.close();
    expect((await new Tab().open()).texts.sort()).toEqual(['from before', 'unsent']);
  });
});

describe('a disk that is closed under the tab', () => {
  it('is opened anew, and nothing is said', async () => {
    const tab = await new Tab().open();
    const databases: IDBDatabase[] = [];
    const real = IDBDatabase.prototype.transaction;
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...args) {
      databases.push(this);
      return real.apply(this, args);
    });
    void tab.outbox.add(7, 'a', []);
    await until(() => calls.length === 1);
    databases.at(-1)?.close();
    void tab.outbox.add(7, 'b', []);
    await until(() => tab.state.outbox.list[1]?.kept === 'disk');
    expect(tab.state.flashes.list).toEqual([]);
    tab.close();
    expect((await new Tab().open()).texts).toEqual(['a', 'b']);
  });
});

describe('a disk that is full', () => {
  it('says so, keeps the message in the tab and its file with it', async () => {
    const tab = await new Tab().open();
    vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(() => {
      throw new DOMException('no room', 'QuotaExceededError');
    });
    const file = new DraftFile('f1', new File(['the bytes'], 'a.txt', { type: 'text/plain' }));
    void tab.outbox.add(7, 'a', [file]);
    await until(() => tab.state.outbox.list[0]?.kept === 'memory');
    expect(tab.state.flashes.list[0]?.text).toMatch(/no room left/);
    const back = await tab.outbox.takeBack(tab.state.outbox.list[0]?.key ?? '');
    expect(await back?.files.get('f1')?.text()).toBe('the bytes');
  });
});

describe('what is discarded', () => {
  it('stays so when the disk does not forget it', async () => {
    const store = memoryStore();
    const tab = await new Tab(undefined, store).open();
    void tab.outbox.add(7, 'a', []);
    await until(() => calls.length === 1);
    calls[0]?.answer(403, { detail: 'no' });
    await until(() => tab.state.outbox.list[0]?.state === 'refused');
    const refused = vi.spyOn(IDBObjectStore.prototype, 'index').mockImplementation(() => {
      throw new DOMException('broken', 'UnknownError');
    });
    await tab.outbox.discard(tab.state.outbox.list[0]?.key ?? '');
    expect(tab.texts).toEqual([]);
    refused.mockRestore();
    tab.close();
    // Still on the disk, and not shown; gone from both after that.
    const again = await new Tab(undefined, store).open();
    expect(again.texts).toEqual([]);
    await until(() => store.kept.size === 0);
    expect((await new Tab().open()).texts).toEqual([]);
    expect(calls).toHaveLength(1);
  });

  it('is not sent by the other tab, whose disk may be slow', async () => {
    const [one, two] = [await new Tab().open(), await new Tab().open()];
    void one.outbox.add(7, 'a', []);
    await until(() => calls.length === 1 && two.texts.length === 1);
    calls[0]?.drop();
    await turn();
    vi.spyOn(IDBObjectStore.prototype, 'index').mockImplementation(() => {
      throw new DOMException('broken', 'UnknownError');
    });
    await two.outbox.discard(two.state.outbox.list[0]?.key ?? '');
    await until(() => one.texts.length === 0);
    await vi.advanceTimersByTimeAsync(60_000);
    await turn();
    expect(calls).toHaveLength(1);
  });
});
