import { expect, test } from 'vitest';
import { Heights } from './heights';
import type { Row } from './rows';

function row(key: number, change: Partial<Row> = {}): Row {
  const plain = { state: 'sent', lead: false, day: false, newSince: null, attachments: [], files: [] };
  return { ...plain, key: String(key), text: `t${key}`, ...change } as unknown as Row;
}

function list(from: number, to: number): Row[] {
  return Array.from({ length: to - from + 1 }, (_, index) => row(from + index));
}

function opened(rows: readonly Row[]): Heights {
  const heights = new Heights();
  heights.setWidth(800, new Set());
  heights.set(rows);
  return heights;
}

test('rows stand one below the other, and each can be found', () => {
  const heights = opened(list(1, 3));
  heights.measure(0, 20);
  heights.measure(1, 30);
  heights.measure(2, 40);
  expect([0, 1, 2, 3].map((index) => heights.top(index))).toEqual([0, 20, 50, 90]);
  expect([-5, 0, 19, 20, 49.5, 50, 89, 500].map((px) => heights.at(px))).toEqual([0, 0, 0, 1, 1, 2, 2, 2]);
});

test('what was not measured is guessed from rows like it', () => {
  const heights = opened([row(1), row(2), row(3, { lead: true }), row(4, { text: 'x'.repeat(300) }), row(5)]);
  heights.measure(0, 28.5);
  heights.measure(2, 57);
  expect([0, 1, 2, 4].map((index) => heights.height(index))).toEqual([28.5, 28.5, 57, 28.5]);
  expect(heights.height(3)).not.toBe(28.5);
});

test('measuring what was guessed right moves nothing', () => {
  const heights = opened(list(1, 3));
  expect(heights.measure(0, 30)).toBe(true);
  expect(heights.measure(1, 30)).toBe(false);
  expect(heights.measure(1, 31)).toBe(true);
});

test('heights stay with their rows when others come above or go', () => {
  const heights = opened(list(10, 12));
  heights.measure(0, 100);
  heights.measure(1, 200);
  heights.measure(2, 300);
  heights.set([row(9), ...list(10, 11)]);
  expect([1, 2].map((index) => heights.height(index))).toEqual([100, 200]);
  heights.set(list(10, 12));
  expect(heights.total).toBe(600);
});

test('in another width only what is still there keeps its height', () => {
  const heights = opened(list(1, 2));
  heights.measure(0, 100);
  heights.measure(1, 200);
  heights.setWidth(300, new Set(['2']));
  expect(heights.height(0)).not.toBe(100);
  expect(heights.height(1)).toBe(200);
});

test('there may be nothing', () => {
  const heights = opened([]);
  expect([heights.total, heights.at(10), heights.top(0)]).toEqual([0, 0, 0]);
  expect(heights.measure(0, 10)).toBe(false);
});
