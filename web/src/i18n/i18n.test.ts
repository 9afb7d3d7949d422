import { describe, expect, it } from 'vitest';
import { clock, dayName, daysAgo, exact, fileSize, full } from './dates';
import { en as firstEnglish } from './en';
import { countTranslator, translator, type Key } from './index';
import './later';
import { en as laterEnglish } from './later.en';
import { zh as laterChinese } from './later.zh';
import { zh as firstChinese } from './zh';

const en = { ...firstEnglish, ...laterEnglish };
const zh = { ...firstChinese, ...laterChinese };
const keys = Object.keys(en) as Key[];
/** The sources of everything that the first script holds, and of what comes later. */
const sources = import.meta.glob<string>(['../**/*.svelte', '../**/*.ts', '!../**/*.test.ts'], {
  eager: true,
  query: '?raw',
  import: 'default',
});
const placeholders = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort();

describe('the catalogues', () => {
  it('have the same sentences', () => {
    expect(Object.keys(zh).sort()).toEqual([...keys].sort());
  });

  it('are apart: the first script says nothing that comes later', () => {
    const both = Object.keys(laterEnglish).filter((key) => key in firstEnglish);
    expect(both).toEqual([]);
    const said = [...inFirstScript()].filter(([path]) => !path.startsWith('./')).map(([, source]) => source);
    const words = said.join('\n');
    const early = Object.keys(laterEnglish).filter((key) => words.includes(`'${key.replace(/\.(one|other)$/, '')}'`));
    expect(early, 'these belong into en.ts and zh.ts').toEqual([]);
  });

  it('have the same placeholders', () => {
    for (const key of keys) {
      expect(placeholders(zh[key]), key).toEqual(placeholders(en[key]));
      expect(en[key].trim(), key).not.toBe('');
      expect(zh[key].trim(), key).not.toBe('');
    }
  });

  it('have both forms of every sentence that counts', () => {
    for (const key of keys.filter((one) => one.endsWith('.one'))) expect(keys).toContain(key.replace(/one$/, 'other'));
  });

  it('speak Chinese in Chinese: 您, full-width marks, air between Han and Latin', () => {
    for (const key of keys) {
      const text = zh[key];
      expect(text, key).not.toMatch(/你/);
      expect(text, key).not.toMatch(/\p{Script=Han}[,;:!?]|[,;:!?]\p{Script=Han}/u);
      expect(text, key).not.toMatch(/\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9]\p{Script=Han}/u);
      const untranslated = text === en[key] && !['language.en', 'language.zh', 'settings.version'].includes(key);
      expect(untranslated, key).toBe(false);
    }
  });

  it('speak English without exclamation marks and without "please"', () => {
    for (const key of keys) expect(en[key], key).not.toMatch(/!|please/i);
  });
});

const STATIC_IMPORT = /^\s*(?:import|export)\s+(?!type\b)(?:[^;'"]*?\sfrom\s+)?'(\.[^']+)'/gm;

/** The files that the first script holds: what `main.ts` imports, and what that imports, but nothing that is loaded later. */
function inFirstScript(): Map<string, string> {
  const found = new Map<string, string>();
  const waiting = ['../main.ts'];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const source = sources[path];
    if (source === undefined || found.has(path)) continue;
    found.set(path, source);
    for (const [, other] of source.matchAll(STATIC_IMPORT)) {
      const target = resolve(path, other ?? '');
      if (target !== undefined) waiting.push(target);
    }
  }
  expect(found.size).toBeGreaterThan(50);
  return found;
}

/** The file that an import of another means. */
function resolve(from: string, other: string): string | undefined {
  const parts = from.split('/').slice(0, -1);
  for (const part of other.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  const path = parts.join('/').replace(/^\.\.\/i18n\//, './');
  return ['', '.ts', '/index.ts', '.svelte.ts'].map((end) => path + end).find((one) => sources[one] !== undefined);
}

describe('translating', () => {
  it('fills in', () => {
    expect(translator('en')('door.join', { workspace: 'Harbour $1 Works' })).toBe('Join Harbour $1 Works');
    expect(translator('zh')('door.join', { workspace: 'Harbour Works' })).toBe('加入 Harbour Works');
  });

  it('counts', () => {
    expect(countTranslator('en')('chat.new', 1)).toBe('1 new message');
    expect(countTranslator('en')('chat.new', 1200)).toBe('1,200 new messages');
    expect(countTranslator('zh')('chat.new', 3)).toBe('3 条新消息');
  });
});

describe('times and sizes', () => {
  const time = new Date(2026, 2, 18, 9, 5, 8, 41);

  it('have always the same shape', () => {
    expect(clock(time)).toBe('09:05');
    expect(full(time)).toBe('2026-03-18 09:05:08');
    expect(exact(time)).toBe('2026-03-18 09:05:08.041');
  });

  it('count midnights, not hours', () => {
    expect(daysAgo(new Date(2026, 2, 17, 23, 59), new Date(2026, 2, 18, 0, 1))).toBe(1);
    expect(daysAgo(time, new Date(2026, 2, 18, 23, 59))).toBe(0);
  });

  it('name days in the reader’s language, with the year when it is another', () => {
    expect(dayName(time, new Date(2026, 5, 1), 'en')).toMatch(/^Wednesday,? 18 March$/);
    expect(dayName(time, new Date(2027, 5, 1), 'en')).toContain('2026');
    expect(dayName(time, new Date(2026, 5, 1), 'zh')).toMatch(/3月18日/);
  });

  it('say how large a file is', () => {
    expect([0, 999, 2048, 48 * 1024, 1.5 * 1024 ** 2, 25 * 1024 ** 2].map(fileSize)).toEqual([
      '0 B',
      '999 B',
      '2 KB',
      '48 KB',
      '1.5 MB',
      '25 MB',
    ]);
  });
});
