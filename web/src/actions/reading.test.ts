import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppState } from '../state';
import { unread } from '../state/counting';
import type { Channel, Message, MessagePage } from '../wire';
import { Words } from '../words.svelte';
import { Messages } from './messages';
import { Reading } from './reading';
import { INSIDE, OPEN } from '../test-shapes';

const CHANNEL = 7;
const LAST = 153;
const AT = '2026-03-18T09:00:00.000Z';
const RAIN = { id: 2, name: '小雨' };
const general: Channel = {
  id: CHANNEL,
  name: 'general',
  topic: '',
  created_at: AT,
  created_by: RAIN,
  member_count: 2,
  revision: LAST,
  last_number: LAST,
  last_message: null,
  ...OPEN,
  ...INSIDE,
  own_revision: 0,
  read_number: 0,
  read_step: 0,
  unread: LAST,
  mentions: 0,
};

function page(first: number, last: number): MessagePage {
  const messages = Array.from({ length: last - first + 1 }, (_, index): Message => {
    const number = first + index;
    const written = { channel: CHANNEL, number, revision: number, key: `k${number}`, author: RAIN, text: `t${number}` };
    return { ...written, created_at: AT, deleted_at: null, removed: false, attachments: [] };
  });
  const [has_older, has_newer] = [first > 1, last < LAST];
  return { channel: CHANNEL, revision: LAST, last_number: LAST, messages, has_older, has_newer };
}

let state: AppState;
let reading: Reading;
let sent: { readonly number: number; readonly kind: string }[] = [];
let pages: MessagePage[] = [];
/** The messages that were jumped to. */
let opened: number[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  pages = [];
  state = new AppState(null);
  state.session.applyAccount({ id: 1, name: 'Ada', settings: { language: 'auto' } } as never);
  state.channels.replace([general]);
  state.windows.open(CHANNEL).replace(page(54, LAST));
  const core = { state, words: new Words(), ended: () => undefined, flushInbox: () => undefined };
  opened = [];
  reading = new Reading(core, new Messages(core, () => true), (_, number) => opened.push(number));
  vi.stubGlobal('fetch', (path: string, { method, body }: { method: string; body?: string }) => {
    if (method === 'GET') return Promise.resolve(new Response(JSON.stringify(pages.shift())));
    expect(path).toBe(`/api/channels/${CHANNEL}/read`);
    const mark = JSON.parse(body ?? '') as (typeof sent)[number];
    sent.push(mark);
    const answer = { channel: CHANNEL, number: mark.number, step: sent.length, unread: LAST - mark.number };
    return Promise.resolve(new Response(JSON.stringify({ ...answer, channel_revision: LAST })));
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const left = (): number => unread(state.channels.find(CHANNEL) as Channel);
const numbers = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe('reading', () => {
  it('counts what is above the rows that are there as unread, whatever was seen of them', async () => {
    reading.wasOnScreen(CHANNEL, numbers(54, LAST));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(left()).toBe(LAST);
    expect(sent).toEqual([]);
    state.windows.open(CHANNEL).addOlder(page(1, 53));
    reading.wasOnScreen(CHANNEL, numbers(1, 53));
    expect(left()).toBe(0);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(sent).toEqual([{ number: LAST, kind: 'read' }]);
  });

  it('goes to the first unread one, however far, and counts down from there', async () => {
    pages = [page(1, 100)];
    await reading.toFirst(CHANNEL);
    expect(opened).toEqual([1]);
    state.windows.open(CHANNEL).replace(page(1, 100));
    expect(state.view.newLine).toEqual({ channel: CHANNEL, after: 0 });
    reading.wasOnScreen(CHANNEL, numbers(1, 15));
    expect(left()).toBe(LAST - 15);
    expect(state.channels.find(CHANNEL)?.read_number).toBe(15);
  });

  it('finds the first unread one behind pages of deleted ones', async () => {
    const deleted = page(1, 100);
    const gone = deleted.messages.map((row) => ({ ...row, text: '', deleted_at: AT }));
    pages = [{ ...deleted, messages: gone }, page(101, LAST)];
    state.windows.open(CHANNEL).replace(page(140, LAST));
    await reading.toFirst(CHANNEL);
    expect(opened).toEqual([101]);
  });

  it('is told while somebody reads on without a pause, but not for each message', async () => {
    state.windows.open(CHANNEL).replace(page(1, LAST));
    for (const number of numbers(1, 40)) {
      reading.wasOnScreen(CHANNEL, [number]);
      await vi.advanceTimersByTimeAsync(250);
    }
    expect(sent.length).toBeGreaterThanOrEqual(3);
    expect(sent.length).toBeLessThanOrEqual(4);
  });

  it('of everything at once reaches the newest, and takes the line away', async () => {
    state.view.newLine = { channel: CHANNEL, after: 0 };
    reading.markRead(CHANNEL);
    expect(left()).toBe(0);
    expect(state.view.newLine).toBeNull();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(sent).toEqual([{ number: LAST, kind: 'read' }]);
  });

  it('elsewhere moves the line, or takes it away when nothing is left', () => {
    state.channels.onMarkMovedElsewhere = (channel) => reading.movedElsewhere(channel);
    state.view.newLine = { channel: CHANNEL, after: 0 };
    state.channels.applyReadMark({
      channel: CHANNEL,
      number: 100,
      step: 1,
      unread: 53,
      mentions: 0,
      channel_revision: LAST,
    });
    expect(state.view.newLine).toEqual({ channel: CHANNEL, after: 100 });
    state.channels.applyReadMark({
      channel: CHANNEL,
      number: LAST,
      step: 2,
      unread: 0,
      mentions: 0,
      channel_revision: LAST,
    });
    expect(state.view.newLine).toBeNull();
  });

  it('does not take for seen what was on screen before the mark was set', () => {
    const run = state.windows.open(CHANNEL);
    run.replace(page(1, LAST));
    reading.wasOnScreen(CHANNEL, [1, 2, 3, 5, 6]);
    expect(left()).toBe(150);
    run.seen.clear();
    reading.wasOnScreen(CHANNEL, [4]);
    expect(left()).toBe(149);
  });
});
