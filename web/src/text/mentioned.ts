/**
 * Texts with mentions: each becomes a part of its own in the tree, as on the server (`model/markup/mentioned.rs`). The tree has
 * no places. So a character that the text does not have stands in the place of each mention while the text is parsed.
 */
import type { Mention } from '../wire';
import { parse, type ParseOptions } from './parse';
import type { Block, Inline } from './tree';

/** No text has characters of both planes for private use. */
const PLANES = [0xf0000, 0x100000] as const;
/** More than a message has mentions. */
const MOST = 1_000;

/** What stands for each mention: the sign, and the mention as it was typed. */
type Typed = ReadonlyMap<string, Inline & { readonly kind: 'mention' }>;

/** Parses a text with these mentions, which are in the order of their places. One that reaches beyond the text is left out. */
export function parseWith(text: string, mentions: readonly Mention[], options: ParseOptions = {}): Block[] {
  const plane = PLANES.find((first) => !signsOf(first).test(text));
  if (mentions.length === 0 || plane === undefined) return parse(text, options);
  const typed = new Map<string, Inline & { readonly kind: 'mention' }>();
  let marked = '';
  let end = 0;
  for (const { start, length, user } of mentions) {
    if (start < end || length < 1 || start + length > text.length || typed.size === MOST) continue;
    const sign = String.fromCodePoint(plane + typed.size);
    marked += text.slice(end, start) + sign;
    end = start + length;
    typed.set(sign, { kind: 'mention', text: text.slice(start, end), user });
  }
  return inBlocks(parse(marked + text.slice(end), options), typed, signsOf(plane));
}

/** Finds the signs of a plane. */
function signsOf(first: number): RegExp {
  return new RegExp(`([\\u{${first.toString(16)}}-\\u{${(first + MOST - 1).toString(16)}}])`, 'u');
}

function inBlocks(blocks: readonly Block[], typed: Typed, signs: RegExp): Block[] {
  const inlines = (all: readonly Inline[]): Inline[] => all.flatMap(inline);
  const asTyped = (text: string): string =>
    text
      .split(signs)
      .map((part) => typed.get(part)?.text ?? part)
      .join('');
  const inline = (one: Inline): readonly Inline[] => {
    switch (one.kind) {
      case 'text':
        return one.text
          .split(signs)
          .filter((part) => part !== '')
          .map((part) => typed.get(part) ?? { kind: 'text', text: part });
      case 'code':
        return [{ ...one, text: asTyped(one.text) }];
      case 'link':
        return [{ ...one, href: asTyped(one.href), title: asTyped(one.title), children: inlines(one.children) }];
      case 'mention':
        return [one];
      default:
        return [{ ...one, children: inlines(one.children) }];
    }
  };
  return blocks.map((block): Block => {
    switch (block.kind) {
      case 'paragraph':
        return { ...block, children: inlines(block.children) };
      case 'quote':
        return { ...block, children: inBlocks(block.children, typed, signs) };
      case 'bullets':
      case 'numbers':
        return { ...block, items: block.items.map((item) => inBlocks(item, typed, signs)) };
      case 'table':
        return { ...block, head: block.head.map(inlines), rows: block.rows.map((row) => row.map(inlines)) };
      case 'codeblock':
        return { ...block, text: asTyped(block.text), language: asTyped(block.language) };
      case 'box':
        return block;
    }
  });
}
