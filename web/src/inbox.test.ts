import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Inbox, isMore, MOST_WAITING, TOGETHER_MS } from './inbox';
import type { Message, Told } from './wire';

const ME = 1;
const OTHER = 2;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function posted(number: number, author = OTHER): Told {
  const message = { channel: 7, number, author: { id: author, name: 'Grace' }, deleted_at: null } as Message;
  return { name: 'message', event: { type: 'posted', channel: 7, since: number - 1, revision: number, message } };
}

function revisions(taken: readonly Told[]): number[] {
  return taken.flatMap((told) => (told.name === 'message' ? [told.event.revision] : []));
}

function open(): { inbox: Inbox; taken: Told[] } {
  const taken: Told[] = [];
  return {
    inbox: new Inbox(
      (told) => taken.push(told),
      (told) => isMore(told, ME),
    ),
    taken,
  };
}

test('a message that comes alone is taken in at once, those that follow close come together', () => {
  const { inbox, taken } = open();
  inbox.hear(posted(1));
  expect(revisions(taken)).toEqual([1]);
  vi.advanceTimersByTime(TOGETHER_MS);
  inbox.hear(posted(2));
  expect(revisions(taken)).toEqual([1, 2]);
  vi.advanceTimersByTime(50);
  inbox.hear(posted(3));
  vi.advanceTimersByTime(50);
  inbox.hear(posted(4));
  expect(revisions(taken)).toEqual([1, 2]);
  vi.advanceTimersByTime(TOGETHER_MS - 101);
  expect(revisions(taken)).toEqual([1, 2]);
  vi.advanceTimersByTime(1);
  expect(revisions(taken)).toEqual([1, 2, 3, 4]);
});

test.each<[string, Told]>([
  ['what she wrote herself', posted(3, ME)],
  ['a message that was deleted', { ...posted(2), event: { ...posted(2).event, type: 'deleted' } } as Told],
  ['a channel', { name: 'channel', event: { type: 'created', channel: { id: 8 } } } as Told],
  ['somebody who joins', { name: 'member', event: { type: 'joined', channel: 7 } } as Told],
  ['what the heads are', { name: 'heads', event: { heads: [[7, 9]] } } as unknown as Told],
])('%s does not wait, and what was heard before it comes first', (_, told) => {
  const { inbox, taken } = open();
  inbox.hear(posted(1));
  const close = posted(2);
  inbox.hear(close);
  expect(taken).toHaveLength(1);
  inbox.hear(told);
  expect(taken.slice(1)).toEqual([close, told]);
});

test('what waits can be asked for, and comes only once', () => {
  const { inbox, taken } = open();
  for (let number = 1; number <= 4; number += 1) inbox.hear(posted(number));
  inbox.takeIn();
  expect(revisions(taken)).toEqual([1, 2, 3, 4]);
  vi.advanceTimersByTime(2 * TOGETHER_MS);
  expect(revisions(taken)).toEqual([1, 2, 3, 4]);
});

test('asking when nothing waits makes nobody wait', () => {
  const { inbox, taken } = open();
  inbox.takeIn();
  inbox.hear(posted(1));
  expect(revisions(taken)).toEqual([1]);
});

test('what waits has a bound', () => {
  const { inbox, taken } = open();
  for (let number = 1; number <= MOST_WAITING; number += 1) inbox.hear(posted(number));
  expect(taken).toHaveLength(1);
  inbox.hear(posted(MOST_WAITING + 1));
  expect(taken).toHaveLength(MOST_WAITING + 1);
});

test('what waits is forgotten with the person it was for', () => {
  const { inbox, taken } = open();
  inbox.hear(posted(1));
  inbox.hear(posted(2));
  inbox.clear();
  vi.advanceTimersByTime(2 * TOGETHER_MS);
  expect(revisions(taken)).toEqual([1]);
});
