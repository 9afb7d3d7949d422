/** The colours of all code blocks of a message. They share one bound ({@link MAX_COLOURED}): the first blocks are coloured. */
import { highlight, MAX_COLOURED, type Token, type TokenKind } from './languages';
import type { Block, CodeBlock } from './tree';

/** The pieces of each code block. */
export type Colours = ReadonlyMap<CodeBlock, readonly Token[]>;

const CLASSES: Readonly<Record<TokenKind, string | undefined>> = {
  comment: 'tk-c',
  keyword: 'tk-k',
  string: 'tk-s',
  fn: 'tk-f',
  plain: undefined,
};

/** Fills an element with code in its colours, nodes without components like those of `inlines.ts`. For `{@attach}`. */
export function tokensIn(tokens: readonly Token[]): (element: Element) => void {
  return (element) => element.replaceChildren(...tokens.map(nodeOf));
}

function nodeOf({ kind, text }: Token): Node {
  const name = CLASSES[kind];
  if (name === undefined) return document.createTextNode(text);
  const element = document.createElement('span');
  element.className = name;
  element.textContent = text;
  return element;
}

export function coloursOf(blocks: readonly Block[]): Colours {
  const colours = new Map<CodeBlock, readonly Token[]>();
  let left = MAX_COLOURED;
  for (const block of codeIn(blocks)) {
    const tokens = highlight(block.text, block.language, left);
    left -= tokens.filter(({ kind }) => kind !== 'plain').length;
    colours.set(block, tokens);
  }
  return colours;
}

function* codeIn(blocks: readonly Block[]): Generator<CodeBlock> {
  for (const block of blocks) {
    switch (block.kind) {
      case 'codeblock':
        yield block;
        break;
      case 'quote':
        yield* codeIn(block.children);
        break;
      case 'bullets':
      case 'numbers':
        yield* codeIn(block.items.flat());
        break;
      case 'paragraph':
      case 'box':
      case 'table':
    }
  }
}
