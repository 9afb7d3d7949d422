import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Core } from '../actions/core';
import { AppState } from '../state';
import { DraftFile } from '../state/drafts.svelte';
import type { Message } from '../wire';
import { Words } from '../words.svelte';
import { Outbox } from './outbox';

/** Node's own; the app's types know browsers only. */
declare const setImmediate: (done: (value: unknown) => void) => void;

const ADA = { id: 1, name: 'Ada' };
const GRACE = { id: 2, name: 'Grace' };

interface Call {
  readonly text: string;
  readonly key: string;
  readonly channel: number;
  done: boolean;
  answer(status: number, body?: unknown, headers?: Record<string, string>): void;
  accept(): void;
  drop(): void;
}

/** The server as the outboxes see it: every request waits until the test answers it. */
let calls: Call[] = [];
let tabs: Tab[] = [];

/** One tab of the browser; all share its disk, its locks and its account. */
class Tab {
  readonly state = new AppState(null);
  readonly settled: Message[] = [];
  readonly outbox: Outbox;
  ended = 0;

  constructor(account: () => number = () => this.state.session.me?.id ?? 0) {
    const core: Core = {
      state: this.state,
      words: new Words(),
      ended: () => (this.ended += 1),
      takeIn: () => undefined,
    };
    this.outbox = new Outbox(core, {
      settled: (message) => {
        this.settled.push(message);
        this.outbox.gone(message.key);
      },
      signedInAs: (person) => person === account(),
    });
    tabs.push(this);
  }

  async open(who = ADA): Promise<this> {
    const settings = { language: 'auto', theme: 'auto', enter_sends: false } as const;
    this.state.session.changed({
      ...who,
      created_at: '',
      has_password: false,
      last_channel: null,
      settings,
      revision: 0,
    });
    await this.outbox.start(who.id);
    await turn();
    return this;
  }

  close(): void {
    this.outbox.stop();
  }

  get texts(): string[] {
    return this.state.outbox.list.map(({ text }) => text);
  }
}

beforeEach(() => {
  calls = [];
  tabs = [];
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('navigator', { locks: new Locks() });
  // The database of the tests lives by setImmediate, which stays real.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
    const { text, key } = JSON.parse(String(init.body)) as { text: string; key: string };
    const channel = Number(/channels\/(\d+)/.exec(path)?.[1]);
    return new Promise<Response>((resolve, reject) => {
      const call: Call = {
        text,
        key,
        channel,
        done: false,
        answer: (status, body = {}, headers = {}) => {
          call.done = true;
          resolve(new Response(JSON.stringify(body), { status, headers }));
        },
        accept: () => call.answer(201, { key, channel, text }),
        drop: () => {
          call.done = true;
          reject(new TypeError('Failed to fetch'));
        },
      };
      calls.push(call);
    });
  });
});

