import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Paced, TOGETHER_MS } from './paced';
import type { Row } from './rows';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const AUTHOR = { id: 2, name: 'Grace' };

function row(number: number, change: Partial<Row> = {}): Row {
  return {
    key: `2:${String(number)}`,
    number,
    state: 'sent',
    author: AUTHOR,
    own: false,
    tail: true,
    ...change,
  } as Row;
}

function list(count: number): Row[] {
  return Array.from({ length: count }, (_, index) => row(index + 1));
}

test('a row that comes alone shows at once, those that follow close show together', () => {
  const again = vi.fn();
  const paced = new Paced(again);
  expect(paced.of(list(3))).toHaveLength(3);
  vi.advanceTimersByTime(TOGETHER_MS);
  expect(paced.of(list(4))).toHaveLength(4);
  vi.advanceTimersByTime(50);
  expect(paced.of(list(5))).toHaveLength(4);
  vi.advanceTimersByTime(50);
  expect(paced.of(list(6))).toHaveLength(4);
  expect(again).not.toHaveBeenCalled();
  vi.advanceTimersByTime(TOGETHER_MS - 100);
  expect(again).toHaveBeenCalledTimes(1);
  expect(paced.of(list(6))).toHaveLength(6);
});

test.each([
  ['what she writes', [...list(3), row(4, { own: true })]],
  ['a message that was deleted', [row(1, { state: 'deleted' }), ...list(4).slice(1)]],
  ['older messages', [row(0), ...list(3)]],
  ['fewer', list(2)],
  ['a new name', [...list(2), row(3, { author: { id: 2, name: 'Grace H' } }), row(4)]],
])('%s shows at once', (_, rows) => {
  const paced = new Paced(vi.fn());
  paced.of(list(3));
  expect(paced.of(rows)).toBe(rows);
});

test('the end of a group may move without showing at once', () => {
  const paced = new Paced(vi.fn());
  const shown = list(3);
  paced.of(shown);
  expect(paced.of([...list(2), row(3, { tail: false }), row(4)])).toBe(shown);
});
