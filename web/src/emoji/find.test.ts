import { describe, expect, test } from 'vitest';
import { cut } from '../../scripts/emoji.mjs';
import { emojiSet } from './data';
import { byCode, findEmoji } from './find';

const SETS = { en: emojiSet(cut('en'), 'en'), zh: emojiSet(cut('zh'), 'zh') };

function found(language: 'en' | 'zh', query: string, most = 6): string[] {
  return findEmoji(SETS[language], query)
    .slice(0, most)
    .map(({ emoji }) => emoji.char);
}

describe.each(['en', 'zh'] as const)('in %s', (language) => {
  test('every recommended emoji is there once, without tones, in nine groups', () => {
    const { all, groups } = SETS[language];
    expect(groups).toHaveLength(9);
    expect(new Set(all.map(({ char }) => char)).size).toBe(1914);
    expect(all).toHaveLength(1914);
    for (const { char, label, otherLabel, codes } of all) {
      expect(label, char).not.toBe('');
      expect(otherLabel, char).not.toBe('');
      for (const code of codes) expect(code, char).toMatch(/^\S+$/);
    }
  });

  test('each is written as Unicode recommends it', () => {
    // A picture by itself has no sign for that behind it; a sign that is a picture only with it has one.
    const chars = new Set(SETS[language].all.map(({ char }) => char));
    for (const char of ['😐', '👪', '☕', '❤️', '☺️', '#️⃣', '🏴‍☠️', '🇨🇳']) expect(chars, char).toContain(char);
  });

  test('codes find, with and without colons', () => {
    expect(found(language, ':ship:')[0]).toBe('🚢');
    expect(found(language, 'tada')[0]).toBe('🎉');
    expect(found(language, '+1')[0]).toBe('👍');
    expect(found(language, 'FERRY')[0]).toBe('⛴️');
  });

  test('words of both languages find', () => {
    expect(found(language, 'sailboat')).toContain('⛵');
    expect(found(language, '船')[0]).toBe('🚢');
    expect(found(language, '帆船')[0]).toBe('⛵');
    expect(found(language, 'raised back')[0]).toBe('🤚');
  });

  test('Pinyin finds: whole, cut short, and by its initials', () => {
    expect(found(language, 'chuan')[0]).toBe('🚢');
    expect(found(language, 'chuan')).toContain('⛵');
    expect(found(language, 'fanchuan')[0]).toBe('⛵');
    expect(found(language, 'fan chuan')[0]).toBe('⛵');
    expect(found(language, 'fanch')).toContain('⛵');
    expect(found(language, 'mtl')[0]).toBe('🎡');
    expect(found(language, 'mtianlun')[0]).toBe('🎡');
  });

  test('what is nothing finds nothing', () => {
    expect(found(language, '')).toEqual([]);
    expect(found(language, '::')).toEqual([]);
    expect(found(language, 'qqqq')).toEqual([]);
  });
});

test('a tag finds behind the names, and only in the language of the interface', () => {
  expect(findEmoji(SETS.en, 'goodbye').length + findEmoji(SETS.en, 'bye').length).toBeGreaterThan(0);
  expect(found('en', 'bye', 20)).toContain('👋');
  expect(found('zh', '再见', 20)).toContain('👋');
  expect(found('zh', 'zaijian', 20)).toContain('👋');
});

test('a hit says by what it was found, and what of that was typed', () => {
  expect(findEmoji(SETS.en, 'fer')[0]).toMatchObject({ by: 'code', parts: ['', 'fer', 'ry'] });
  const sailboat = findEmoji(SETS.zh, 'chuan').find(({ emoji }) => emoji.char === '⛵');
  expect(sailboat).toMatchObject({ by: 'letters', parts: ['fan', 'chuan', ''] });
  expect(findEmoji(SETS.zh, '船')[0]).toMatchObject({ by: 'label', parts: ['', '船', ''] });
});

test('in English an English word comes before Pinyin, in Chinese behind it', () => {
  expect(found('en', 'shi')[0]).toBe('🚢');
  expect(found('zh', 'shi')[0]).not.toBe('🚢');
  expect(found('zh', 'shi', 40)).toContain('🚢');
});

test('a code stands for one emoji', () => {
  expect(byCode(SETS.zh, 'ship')?.char).toBe('🚢');
  expect(byCode(SETS.en, 'thumbsup')?.char).toBe('👍');
  expect(byCode(SETS.en, 'shi')).toBeUndefined();
});
