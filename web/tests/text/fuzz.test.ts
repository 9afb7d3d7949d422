/**
 * Hostile text: whatever is typed, the parser answers in time, shows what was typed and links nowhere but out by http, https
 * and mail. Inputs that lead to a tree of a new shape are kept and changed further. The same ones each time; with `FUZZ_SECONDS`
 * it goes on for so long, and with `SEED` from somewhere else.
 */
import { describe, expect, it } from 'vitest';
import { parse } from '../../src/text/parse';
import { MAX_EMPHASIS_DEPTH, MAX_QUOTE_DEPTH, visible, type Block, type Inline } from '../../src/text/tree';
import { Chance } from '../random';

const RUNS = 20_000;
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 0);
const SEED = Number(process.env['SEED'] ?? 2026);
/** The longest text of a message, in characters. */
const LONGEST = 10_000;
/** Time of the processor, not of the clock, which a busy machine lets run. A text of that length takes a few milliseconds. */
const MOST_MS = 500;
/** Kept inputs; beyond that a new one takes the place of an old one. */
const MOST_KEPT = 2_000;
/** Longer inputs are tried, and not changed further: short ones get to the same places sooner. */
const MOST_KEPT_LENGTH = 300;
const MOST_SHAPES = 200_000;

const PIECES = [
  ...[
    '*',
    '**',
    '_',
    '__',
    '~',
    '~~',
    '`',
    '``',
    '```',
    '[',
    ']',
    '(',
    ')',
    '](',
    '\\',
    '>',
    '> ',
    '- ',
    '1. ',
    '2. ',
    '\n',
    '\r\n',
  ],
  ...[
    ' ',
    '  ',
    '\t',
    'a',
    'word',
    '重点',
    '，',
    '“',
    '”',
    'e\u0301',
    '😀',
    '\ud800',
    '\udc00',
    '\u202e',
    '\u200b',
    '\u00a0',
    '\0',
  ],
  ...[
    'http://a.example/x',
    'https://[::1]/',
    'HTTPS://A',
    'http://',
    'mailto:a@b.example',
    'javascript:alert(1)',
    'data:text/html,x',
  ],
  ...[
    '[a](http://b.example)',
    '[http://a.example](https://b.example)',
    '(javascript:alert(1))',
    'http://a@b.example',
    '//a.example',
  ],
  ...['```js\n', '\n```\n', '@Ada', '#general', '<b>', '&amp;', '%0a', '\u2028', '.', ',', '!', '999999999. ', '•'],
];

function text(chance: Chance, kept: readonly string[]): string {
  let made = kept.length > 0 && chance.is(0.7) ? chance.pick(kept) : '';
  for (let changes = chance.between(1, 8); changes > 0; changes -= 1) {
    const from = chance.between(0, made.length);
    const to = chance.is(0.5) ? from : Math.min(made.length, from + chance.between(0, 12));
    const middle = chance.is(0.1) ? made.slice(from, to).repeat(chance.between(2, 40)) : chance.pick(PIECES);
    made = made.slice(0, from) + middle + made.slice(to);
  }
  // Now and then as long as a message may be.
  if (chance.is(0.005)) made = made.repeat(Math.ceil(LONGEST / Math.max(1, made.length)));
  return made.slice(0, LONGEST);
}

/** What kinds stand in what, without their text. */
function shape(blocks: readonly Block[]): string {
  return blocks.map((block) => `${block.kind}(${inside(block)})`).join(',');
}

function inside(block: Block): string {
  switch (block.kind) {
    case 'quote':
      return shape(block.children);
    case 'paragraph':
      return shapes(block.children);
    case 'codeblock':
      return block.language === '' ? '' : 'language';
    case 'box':
      return String(block.done);
    case 'table':
      return [block.head, ...block.rows].map((row) => row.map(shapes).join('|')).join('/');
    default:
      return block.items.map(shape).join('|');
  }
}

