/**
 * Parses a message's text to blocks: paragraphs, quotes, lists, tables, fenced code. What is inside a line is parsed by
 * `inline.ts`.
 *
 * It never throws, takes linear time, and loses no text: a mark without content (a lone `>`, `-` or fence) stays as it
 * was typed, so a message is never shown empty. What a message may be made of is bounded ({@link MAX_PARTS}).
 */
import { parseInline } from './inline';
import { Parts } from './parts';
import { alignsOf, cellsOf, rowOf } from './tables';
import { MAX_LIST_DEPTH, MAX_MARKS, MAX_QUOTE_DEPTH, type Block, type Inline, type Item } from './tree';

/** Every line break of Unicode (UAX 14: BK, CR, LF and NL). */
const LINE_BREAK = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/;
/** A quote mark, but not the beginning of a face such as `>:(`, `>_<` or `>.<`. */
const QUOTE = /^ {0,3}>(?![:;=_.<-])\s?/;
const FENCE = /^( {0,3})(`{3,})([^`]*)$/;
const BULLET = /^\s*[-*•]\s+(?=\S)/;
const NUMBER = /^\s*(0|[1-9]\d{0,8})\.\s+(?=\S)/;
/** A text that tells what its author does. */
const ME = /^\/me[ \t]+(?=\S)/;
/** The box of a task, at the beginning of a list item without a number. */
const BOX = /^\[([ xX])\]\s+(?=\S)/;
const LANGUAGE = /^[^\s]{0,32}$/;
/** More marks on one letter than are shown. */
const STACKED = new RegExp(`(\\p{M}{${MAX_MARKS}})\\p{M}+`, 'gu');
/** A line that stands this much deeper than the mark of a list item belongs to the item, in columns. */
const DEEPER = 2;
/** How wide a tab is, in columns. */
const TAB = 4;
/** What a code block takes of the parts of a message: it has a head, a button and a box. */
const PARTS_OF_CODE = 8;

export interface ParseOptions {
  /** Who wrote the text. Without it, `/me` is text. */
  readonly author?: string;
}

/** Parses a message's text. Every string is valid. */
export function parse(text: string, options: ParseOptions = {}): Block[] {
  const { author } = options;
  const told = author === undefined ? null : ME.exec(text);
  const lines = text.slice(told?.[0].length).replace(STACKED, '$1').split(LINE_BREAK);
  const blocks = new BlockParser(lines, { parts: new Parts(), quotes: 0, lists: 0 }).parse();
  return told === null || author === undefined ? blocks : doneBy(author, blocks);
}

/** What `/me` makes of a text: it tells what its author does, and begins with their name. */
function doneBy(author: string, [first, ...rest]: readonly Block[]): Block[] {
  const lone = first?.kind === 'paragraph' ? first : undefined;
  const told: Inline[] = [{ kind: 'text', text: `${author} ` }, ...(lone?.children ?? [])];
  const others = first === undefined || lone !== undefined ? rest : [first, ...rest];
  return [{ kind: 'paragraph', children: [{ kind: 'em', children: told }] }, ...others];
}

/** What the parser of nested lines gets from the parser around it. */
interface Around {
  readonly parts: Parts;
  /** How many quotes stand around these lines. */
  readonly quotes: number;
  /** How many lists stand around these lines. */
  readonly lists: number;
}

class BlockParser {
  private next = 0;
  private readonly blocks: Block[] = [];
  private paragraph: string[] = [];

  constructor(
    private readonly lines: readonly string[],
    private readonly around: Around,
  ) {}

  parse(): Block[] {
    while (this.next < this.lines.length && this.around.parts.left > 0) {
      const block = this.fence() ?? this.quote() ?? this.bullets() ?? this.numbers() ?? this.table();
      if (block === undefined) {
        this.paragraphLine();
      } else {
        this.endParagraph();
        this.blocks.push(block);
      }
    }
    this.paragraph.push(...this.lines.slice(this.next));
    this.endParagraph();
    return this.blocks;
  }

  private paragraphLine(): void {
    const line = this.line();
    this.next += 1;
    if (line.trim() === '') this.endParagraph();
    // Beside a list mark, the indentation belongs to the list.
    else this.paragraph.push(this.around.lists > 0 ? line.trimStart() : line);
  }

  private endParagraph(): void {
    const text = this.paragraph.join('\n');
    this.paragraph = [];
    if (text.trim() === '') return;
    this.around.parts.take();
    this.blocks.push({ kind: 'paragraph', children: this.inline(text) });
  }

  /** A fence without an end goes on to the end of the text. Words after the opening fence are code, one is a language. */
  private fence(): Block | undefined {
    const [, indent = '', ticks, info = ''] = FENCE.exec(this.line()) ?? [];
    if (ticks === undefined) return undefined;
    let end = this.next + 1;
    while (end < this.lines.length && !closesFence(this.line(end), ticks.length)) end += 1;
    const code = this.lines.slice(this.next + 1, end).map((line) => withoutIndent(line, indent.length));
    const hasLanguage = LANGUAGE.test(info.trim());
    if (!hasLanguage) code.unshift(info.trim());
    const language = hasLanguage ? info.trim() : '';
    const text = code.join('\n');
    if (language === '' && text.trim() === '') return this.asTyped(end + 1);
    this.next = end + 1;
    this.around.parts.take(PARTS_OF_CODE);
    return { kind: 'codeblock', language, text };
  }

