import source from 'emojibase-data/en/data.json';
import { expect, test } from 'vitest';
import { cut } from '../../scripts/emoji.mjs';
import { emojiSet } from './data';
import { TONES, withTone } from './tones';

const EN = emojiSet(cut('en'), 'en');

test('every emoji with tones gets exactly those that Unicode has for it', () => {
  // Everybody in a picture of several people gets the same one.
  const published = source
    .flatMap(({ skins = [] }) => skins)
    .filter(({ tone }) => typeof tone === 'number' || new Set(tone).size === 1)
    .map(({ emoji }) => emoji);
  const made = EN.all
    .filter(({ hasTones }) => hasTones)
    .flatMap(({ char }) => TONES.slice(1).map((tone) => withTone(char, tone)));
  expect(made).toHaveLength(330 * 5);
  expect(new Set(made)).toEqual(new Set(published));
});

test('without a tone an emoji stays as it is', () => {
  for (const { char } of EN.all) expect(withTone(char, 0)).toBe(char);
});
