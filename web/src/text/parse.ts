/**
 * A message's text → blocks: paragraphs, quotes, lists, fenced code. The lines decide; what is inside a line is
 * `inline.ts`'s.
 *
 * It never throws, takes linear time, and loses no text: a mark without content (a lone `>`, `-` or fence) stays as it
 * was typed, so a message is never shown empty.
 */
import { parseInline } from './inline';
import { MAX_QUOTE_DEPTH, type Block, type Inline, type Resolve } from './tree';

/** Not followed by what makes it a face: `>:(`, `>_<`, `>.<`. */
const QUOTE = /^ {0,3}>(?![:;=_.<-])\s?/;
const FENCE = /^ {0,3}(`{3,})([^`]*)$/;
const BULLET = /^\s*[-*•]\s+(?=\S)/;
const NUMBER = /^\s*(0|[1-9]\d{0,8})\.\s+(?=\S)/;
const CONTINUES_ITEM = /^(?: {2,}|\t)\s*(?=\S)/;
const LANGUAGE = /^[^\s]{0,32}$/;

/** How {@link parse} finds names, when somebody knows them. */
export interface ParseOptions {
  readonly resolve?: Resolve;
}

/** Parses a message's text. Any string will do. */
export function parse(text: string, options: ParseOptions = {}): Block[] {
  return new BlockParser(text.split(/\r\n|[\r\n]/), options.resolve, 0).parse();
}

class BlockParser {
  private next = 0;
  private readonly blocks: Block[] = [];
  private paragraph: string[] = [];

  constructor(
    private readonly lines: readonly string[],
    private readonly resolve: Resolve | undefined,
    private readonly quoteDepth: number,
  ) {}

  parse(): Block[] {
    while (this.next < this.lines.length) {
      const block = this.fence() ?? this.quote() ?? this.bullets() ?? this.numbers();
      if (block === undefined) {
        this.paragraphLine();
      } else {
        this.endParagraph();
        this.blocks.push(block);
      }
    }
    this.endParagraph();
    return this.blocks;
  }

  private paragraphLine(): void {
    const line = this.line();
    this.next += 1;
    if (line.trim() === '') this.endParagraph();
    else this.paragraph.push(line);
  }

  private endParagraph(): void {
    if (this.paragraph.length === 0) return;
    this.blocks.push({ kind: 'paragraph', children: this.inline(this.paragraph.join('\n')) });
    this.paragraph = [];
  }

  /** A fence without an end goes on to the end of the text. Words after the opening fence are code, one is a language. */
  private fence(): Block | undefined {
    const [, ticks, info = ''] = FENCE.exec(this.line()) ?? [];
    if (ticks === undefined) return undefined;
    let end = this.next + 1;
    while (end < this.lines.length && !closesFence(this.line(end), ticks.length)) end += 1;
    const code = this.lines.slice(this.next + 1, end);
    const hasLanguage = LANGUAGE.test(info.trim());
    if (!hasLanguage) code.unshift(info.trim());
    const language = hasLanguage ? info.trim() : '';
    const text = code.join('\n');
    if (language === '' && text.trim() === '') return this.asTyped(end + 1);
    this.next = end + 1;
    return { kind: 'codeblock', language, text };
  }

  private quote(): Block | undefined {
    if (this.quoteDepth >= MAX_QUOTE_DEPTH || !QUOTE.test(this.line())) return undefined;
    let end = this.next;
    while (end < this.lines.length && QUOTE.test(this.line(end))) end += 1;
    const inner = this.lines.slice(this.next, end).map((line) => line.replace(QUOTE, ''));
    if (inner.every((line) => line.trim() === '')) return this.asTyped(end);
    this.next = end;
    return { kind: 'quote', children: new BlockParser(inner, this.resolve, this.quoteDepth + 1).parse() };
  }

  private bullets(): Block | undefined {
    const items: Inline[][] = [];
    while (BULLET.test(this.line())) items.push(this.item(BULLET));
    return items.length === 0 ? undefined : { kind: 'bullets', items };
  }

  /** A number that neither follows nor repeats the one before starts a list of its own, so that it is kept. */
  private numbers(): Block | undefined {
    const start = numberOf(this.line());
    if (start === undefined) return undefined;
    const items: Inline[][] = [];
    let last = start;
    for (let number: number | undefined = start; number !== undefined; number = numberOf(this.line())) {
      if (items.length > 0 && number !== last && number !== last + 1) break;
      items.push(this.item(NUMBER));
      last = number;
    }
    return { kind: 'numbers', start, items };
  }

  /** The list item that starts here, with its indented further lines. */
  private item(marker: RegExp): Inline[] {
    const lines = [this.line().replace(marker, '')];
    this.next += 1;
    while (CONTINUES_ITEM.test(this.line()) && !isItem(this.line())) {
      lines.push(this.line().replace(CONTINUES_ITEM, ''));
      this.next += 1;
    }
    return this.inline(lines.join('\n'));
  }

  /** The lines up to `end` hold marks and nothing else: shown as they are, or nobody would see that they are there. */
  private asTyped(end: number): Block {
    const text = this.lines.slice(this.next, end).join(' ');
    this.next = end;
    return { kind: 'paragraph', children: [{ kind: 'text', text }] };
  }

  private inline(text: string): Inline[] {
    return parseInline(text, this.resolve);
  }

  /** A line, by default the next one; empty past the end. */
  private line(index: number = this.next): string {
    return this.lines[index] ?? '';
  }
}

function isItem(line: string): boolean {
  return BULLET.test(line) || NUMBER.test(line);
}

function numberOf(line: string): number | undefined {
  const digits = NUMBER.exec(line)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function closesFence(line: string, length: number): boolean {
  const ticks = /^ {0,3}(`+)\s*$/.exec(line)?.[1];
  return ticks !== undefined && ticks.length >= length;
}