afterEach(() => {
  for (const tab of tabs) tab.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the outbox', () => {
  it('sends one at a time per channel, in order, and channels side by side', async () => {
    const { outbox, state } = await new Tab().open();
    for (const text of ['a', 'b']) void outbox.add(7, text, []);
    void outbox.add(8, 'c', []);
    expect(state.outbox.list).toHaveLength(3);
    await until(() => calls.length === 2);
    expect(calls.map(({ text }) => text)).toEqual(['a', 'c']);
    calls[0]?.accept();
    await until(() => calls.length === 3);
    expect(calls[2]?.text).toBe('b');
    expect(state.outbox.list.map(({ text }) => text)).toEqual(['b', 'c']);
  });

  it('tries again with the same key after the network dropped, with growing pauses', async () => {
    const { outbox, state } = await new Tab().open();
    void outbox.add(7, 'a', []);
    for (const longest of [1_000, 2_000, 4_000]) {
      await until(() => calls.at(-1)?.done === false);
      const before = calls.length;
      calls.at(-1)?.drop();
      await turn();
      await vi.advanceTimersByTimeAsync(longest / 2 - 1);
      await turn();
      expect(calls).toHaveLength(before);
      await vi.advanceTimersByTimeAsync(longest / 2 + 2);
      await until(() => calls.length === before + 1);
    }
    expect(new Set(calls.map(({ key }) => key)).size).toBe(1);
    expect(state.outbox.list[0]).toMatchObject({ state: 'waiting' });
    calls.at(-1)?.accept();
    await until(() => state.outbox.list.length === 0);
  });

  it('goes on at once when the connection is back, but not before the server wants it', async () => {
    const { outbox, state } = await new Tab().open();
    void outbox.add(7, 'a', []);
    await until(() => calls.length === 1);
    calls[0]?.drop();
    await turn();
    outbox.wake();
    await until(() => calls.length === 2);
    calls[1]?.answer(429, { code: 'too_many', detail: 'Too many messages.' }, { 'retry-after': '9' });
    await until(() => state.outbox.list[0]?.reason !== null);
    expect(state.outbox.list[0]).toMatchObject({ state: 'waiting', reason: expect.stringContaining('in 9 s') });
    for (let i = 0; i < 3; i += 1) {
      outbox.wake();
      await turn();
    }
    await vi.advanceTimersByTimeAsync(8_500);
    await turn();
    expect(calls).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(600);
    await until(() => calls.length === 3);
  });

  it('keeps a refused message in its place, lets the next ones pass, and retries when told', async () => {
    const { outbox, state } = await new Tab().open();
    for (const text of ['a', 'b']) void outbox.add(7, text, []);
    await until(() => calls.length === 1);
    calls[0]?.answer(403, { code: 'forbidden', detail: 'You may not write here.' });
    await until(() => calls.length === 2);
    expect(calls[1]?.text).toBe('b');
    const [refused] = state.outbox.list;
    expect(refused).toMatchObject({ text: 'a', state: 'refused', reason: 'You may not write here.' });
    calls[1]?.accept();
    await until(() => state.outbox.list.length === 1);
    void outbox.retry(refused?.key ?? '');
    await until(() => calls.length === 3);
    expect(calls[2]).toMatchObject({ text: 'a', key: refused?.key });
    calls[2]?.answer(403, { detail: 'no' });
    await until(() => state.outbox.list[0]?.state === 'refused');
    await outbox.discard(refused?.key ?? '');
    expect(state.outbox.list).toEqual([]);
    expect((await new Tab().open()).texts).toEqual([]);
  });

  it('keeps everything when the session is over, and sends it when the same person is back', async () => {
    const tab = await new Tab().open();
    void tab.outbox.add(7, 'a', []);
    await until(() => calls.length === 1);
    calls[0]?.answer(401, { code: 'not_signed_in', detail: 'You are not logged in.' });
    await until(() => tab.ended > 0);
    tab.close();
    expect(tab.texts).toEqual([]);
    expect((await tab.open(GRACE)).texts).toEqual([]);
    expect(calls).toHaveLength(1);
    await tab.open(ADA);
    await until(() => calls.length === 2);
    expect(calls[1]).toMatchObject({ text: 'a', key: calls[0]?.key });
  });

  it('never sends under another account, even when that signed in a moment ago', async () => {
    let account = ADA.id;
    const tab = await new Tab(() => account).open();
    account = GRACE.id;
    void tab.outbox.add(7, 'for Ada only', []);
    await until(() => tab.ended > 0);
    expect(calls).toEqual([]);
  });

  it('survives the end of the page: same order, same keys, refused ones still refused', async () => {
    const first = await new Tab().open();
    for (const text of ['a', 'b', 'c']) void first.outbox.add(7, text, []);
    await until(() => calls.length === 1);
    calls[0]?.answer(403, { detail: 'no' });
    await until(() => calls.length === 2);
    const keys = first.state.outbox.list.map(({ key }) => key);
    first.close();
    const again = await new Tab().open();
    expect(again.state.outbox.list).toMatchObject([
      { key: keys[0], text: 'a', state: 'refused', reason: 'no' },
      { key: keys[1], text: 'b', state: 'waiting' },
      { key: keys[2], text: 'c', state: 'waiting' },
    ]);
    await until(() => calls.length === 3);
    expect(calls[2]).toMatchObject({ text: 'b', key: keys[1] });
  });

  it('settles a message once, whether the event or the answer comes first', async () => {
    const { outbox, settled } = await new Tab().open();
    void outbox.add(7, 'a', []);
    await until(() => calls.length === 1);
    outbox.gone(calls[0]?.key ?? '');
    calls[0]?.accept();
    await turn();
    expect(settled).toEqual([]);
    expect((await new Tab().open()).texts).toEqual([]);
  });

  it('does not ask for what the rows show to be stored already', async () => {
    const first = await new Tab().open();
    void first.outbox.add(7, 'a', []);
    await until(() => calls.length === 1);
    first.close();
    const again = new Tab();
    const message = { channel: 7, number: 1, revision: 1, key: calls[0]?.key ?? '', author: ADA, text: 'a' };
    const stored = { ...message, created_at: '', deleted_at: null, attachments: [] };
    again.state.windows
      .open(7)
      .replace({ channel: 7, revision: 1, last_number: 1, messages: [stored], has_older: false, has_newer: false });
    await again.open();
    await until(() => again.texts.length === 0);
    expect(calls).toHaveLength(1);
    expect(again.settled).toEqual([stored]);
  });

  it('gives a refused message back with its files', async () => {
    const { outbox, state } = await new Tab().open();
    vi.stubGlobal('XMLHttpRequest', undefined);
    const file = new DraftFile('f1', new File(['the bytes'], 'a.txt', { type: 'text/plain' }));
    void outbox.add(7, 'with a file', [file]);
    await until(() => state.outbox.list[0]?.kept === 'disk');
    const back = await outbox.takeBack(state.outbox.list[0]?.key ?? '');
    expect(back?.row.text).toBe('with a file');
    expect(await back?.files.get('f1')?.text()).toBe('the bytes');
    expect((await new Tab().open()).texts).toEqual([]);
  });
});

