import { describe, expect, it } from 'vitest';
import { parse } from './parse';
import { MAX_EMPHASIS_DEPTH, MAX_QUOTE_DEPTH, visible, type Block, type Inline } from './tree';

/**
 * A message has at most 10,000 characters and is parsed in less than 10 ms. Here it is four times as long and has ten
 * times as long for it, so that a busy machine passes and quadratic time (seconds) does not.
 */
const LENGTH = 40_000;
const BUDGET_MS = 400;

/** Pieces that, repeated or mixed, are known to make parsers slow. */
const PIECES = [
  '*',
  '_',
  '~',
  '~~',
  '[',
  ']',
  '`',
  '>',
  '> ',
  '>\n',
  '-',
  '- ',
  '- \n',
  '1. a\n',
  '\n',
  '\\',
  '(',
  ')',
  '](',
  '[](',
  '[a](',
  '[ ](x)',
  '[[](',
  '](http://a.b)',
  '[a](http://b.c',
  '*a',
  'a*',
  '*a_',
  '_a*',
  '**a',
  'a**',
  '*a **b ',
  '***a*',
  '`a',
  '``a`',
  '```\n',
  'http://',
  'https://[',
  'http://a',
  'http://a(',
  'http://a)',
  '@',
  '#',
  '@a ',
  '\u0301',
  '\u202e',
  '重',
  '**重',
  '“**',
  '😀',
  '\ud800',
  '\t',
  '    ',
  '> - 1. ',
  '*[',
  ']*',
  '[*a](http://b)*',
  '> > ',
  '>```\n',
  '  - a\n',
  '  - ',
  '- a\n\n  b\n',
  '1. ```\n',
  '<',
  '<http://a',
  '<a@b.c>',
  '](<',
  '[a](http://b "',
  'a.b.',
  '[a.b.c](http://d.e)',
];

/** A small seeded generator (mulberry32), so that a failure can be repeated. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function pick<T>(from: readonly T[], next: () => number): T {
  const chosen = from[Math.floor(next() * from.length)];
  if (chosen === undefined) throw new Error('nothing to pick from');
  return chosen;
}

/** The best of some runs, until one is within the budget: compiling and a busy machine only ever make it slower. */
function milliseconds(text: string): number {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 5 && best >= BUDGET_MS; run += 1) {
    const start = performance.now();
    parse(text);
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

function inlineDepth(inlines: readonly Inline[]): number {
  return Math.max(0, ...inlines.map((inline) => ('children' in inline ? 1 + inlineDepth(inline.children) : 0)));
}

function depths(blocks: readonly Block[]): { quotes: number; inlines: number } {
  const each = blocks.map((block) => {
    if (block.kind === 'quote') {
      const inner = depths(block.children);
      return { quotes: inner.quotes + 1, inlines: inner.inlines };
    }
    if (block.kind === 'paragraph') return { quotes: 0, inlines: inlineDepth(block.children) };
    return block.kind === 'codeblock' ? { quotes: 0, inlines: 0 } : depths(block.items.flat());
  });
  return {
    quotes: Math.max(0, ...each.map((one) => one.quotes)),
    inlines: Math.max(0, ...each.map((one) => one.inlines)),
  };
}

describe('time', () => {
  it.each(PIECES)('is short for %j without end', (piece) => {
    const text = piece.repeat(Math.ceil(LENGTH / piece.length)).slice(0, LENGTH);
    expect(milliseconds(text)).toBeLessThan(BUDGET_MS);
  });

  it('is short for openers and then closers', () => {
    for (const [open, close] of [
      ['*', '*'],
      ['[', ']'],
      ['[', '](http://a.b)'],
      ['*_', '_*'],
      ['**', '*'],
      ['http://(', ')'],
    ]) {
      const half = LENGTH / 2;
      const text = `${open?.repeat(half).slice(0, half)}a${close?.repeat(half).slice(0, half)}`;
      expect(milliseconds(text), `${open} … ${close}`).toBeLessThan(BUDGET_MS);
    }
  });

  it('is short for pairs of pieces', () => {
    const next = random(7);
    for (let round = 0; round < 25; round += 1) {
      const unit = `${pick(PIECES, next)}${pick(PIECES, next)}${pick(['', 'a', ' ', '\n'], next)}`;
      const text = unit.repeat(Math.ceil(LENGTH / unit.length)).slice(0, LENGTH);
      expect(milliseconds(text), JSON.stringify(unit)).toBeLessThan(BUDGET_MS);
    }
  });
});

/** What marks may take away or a list may renumber, and what is stacked too high. */
const MARKS = /[*_~`<>[\]()\-\s\d.\\•\p{M}]/gu;

function isSubsequence(part: string, whole: string): boolean {
  let at = 0;
  for (const char of part) {
    at = whole.indexOf(char, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

describe('any text', () => {
  const words = ['word', '重点', 'Ünï', '😀', 'http://w.example/x'];

  it('stays within the bounds, shows nothing that was not typed, and is never shown empty', () => {
    const next = random(42);
    for (let round = 0; round < 1200; round += 1) {
      const text = Array.from({ length: 1 + Math.floor(next() * 14) }, () =>
        pick([...PIECES, ...words, ' '], next),
      ).join('');
      const blocks = parse(text);
      const seen = visible(blocks);
      expect(isSubsequence(seen.replace(/[\s\d.]/g, ''), text), JSON.stringify(text)).toBe(true);
      expect(seen.trim() === '', JSON.stringify(text)).toBe(text.trim() === '');
      const depth = depths(blocks);
      expect(depth.quotes).toBeLessThanOrEqual(MAX_QUOTE_DEPTH);
      expect(depth.inlines).toBeLessThanOrEqual(MAX_EMPHASIS_DEPTH + 1);
    }
  });

  it('loses nothing but marks', () => {
    const next = random(43);
    // Only a labelled link hides something else, its address: it needs a parenthesis.
    const pieces = [...PIECES.filter((piece) => !piece.includes('(')), ...words, ...words, ' '];
    for (let round = 0; round < 1200; round += 1) {
      const text = Array.from({ length: 1 + Math.floor(next() * 14) }, () => pick(pieces, next)).join('');
      expect(visible(parse(text)).replace(MARKS, ''), JSON.stringify(text)).toBe(text.replace(MARKS, ''));
    }
  });

  it('without marks is shown as it is', () => {
    for (const text of [
      'plain',
      '中文，没有标记。',
      'e\u0301'.repeat(500),
      'a\nb',
      '\u202eabc',
      'C:\\dir\\file',
      'a < b & c > d',
      '\ud800',
    ]) {
      expect(visible(parse(text))).toBe(text);
    }
  });
});
