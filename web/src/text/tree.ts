/**
 * The tree that a message's text is parsed to, and what bounds it.
 *
 * A message is a list of blocks; a block holds inlines; inlines may hold inlines. Every kind is a plain object with a
 * `kind`, so a view is one exhaustive `switch`. Nothing here knows the DOM, and no node ever holds markup: whoever draws
 * the tree draws text and elements, never HTML.
 */

/** How deep emphasis may stand inside itself. Marks beyond that stay plain text; a link may go around all of it. */
export const MAX_EMPHASIS_DEPTH = 8;

/** How deep quotes may stand inside one another: a quote, and a quote in it. Further `>` stay plain text. */
export const MAX_QUOTE_DEPTH = 2;

/** How deep lists may stand inside one another. Marks of lists beyond that stay plain text. */
export const MAX_LIST_DEPTH = 5;

/**
 * The most parts that one message is made of: blocks, list items, emphasis, code spans, links. What comes after them
 * is shown as it was typed, so that no text makes a page of elements.
 */
export const MAX_PARTS = 600;

/** The most combining marks that are shown on one letter; no script stacks as many. */
export const MAX_MARKS = 8;

/** The longest address that becomes a link, in UTF-16 units. Longer ones stay plain text. */
export const MAX_ADDRESS = 2048;

/** Text as it was typed. Line breaks in it are line feeds, which the style shows. */
export interface Text {
  readonly kind: 'text';
  readonly text: string;
}

export interface CodeSpan {
  readonly kind: 'code';
  readonly text: string;
}

/** Emphasis of some sort, around other inlines. */
export interface Marked {
  readonly kind: 'strong' | 'em' | 'strike';
  readonly children: readonly Inline[];
}

/** A link out. `href` is normalised and always http, https or mailto. */
export interface Link {
  readonly kind: 'link';
  readonly href: string;
  /** True when the writer gave the link words of its own, so that the address is not to be seen. */
  readonly labelled: boolean;
  /** What the writer gave as the link's title, or empty. */
  readonly title: string;
  readonly children: readonly Inline[];
}

/** A call of a person, or of everybody in the channel, as it was typed. */
export interface MentionSpan {
  readonly kind: 'mention';
  readonly text: string;
  /** The id of the person; `undefined` for everybody. */
  readonly user: number | undefined;
}

export type Inline = Text | CodeSpan | Marked | Link | MentionSpan;

export interface Paragraph {
  readonly kind: 'paragraph';
  readonly children: readonly Inline[];
}

export interface Quote {
  readonly kind: 'quote';
  readonly children: readonly Block[];
}

/**
 * What stands beside one mark of a list: mostly a paragraph, perhaps with code or another list below it. The item of a
 * task begins with its box.
 */
export type Item = readonly Block[];

/** The box of a task. */
export interface Box {
  readonly kind: 'box';
  readonly done: boolean;
}

export interface Bullets {
  readonly kind: 'bullets';
  readonly items: readonly Item[];
}

export interface Numbers {
  readonly kind: 'numbers';
  readonly start: number;
  readonly items: readonly Item[];
}

export interface CodeBlock {
  readonly kind: 'codeblock';
  /** As typed after the fence, or empty. */
  readonly language: string;
  readonly text: string;
}

/** How a column is aligned; empty for the beginning of the line. */
export type Align = '' | 'center' | 'end';

/** Every row has as many cells as the head. */
export interface Table {
  readonly kind: 'table';
  readonly aligns: readonly Align[];
  readonly head: readonly (readonly Inline[])[];
  readonly rows: readonly (readonly (readonly Inline[])[])[];
}

export type Block = Paragraph | Quote | Bullets | Numbers | CodeBlock | Box | Table;

/** The text that a reader sees, without marks: blocks on lines of their own. For previews and titles. */
export function visible(blocks: readonly Block[]): string {
  return blocks.map(visibleBlock).join('\n');
}

function visibleBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return visibleInlines(block.children);
    case 'quote':
      return visible(block.children);
    case 'bullets':
      return block.items.map(visible).join('\n');
    case 'numbers':
      return block.items.map((item, index) => `${block.start + index}. ${visible(item)}`).join('\n');
    case 'box':
      return block.done ? '[x]' : '[ ]';
    case 'table':
      return [block.head, ...block.rows].map((row) => row.map(visibleInlines).join('\t')).join('\n');
    case 'codeblock':
      return block.language === '' ? block.text : `${block.language}\n${block.text}`;
  }
}

function visibleInlines(inlines: readonly Inline[]): string {
  return inlines.map(visibleInline).join('');
}

function visibleInline(inline: Inline): string {
  switch (inline.kind) {
    case 'text':
    case 'code':
    case 'mention':
      return inline.text;
    case 'strong':
    case 'em':
    case 'strike':
    case 'link':
      return visibleInlines(inline.children);
  }
}
