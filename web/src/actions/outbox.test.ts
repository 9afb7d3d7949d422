import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppState } from '../state';
import type { Message } from '../wire';
import { Words } from '../words.svelte';
import type { Core } from './core';
import { Outbox } from './outbox';

interface Call {
  readonly text: string;
  readonly key: string;
  readonly channel: number;
  answer(status: number, body?: unknown, headers?: Record<string, string>): void;
  drop(): void;
}

/** The server as the queue sees it: every request waits until the test answers it. */
let calls: Call[] = [];
const settled: Message[] = [];
let state: AppState;
let outbox: Outbox;
let ended: number;

beforeEach(() => {
  vi.useFakeTimers();
  calls = [];
  settled.length = 0;
  ended = 0;
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
    const { text, key } = JSON.parse(String(init.body)) as { text: string; key: string };
    return new Promise<Response>((resolve, reject) => {
      calls.push({
        text,
        key,
        channel: Number(/channels\/(\d+)/.exec(path)?.[1]),
        answer: (status, body = {}, headers = {}) => resolve(new Response(JSON.stringify(body), { status, headers })),
        drop: () => reject(new TypeError('Failed to fetch')),
      });
    });
  });
  state = new AppState(null);
  const settings = { language: 'auto', theme: 'auto', enter_sends: false } as const;
  state.session.changed({ id: 1, name: 'Ada', created_at: '', has_password: false, last_channel: null, settings });
  const core: Core = { state, words: new Words(), ended: () => (ended += 1) };
  outbox = new Outbox(core, (message) => {
    settled.push(message);
    state.outbox.gone(message.key);
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const turn = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);
const texts = (): string[] => calls.map((call) => call.text);
const last = (): Call => calls.at(-1) as Call;

describe('the queue', () => {
  it('sends one at a time per channel, in order, and channels side by side', async () => {
    for (const text of ['a', 'b']) outbox.add(7, text, []);
    outbox.add(8, 'c', []);
    await turn();
    expect(texts()).toEqual(['a', 'c']);
    calls[0]?.answer(201, { key: calls[0].key });
    await turn();
    expect(texts()).toEqual(['a', 'c', 'b']);
    expect(state.outbox.list.map((unsent) => unsent.text)).toEqual(['b', 'c']);
  });

  it('tries again with the same key after the network dropped, with growing pauses', async () => {
    outbox.add(7, 'a', []);
    for (const longest of [1_000, 2_000, 4_000]) {
      await turn();
      const before = calls.length;
      last().drop();
      await vi.advanceTimersByTimeAsync(longest / 2 - 1);
      expect(calls.length).toBe(before);
      await vi.advanceTimersByTimeAsync(longest / 2 + 2);
      expect(calls.length).toBe(before + 1);
    }
    expect(new Set(calls.map((call) => call.key)).size).toBe(1);
    expect(state.outbox.list[0]?.state).toBe('waiting');
    last().answer(201, { key: last().key });
    await turn();
    expect(state.outbox.list).toEqual([]);
  });

  it('goes on at once when the connection is back', async () => {
    outbox.add(7, 'a', []);
    await turn();
    last().drop();
    await turn();
    outbox.wake();
    await turn();
    expect(calls).toHaveLength(2);
  });

  it('obeys Retry-After and says why it waits', async () => {
    outbox.add(7, 'a', []);
    await turn();
    last().answer(429, { code: 'too_many', detail: 'Too many messages.' }, { 'retry-after': '9' });
    await vi.advanceTimersByTimeAsync(8_900);
    expect(calls).toHaveLength(1);
    expect(state.outbox.list[0]).toMatchObject({ state: 'waiting', reason: 'Too many messages.' });
    await vi.advanceTimersByTimeAsync(200);
    expect(calls).toHaveLength(2);
  });

  it('keeps a refused message until somebody decides, and the next ones go out', async () => {
    for (const text of ['a', 'b']) outbox.add(7, text, []);
    await turn();
    last().answer(403, { code: 'forbidden', detail: 'You may not write here.' });
    await turn();
    expect(texts()).toEqual(['a', 'b']);
    const refused = state.outbox.list[0];
    expect(refused).toMatchObject({ text: 'a', state: 'refused', reason: 'You may not write here.' });
    last().answer(201, { key: last().key });
    await turn();
    outbox.retry(refused?.key ?? '');
    await turn();
    expect(last()).toMatchObject({ text: 'a', key: refused?.key });
    last().answer(403, { code: 'forbidden', detail: 'no' });
    await turn();
    outbox.discard(refused?.key ?? '');
    expect(state.outbox.list).toEqual([]);
  });

  it('tells when the session is over', async () => {
    outbox.add(7, 'a', []);
    await turn();
    last().answer(401, { code: 'not_signed_in', detail: 'You are not logged in.' });
    await turn();
    expect(ended).toBe(1);
  });

  it('forgets what was discarded while it waited', async () => {
    for (const text of ['a', 'b']) outbox.add(7, text, []);
    await turn();
    const { key } = last();
    last().drop();
    await turn();
    outbox.discard(key);
    await turn();
    expect(texts()).toEqual(['a', 'b']);
  });
});