describe('two tabs', () => {
  it('show the same, and one sends', async () => {
    const [one, two] = [await new Tab().open(), await new Tab().open()];
    void one.outbox.add(7, 'a', []);
    void two.outbox.add(8, 'b', []);
    await until(() => calls.length === 2 && one.texts.length === 2 && two.texts.length === 2);
    await turn();
    expect(calls).toHaveLength(2);
    for (const call of calls) call.accept();
    await until(() => one.texts.length === 0 && two.texts.length === 0);
    expect([one.settled.length, two.settled.length]).toEqual([2, 2]);
  });

  it('go on with the same key when the one that sends is gone in the middle of it', async () => {
    const [one, two] = [await new Tab().open(), await new Tab().open()];
    for (const text of ['a', 'b']) void two.outbox.add(7, text, []);
    await until(() => calls.length === 1 && one.texts.length === 2);
    one.close();
    await until(() => calls.length === 2);
    expect(calls[1]?.key).toBe(calls[0]?.key);
    calls[1]?.accept();
    await until(() => calls.length === 3);
    calls[2]?.accept();
    await until(() => two.texts.length === 0);
  });

  it('take turns by a lease where the browser has no locks', async () => {
    vi.stubGlobal('navigator', {});
    const [one, two] = [await new Tab().open(), await new Tab().open()];
    void two.outbox.add(7, 'a', []);
    await until(() => calls.length === 1 && one.texts.length === 1);
    await vi.advanceTimersByTimeAsync(20_000);
    await turn();
    expect(calls).toHaveLength(1);
    one.close();
    await until(
      () => calls.length === 2,
      () => vi.advanceTimersByTimeAsync(1_000),
    );
    expect(calls[1]?.key).toBe(calls[0]?.key);
  });

  it('take over from one that sleeps with the right to send in its hands', async () => {
    void navigator.locks
      .request('chinwag.outbox.1', {}, () => new Promise<void>(() => undefined))
      .catch(() => undefined);
    const tab = await new Tab().open();
    void tab.outbox.add(7, 'a', []);
    await until(() => tab.state.outbox.list[0]?.kept === 'disk');
    await vi.advanceTimersByTimeAsync(3_000);
    await turn();
    expect(calls).toEqual([]);
    await vi.advanceTimersByTimeAsync(2_000);
    await until(() => calls.length === 1);
  });

  it('leave the right to send where it is while its holder answers', async () => {
    const [one, two] = [await new Tab().open(), await new Tab().open()];
    void two.outbox.add(7, 'a', []);
    await until(() => calls.length === 1);
    await vi.advanceTimersByTimeAsync(60_000);
    await turn();
    expect(calls).toHaveLength(1);
    calls[0]?.accept();
    await until(() => one.settled.length === 1 && two.settled.length === 1);
  });

  it('both forget what is discarded in one', async () => {
    const [one, two] = [await new Tab().open(), await new Tab().open()];
    void one.outbox.add(7, 'a', []);
    await until(() => calls.length === 1 && two.texts.length === 1);
    calls[0]?.drop();
    await turn();
    await two.outbox.discard(two.state.outbox.list[0]?.key ?? '');
    await until(() => one.texts.length === 0);
    await vi.advanceTimersByTimeAsync(60_000);
    await turn();
    expect(calls).toHaveLength(1);
  });
});