function shapes(inlines: readonly Inline[]): string {
  return inlines
    .map((inline) => ('children' in inline ? `${inline.kind}(${shapes(inline.children)})` : inline.kind))
    .join(' ');
}

function* inlinesOf(blocks: readonly Block[]): Generator<readonly Inline[]> {
  for (const block of blocks) {
    if (block.kind === 'quote') yield* inlinesOf(block.children);
    else if (block.kind === 'paragraph') yield block.children;
    else if (block.kind === 'table') yield* [block.head, ...block.rows].flat();
    else if ('items' in block) yield* inlinesOf(block.items.flat());
  }
}

function checkInlines(inlines: readonly Inline[], depth: number, inLink: boolean): void {
  if (depth > MAX_EMPHASIS_DEPTH + 1) throw new Error(`${depth} deep`);
  for (const inline of inlines) {
    if (inline.kind === 'link') {
      if (inLink) throw new Error('a link in a link');
      const url = new URL(inline.href);
      if (!['http:', 'https:', 'mailto:'].includes(url.protocol)) throw new Error(`a link to ${inline.href}`);
      if (url.username !== '' && url.protocol !== 'mailto:') throw new Error(`a disguised host in ${inline.href}`);
      if (url.href !== inline.href) throw new Error(`an address that is not normal: ${inline.href}`);
    }
    if ('children' in inline) checkInlines(inline.children, depth + 1, inLink || inline.kind === 'link');
  }
}

function quoteDepth(blocks: readonly Block[]): number {
  return Math.max(
    0,
    ...blocks.map((block) => {
      if (block.kind === 'quote') return 1 + quoteDepth(block.children);
      return 'items' in block ? quoteDepth(block.items.flat()) : 0;
    }),
  );
}

/** What marks may take away, or a list may number anew. */
const MARKS = /[*_~`<>[\]()\-\s\d.\\•\p{M}]/gu;

function check(typed: string): readonly Block[] {
  const started = process.cpuUsage();
  const blocks = parse(typed);
  const { user, system } = process.cpuUsage(started);
  if ((user + system) / 1_000 > MOST_MS) throw new Error('it took too long');
  for (const inlines of inlinesOf(blocks)) checkInlines(inlines, 0, false);
  if (quoteDepth(blocks) > MAX_QUOTE_DEPTH) throw new Error('quotes too deep');
  const seen = visible(blocks);
  if ((seen.trim() === '') !== (typed.trim() === '')) throw new Error('shown empty');
  // Only a labelled link hides something that is no mark: its address.
  if (!typed.includes('](') && seen.replace(MARKS, '') !== typed.replace(MARKS, ''))
    throw new Error(`shows ${JSON.stringify(seen)}`);
  return blocks;
}

describe('any text', () => {
  it(
    'is parsed in time, shown as it was typed and linked nowhere odd',
    { timeout: (SECONDS + 60) * 1000 },
    async () => {
      const chance = new Chance(SEED);
      const kept: string[] = [];
      const known = new Set<string>();
      const end = performance.now() + SECONDS * 1000;
      let runs = 0;
      for (; runs < RUNS || performance.now() < end; runs += 1) {
        const typed = text(chance, kept);
        const blocks = attempt(typed);
        if (typed.length > MOST_KEPT_LENGTH) continue;
        const found = shape(blocks);
        if (!known.has(found) && known.size < MOST_SHAPES) {
          known.add(found);
          if (kept.length < MOST_KEPT) kept.push(typed);
          else kept[chance.between(0, MOST_KEPT - 1)] = typed;
        }
        // The test runner lives in the same thread.
        if (runs % 5_000 === 0) await new Promise((resolve) => setTimeout(resolve));
      }
      if (SECONDS > 0) console.info(`${runs} texts, ${known.size} shapes of trees`);
      expect(known.size).toBeGreaterThan(1_000);
    },
  );
});

function attempt(typed: string): readonly Block[] {
  try {
    return check(typed);
  } catch (error) {
    throw new Error(`${JSON.stringify(typed)}: ${String(error)}`, { cause: error });
  }
}
