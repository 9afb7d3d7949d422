/**
 * Runs of emphasis marks: whether a run may open or close where it stands, and which two are a pair.
 *
 * The rules are those of CommonMark, except that Han counts as the edge of a word.
 */
import { classAt, classBefore, type CharClass } from './chars';
import type { Marked } from './tree';

/** The marks of emphasis. */
export type Emphasis = '*' | '_' | '~';

/** A run of one emphasis mark, and whether it may open or close. */
export interface Run {
  readonly mark: Emphasis;
  /** Marks in the run as typed. */
  readonly whole: number;
  readonly opens: boolean;
  readonly closes: boolean;
  /** Marks not yet used up. */
  left: number;
}

const EMPHASES: readonly Emphasis[] = ['*', '_', '~'];
/** The kinds of closing runs that need different openers: by mark, by whether they may open, and by length modulo 3. */
export const KINDS_OF_RUN = EMPHASES.length * 6;

/** How often the character at `start` stands there in a row. */
export function runLength(text: string, start: number): number {
  let end = start + 1;
  while (text.charAt(end) === text.charAt(start)) end += 1;
  return end - start;
}

/**
 * A run may open when text follows it and close when text precedes it. Beside narrow punctuation it must also stand at
 * the edge of a word; Han counts as an edge, so `这是**“重点”**吧` works without spaces. `_` never works inside a word.
 */
export function runAt(text: string, start: number, mark: Emphasis): Run {
  const whole = runLength(text, start);
  const before = classBefore(text, start);
  const after = classAt(text, start + whole);
  const usable = mark !== '~' || whole === 2;
  const opens = usable && leansOn(after, before) && (mark !== '_' || before !== 'word');
  const closes = usable && leansOn(before, after) && (mark !== '_' || after !== 'word');
  return { mark, whole, opens, closes, left: whole };
}

/** Whether a mark belongs to the character `inner` on its one side, given `outer` on the other. */
function leansOn(inner: CharClass, outer: CharClass): boolean {
  if (inner === 'space') return false;
  return inner !== 'punctuation' || outer === 'space' || outer === 'punctuation' || outer === 'han';
}

/** Whether two runs may be a pair. The rule of three keeps `**bold*` and the like from pairing by halves. */
export function pairs(open: Run, close: Run): boolean {
  if (open.mark !== close.mark) return false;
  const ambiguous = open.closes || close.opens;
  return !ambiguous || (open.whole + close.whole) % 3 !== 0 || (open.whole % 3 === 0 && close.whole % 3 === 0);
}

/** A number below {@link KINDS_OF_RUN}. */
export function kindOfRun(run: Run): number {
  return EMPHASES.indexOf(run.mark) * 6 + (run.opens ? 3 : 0) + (run.whole % 3);
}

/** What `used` marks on either side make of the text between. */
export function kindOf(mark: Emphasis, used: number): Marked['kind'] {
  if (mark === '~') return 'strike';
  return used === 2 ? 'strong' : 'em';
}
