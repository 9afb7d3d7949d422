import { expect, it } from 'vitest';
import { beginningOf } from './length';
/** The same cases as the server's, which draws the first view of a channel: a piece, how often, and how much is shown. */
import cases from './length.cases.json';

it.each(cases as [string, number, number | null][])('%j, %i times', (piece, times, shown) => {
  const text = piece.repeat(times);
  const beginning = beginningOf(text);
  expect(beginning?.length ?? null).toBe(shown);
  expect(text.startsWith(beginning ?? '')).toBe(true);
});
