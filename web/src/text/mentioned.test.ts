import { expect, it } from 'vitest';
import type { Mention } from '../wire';
/** The same cases as the server's: a text, its mentions, and its tree. */
import cases from './mentioned.cases.json';
import { parseWith } from './mentioned';
import { visible } from './tree';

it.each(cases as [string, Mention[], unknown][])('%j', (text, mentions, tree) => {
  expect(parseWith(text, mentions)).toEqual(tree);
});

it('places that are not those of the text break nothing', () => {
  const text = 'a `b` @Ann';
  for (const mention of [
    { start: 90, length: 4 },
    { start: 0, length: 400 },
    { start: 1, length: 0 },
  ]) {
    expect(visible(parseWith(text, [mention]))).toBe('a b @Ann');
  }
  const twice = [
    { start: 6, length: 4 },
    { start: 6, length: 4 },
  ];
  expect(visible(parseWith(text, twice))).toBe('a b @Ann');
});