  private quote(): Block | undefined {
    const { quotes } = this.around;
    if (quotes >= MAX_QUOTE_DEPTH || !QUOTE.test(this.line())) return undefined;
    let end = this.next;
    while (end < this.lines.length && QUOTE.test(this.line(end))) end += 1;
    const inner = this.lines.slice(this.next, end).map((line) => line.replace(QUOTE, ''));
    if (inner.every((line) => line.trim() === '')) return this.asTyped(end);
    this.next = end;
    this.around.parts.take();
    return { kind: 'quote', children: new BlockParser(inner, { ...this.around, quotes: quotes + 1 }).parse() };
  }

  private bullets(): Block | undefined {
    const items: Item[] = [];
    while (this.startsItem(BULLET)) items.push(this.item(BULLET));
    return items.length === 0 ? undefined : { kind: 'bullets', items };
  }

  /** A number that neither follows nor repeats the one before starts a list of its own, so that it is kept. */
  private numbers(): Block | undefined {
    const start = numberOf(this.line());
    if (start === undefined) return undefined;
    const items: Item[] = [];
    let last = start;
    while (this.startsItem(NUMBER)) {
      const number = numberOf(this.line()) ?? last;
      if (items.length > 0 && number !== last && number !== last + 1) break;
      items.push(this.item(NUMBER));
      last = number;
    }
    return items.length === 0 ? undefined : { kind: 'numbers', start, items };
  }

  private startsItem(marker: RegExp): boolean {
    return this.around.lists < MAX_LIST_DEPTH && this.around.parts.left > 0 && marker.test(this.line());
  }

  /** The list item that starts here: what follows its mark, and the lines that stand deeper than the mark. */
  private item(marker: RegExp): Item {
    const first = this.line();
    const [mark = ''] = marker.exec(first) ?? [];
    const depth = columnsOf(first) + DEEPER;
    const lines = [first.slice(mark.length)];
    const end = this.itemEnd(depth);
    for (const line of this.lines.slice(this.next + 1, end)) lines.push(withoutIndent(line, columnsIn(mark)));
    this.next = end;
    this.around.parts.take();
    const box = marker === BULLET ? BOX.exec(lines[0] ?? '') : null;
    if (box !== null) lines[0] = (lines[0] ?? '').slice(box[0].length);
    const blocks = new BlockParser(lines, { ...this.around, lists: this.around.lists + 1 }).parse();
    return box === null ? blocks : [{ kind: 'box', done: box[1] !== ' ' }, ...blocks];
  }

  /** A line of cells with a line of dashes below it, and the rows that follow. A line without a bar ends it. */
  private table(): Block | undefined {
    const names = cellsOf(this.line());
    // A head without names would be marks and nothing else.
    const aligns =
      names?.some((name) => name !== '') !== true ? undefined : alignsOf(this.line(this.next + 1), names.length);
    if (names === undefined || aligns === undefined) return undefined;
    this.next += 2;
    const head = this.cells(names);
    const rows: Inline[][][] = [];
    while (this.around.parts.left > 0) {
      const row = rowOf(this.line(), names.length);
      if (row === undefined) break;
      this.next += 1;
      rows.push(this.cells(row));
    }
    return { kind: 'table', aligns, head, rows };
  }

  private cells(texts: readonly string[]): Inline[][] {
    this.around.parts.take(texts.length);
    return texts.map((text) => this.inline(text));
  }

  /** The first line that does not belong to the item that starts here. Blank lines do when a deeper one follows. */
  private itemEnd(depth: number): number {
    let end = this.next + 1;
    for (let index = end; index < this.lines.length; index += 1) {
      const line = this.line(index);
      if (line.trim() === '') continue;
      if (columnsOf(line) < depth) break;
      end = index + 1;
    }
    return end;
  }

  /** The lines up to `end` hold marks and nothing else: shown as they are, or nobody would see that they are there. */
  private asTyped(end: number): Block {
    const text = this.lines.slice(this.next, end).join(' ');
    this.next = end;
    this.around.parts.take();
    return { kind: 'paragraph', children: [{ kind: 'text', text }] };
  }

  private inline(text: string): Inline[] {
    return parseInline(text, this.around.parts);
  }

  /** A line, by default the next one; empty past the end. */
  private line(index: number = this.next): string {
    return this.lines[index] ?? '';
  }
}

function numberOf(line: string): number | undefined {
  const digits = NUMBER.exec(line)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function closesFence(line: string, length: number): boolean {
  const ticks = /^ {0,3}(`+)\s*$/.exec(line)?.[1];
  return ticks !== undefined && ticks.length >= length;
}

/** How far a line is indented, in columns. */
function columnsOf(line: string): number {
  return columnsIn(line.slice(0, line.length - line.trimStart().length));
}

/** How wide a text is in columns, where tabs go to the next stop and every other sign is one wide. */
function columnsIn(text: string): number {
  let columns = 0;
  for (const char of text) columns += char === '\t' ? TAB - (columns % TAB) : 1;
  return columns;
}

/** A line without up to so many columns of its indentation. A tab that reaches further leaves spaces. */
function withoutIndent(line: string, most: number): string {
  let columns = 0;
  let at = 0;
  while (columns < most && /\s/.test(line.charAt(at))) {
    columns += line.charAt(at) === '\t' ? TAB - (columns % TAB) : 1;
    at += 1;
  }
  return ' '.repeat(Math.max(0, columns - most)) + line.slice(at);
}
