/**
 * The colours of all code blocks of a message. They share one bound ({@link MAX_COLOURED}): the first blocks are coloured.
 *
 * What knows the languages comes behind the first message. Until then, and where it cannot be loaded, code has one colour.
 */
import type { highlight, Token, TokenKind } from './languages';
import type { Block, CodeBlock } from './tree';

/** The most pieces of code that are coloured in one message: each is an element. */
export const MAX_COLOURED = 500;

let known: typeof highlight | undefined = $state.raw();

/** Loads what knows the languages. Code that is shown already gets its colours then. */
export async function loadLanguages(): Promise<void> {
  known = (await import('./languages')).highlight;
}

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
    const tokens = known?.(block.text, block.language, left) ?? [{ kind: 'plain', text: block.text }];
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
