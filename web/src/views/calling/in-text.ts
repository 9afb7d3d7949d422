/**
 * Which names a text that is being written calls. The server decides when it is sent (`model/mentions.rs`); here it is known
 * before, as far as something is asked or said about it.
 */
import { parseWith } from '../../text/mentioned';
import type { Block, Inline, Item } from '../../text/tree';

/** The words that mean everybody in a channel. */
export const EVERYBODY = ['all', 'everyone', 'here', '所有人'] as const;

/** An `@` in the middle of a word or an address calls nobody; Chinese has no spaces before it. */
const BEFORE = '(?<!(?!\\p{Script=Han})[\\p{L}\\p{N}\\p{M}]|[_@/])@';
/** A name ends where another kind of character follows; behind Han it ends anyhow. */
const BEHIND = '(?:(?<=\\p{Script=Han})|(?![\\p{L}\\p{N}\\p{M}]))';

/** Whether a text calls one of these names: in running text, not in code and not in an address. */
export function isCalled(text: string, names: readonly string[]): boolean {
  if (!text.includes('@') || names.length === 0) return false;
  const any = names.map((name) => name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|');
  const places = [...text.matchAll(new RegExp(`${BEFORE}(?:${any})${BEHIND}`, 'giu'))];
  // The sign alone is looked for: a name may change what the text around it is.
  const mentions = places.map((found) => ({ start: found.index, length: 1 }));
  return mentions.length > 0 && parseWith(text, mentions).some(inBlock);
}

function inBlock(block: Block): boolean {
  switch (block.kind) {
    case 'paragraph':
      return block.children.some(isMention);
    case 'quote':
      return block.children.some(inBlock);
    case 'bullets':
    case 'numbers':
      return block.items.some((item: Item) => item.some(inBlock));
    case 'table':
      return [block.head, ...block.rows].some((row) => row.some((cell) => cell.some(isMention)));
    case 'codeblock':
    case 'box':
      return false;
  }
}

function isMention(inline: Inline): boolean {
  if (inline.kind === 'mention') return true;
  return (
    (inline.kind === 'strong' || inline.kind === 'em' || inline.kind === 'strike') && inline.children.some(isMention)
  );
}
