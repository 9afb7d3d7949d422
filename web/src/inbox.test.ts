import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Inbox, isMore, MOST_WAITING, TOGETHER_MS } from './inbox';
import type { Message, ServerEvent } from './wire';

const ME = 1;
const OTHER = 2;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function posted(number: number, author = OTHER): ServerEvent {
  const message = { channel: 7, number, author: { id: author, name: 'Grace' }, deleted_at: null } as Message;
  return { name: 'message', event: { type: 'posted', channel: 7, since: number - 1, revision: number, message } };
}

function revisions(taken: readonly ServerEvent[]): number[] {
  return taken.flatMap((incoming) => (incoming.name === 'message' ? [incoming.event.revision] : []));
}

function open(): { inbox: Inbox; taken: ServerEvent[] } {
  const taken: ServerEvent[] = [];
  return {
    inbox: new Inbox(
      (incoming) => taken.push(incoming),
      (incoming) => isMore(incoming, ME),
    ),
    taken,
  };
}

test('a message that comes alone is taken in at once, those that follow close come together', () => {
  const { inbox, taken } = open();
  inbox.receive(posted(1));
  expect(revisions(taken)).toEqual([1]);
  vi.advanceTimersByTime(TOGETHER_MS);
  inbox.receive(posted(2));
  expect(revisions(taken)).toEqual([1, 2]);
  vi.advanceTimersByTime(50);
  inbox.receive(posted(3));
  vi.advanceTimersByTime(50);
  inbox.receive(posted(4));
  expect(revisions(taken)).toEqual([1, 2]);
  vi.advanceTimersByTime(TOGETHER_MS - 101);
  expect(revisions(taken)).toEqual([1, 2]);
  vi.advanceTimersByTime(1);
  expect(revisions(taken)).toEqual([1, 2, 3, 4]);
});

test.each<[string, ServerEvent]>([
  ['a message of their own', posted(3, ME)],
  ['a message that was deleted', { ...posted(2), event: { ...posted(2).event, type: 'deleted' } } as ServerEvent],
  ['a channel', { name: 'channel', event: { type: 'created', channel: { id: 8 } } } as ServerEvent],
  ['somebody who joins', { name: 'member', event: { type: 'joined', channel: 7 } } as ServerEvent],
  ['what the heads are', { name: 'heads', event: { heads: [[7, 9]] } } as unknown as ServerEvent],
])('%s does not wait, and what was heard before it comes first', (_, incoming) => {
  const { inbox, taken } = open();
  inbox.receive(posted(1));
  const close = posted(2);
  inbox.receive(close);
  expect(taken).toHaveLength(1);
  inbox.receive(incoming);
  expect(taken.slice(1)).toEqual([close, incoming]);
});

test('what waits can be asked for, and comes only once', () => {
  const { inbox, taken } = open();
  for (let number = 1; number <= 4; number += 1) inbox.receive(posted(number));
  inbox.flush();
  expect(revisions(taken)).toEqual([1, 2, 3, 4]);
  vi.advanceTimersByTime(2 * TOGETHER_MS);
  expect(revisions(taken)).toEqual([1, 2, 3, 4]);
});

test('asking when nothing waits makes nobody wait', () => {
  const { inbox, taken } = open();
  inbox.flush();
  inbox.receive(posted(1));
  expect(revisions(taken)).toEqual([1]);
});

test('what waits has a bound', () => {
  const { inbox, taken } = open();
  for (let number = 1; number <= MOST_WAITING; number += 1) inbox.receive(posted(number));
  expect(taken).toHaveLength(1);
  inbox.receive(posted(MOST_WAITING + 1));
  expect(taken).toHaveLength(MOST_WAITING + 1);
});

test('what waits is forgotten with the person it was for', () => {
  const { inbox, taken } = open();
  inbox.receive(posted(1));
  inbox.receive(posted(2));
  inbox.clear();
  vi.advanceTimersByTime(2 * TOGETHER_MS);
  expect(revisions(taken)).toEqual([1]);
});

test('a thousand reactions in ten seconds come together a few times a second', () => {
  const taken: ServerEvent[] = [];
  let [together, at] = [0, -1];
  const inbox = new Inbox(
    (incoming) => {
      taken.push(incoming);
      if (performance.now() !== at) together += 1;
      at = performance.now();
    },
    (incoming) => isMore(incoming, ME),
  );
  for (let number = 1; number <= 1_000; number += 1) {
    const user = { id: OTHER, name: 'Grace' };
    const event = {
      channel: 7,
      since: number - 1,
      revision: number,
      number: 1,
      user,
      emoji: '👍',
      on: true,
      count: number,
    };
    inbox.receive({ name: 'reaction', event });
    vi.advanceTimersByTime(10);
  }
  vi.advanceTimersByTime(TOGETHER_MS);
  expect(taken).toHaveLength(1_000);
  expect(together).toBeLessThanOrEqual(10_000 / TOGETHER_MS + 1);
});
