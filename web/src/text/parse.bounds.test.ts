import { describe, expect, it } from 'vitest';
import { parse } from './parse';
import { PIECES } from './test-pieces';
import { MAX_EMPHASIS_DEPTH, MAX_QUOTE_DEPTH, visible, type Block, type Inline } from './tree';

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
    if (block.kind === 'table')
      return { quotes: 0, inlines: Math.max(...[block.head, ...block.rows].flat().map(inlineDepth)) };
    return 'items' in block ? depths(block.items.flat()) : { quotes: 0, inlines: 0 };
  });
  return {
    quotes: Math.max(0, ...each.map((one) => one.quotes)),
    inlines: Math.max(0, ...each.map((one) => one.inlines)),
  };
}

/** What marks may take away or a list may renumber, and what is stacked too high. */
const MARKS = /[*_~`<>[\]()\-\s\d.\\•|\p{M}]/gu;

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
