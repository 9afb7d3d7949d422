import { expect, test } from 'vitest';
import type { Emoji } from '../../emoji/data';
import { moved } from './sections';

/** Two rows of three and one of two, then one of two, in three columns. */
const SECTIONS = [{ emoji: Array<Emoji>(8) }, { emoji: Array<Emoji>(2) }].map(({ emoji }) => ({
  emoji: emoji.fill({} as Emoji),
}));
const move = (at: number, key: string): number => moved(SECTIONS, 3, at, key);

test('left and right go one by one, also into another row and section', () => {
  expect(move(2, 'ArrowRight')).toBe(3);
  expect(move(7, 'ArrowRight')).toBe(8);
  expect(move(8, 'ArrowLeft')).toBe(7);
});

test('up and down keep the column, or go to the end of a shorter row', () => {
  expect(move(1, 'ArrowDown')).toBe(4);
  expect(move(5, 'ArrowDown')).toBe(7);
  expect(move(6, 'ArrowDown')).toBe(8);
  expect(move(9, 'ArrowUp')).toBe(7);
  expect(move(4, 'ArrowUp')).toBe(1);
});

test('at an edge nothing moves, and without any the first is chosen', () => {
  expect(move(0, 'ArrowLeft')).toBe(0);
  expect(move(1, 'ArrowUp')).toBe(1);
  expect(move(9, 'ArrowDown')).toBe(9);
  expect(move(9, 'ArrowRight')).toBe(9);
  expect(move(-1, 'ArrowDown')).toBe(0);
  expect(moved([], 3, -1, 'ArrowDown')).toBe(-1);
});