describe('without a disk', () => {
  it('sends from memory and says so once', async () => {
    vi.stubGlobal('indexedDB', {
      open: () => {
        throw new DOMException('no', 'SecurityError');
      },
    });
    const { outbox, state } = await new Tab().open();
    for (const text of ['a', 'b']) void outbox.add(7, text, []);
    await until(() => calls.length === 1);
    expect(state.flashes.list).toHaveLength(1);
    expect(state.flashes.list[0]?.text).toMatch(/stores nothing/);
    calls[0]?.accept();
    await until(() => calls.length === 2);
    calls[1]?.accept();
    await until(() => state.outbox.list.length === 0);
  });

  it('keeps what is unsent for the same person while the page lives', async () => {
    vi.stubGlobal('indexedDB', {
      open: () => {
        throw new DOMException('no', 'SecurityError');
      },
    });
    const tab = await new Tab().open();
    void tab.outbox.add(7, 'a', []);
    await until(() => calls.length === 1);
    tab.close();
    expect((await tab.open(GRACE)).texts).toEqual([]);
    expect((await tab.open(ADA)).texts).toEqual(['a']);
    await until(() => calls.length === 2);
  });
});

/** As many turns as the database and the channel between tabs take for what is under way. */
async function turn(): Promise<void> {
  for (let i = 0; i < 40; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

async function until(holds: () => boolean, meanwhile: () => Promise<unknown> = turn): Promise<void> {
  for (let i = 0; i < 200; i += 1) {
    if (holds()) return;
    await meanwhile();
    await turn();
  }
  throw new Error(`never: ${holds.toString()}`);
}

/** The part of the browser's locks that is used. */
class Locks {
  readonly #queues = new Map<string, Promise<unknown>>();
  readonly #holders = new Map<string, (reason: Error) => void>();

  request(name: string, options: LockOptions, held: () => Promise<void>): Promise<void> {
    const before = options.steal === true ? Promise.resolve() : (this.#queues.get(name) ?? Promise.resolve());
    if (options.steal === true) this.#holders.get(name)?.(new Error('stolen'));
    const mine = before.then(() => {
      if (options.signal?.aborted === true) throw new Error('given up');
      return new Promise<void>((resolve, reject) => {
        this.#holders.set(name, reject);
        void held().then(resolve);
      });
    });
    this.#queues.set(
      name,
      mine.catch(() => undefined),
    );
    return mine;
  }
}
