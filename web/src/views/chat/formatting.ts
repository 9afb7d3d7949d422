/** What the buttons and keys for marked-up text do to the text of a field. Pure, so that it can be tried without a browser. */
import { replace } from './replacing';

/** The marks around words, and those at the beginning of lines. */
const AROUND = { bold: '**', italic: '*', strike: '~~', code: '`' } as const;
const BEFORE = { bullets: '- ', numbers: '1. ', tasks: '- [ ] ', quote: '> ' } as const;

export type Format = keyof typeof AROUND | keyof typeof BEFORE | 'block' | 'link' | 'table';

/** What takes the place of the text from `from` to `to`, and what is selected afterwards. Positions are UTF-16 units. */
export interface Change {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly selected: readonly [start: number, end: number];
}

/** What a format does to a text of which the part from `start` to `end` is selected. The same again takes marks away. */
export function formatted(text: string, start: number, end: number, format: Format): Change {
  if (format in BEFORE) return linesWith(text, start, end, format as keyof typeof BEFORE);
  switch (format) {
    case 'block':
      return ownLines(text, start, end, `\`\`\`\n${text.slice(start, end)}\n\`\`\``, 4);
    case 'table':
      return ownLines(text, start, end, '|  |  |\n| --- | --- |\n|  |  |', 2);
    case 'link':
      return link(text, start, end);
    default:
      return wordsIn(text, start, end, AROUND[format as keyof typeof AROUND]);
  }
}

/** Marks around what is selected, without the spaces at its ends: marks do not count beside a space. */
function wordsIn(text: string, start: number, end: number, mark: string): Change {
  const chosen = text.slice(start, end);
  const from = start + (chosen.length - chosen.trimStart().length);
  const to = Math.max(from, end - (chosen.length - chosen.trimEnd().length));
  const inner = text.slice(from, to);
  const { length } = mark;
  if (isMarked(text.slice(0, from), text.slice(to), mark)) {
    return { from: from - length, to: to + length, text: inner, selected: [from - length, to - length] };
  }
  if (inner.length > length * 2 && inner.startsWith(mark) && inner.endsWith(mark)) {
    return { from, to, text: inner.slice(length, -length), selected: [from, to - length * 2] };
  }
  return { from, to, text: mark + inner + mark, selected: [from + length, to + length] };
}

/** Whether the mark, and no longer run of its sign, stands on both sides. */
function isMarked(before: string, behind: string, mark: string): boolean {
  const sign = mark.charAt(0);
  const left = before.length - before.replace(new RegExp(`\\${sign}+$`), '').length;
  const right = behind.length - behind.replace(new RegExp(`^\\${sign}+`), '').length;
  // Three asterisks are a bold and an italic.
  const fits = (run: number): boolean => run === mark.length || (sign === '*' && run === 3);
  return fits(left) && fits(right);
}

function linesWith(text: string, start: number, end: number, format: keyof typeof BEFORE): Change {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const next = text.indexOf('\n', Math.max(start, end - 1));
  const to = next < 0 ? text.length : next;
  const lines = text.slice(from, to).split('\n');
  const mark = BEFORE[format];
  const typed = format === 'numbers' ? /^\d+\. / : undefined;
  const has = (line: string): boolean => typed?.test(line) ?? line.startsWith(mark);
  const without = lines.every((line) => line === '' || has(line)) && lines.some(has);
  const made = lines.map((line, index) => {
    if (without) return typed === undefined ? line.slice(mark.length) : line.replace(typed, '');
    return (format === 'numbers' ? `${index + 1}. ` : mark) + line;
  });
  const all = made.join('\n');
  const whole = start !== end;
  return { from, to, text: all, selected: [whole ? from : from + all.length, from + all.length] };
}

/** Puts something on lines of its own; the selection begins `inside` units after its beginning. */
function ownLines(text: string, start: number, end: number, made: string, inside: number): Change {
  const before = start > 0 && text.charAt(start - 1) !== '\n' ? '\n' : '';
  const behind = end < text.length && text.charAt(end) !== '\n' ? '\n' : '';
  const at = start + before.length + inside;
  return { from: start, to: end, text: before + made + behind, selected: [at, at + (inside === 4 ? end - start : 0)] };
}

/** A link around words waits for its address, one around an address for its words. */
function link(text: string, start: number, end: number): Change {
  const chosen = text.slice(start, end);
  if (/^https?:\/\/\S+$/.test(chosen)) {
    return { from: start, to: end, text: `[](${chosen})`, selected: [start + 1, start + 1] };
  }
  const at = end + 3;
  return { from: start, to: end, text: `[${chosen}](https://)`, selected: [at, at + 'https://'.length] };
}

/** Does it in a field. */
export function format(field: HTMLTextAreaElement, how: Format): void {
  const { from, to, text, selected } = formatted(field.value, field.selectionStart, field.selectionEnd, how);
  replace(field, from, to, text);
  field.setSelectionRange(...selected);
}
