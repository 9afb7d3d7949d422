/** The part of a message that a list of hits shows: its beginning, or what stands around the first word that was found. */

/** So many characters before the first word that was found are shown. */
const BEFORE = 60;
/** Enough for the lines that are shown, on any screen. */
const MOST = 400;

type Marks = readonly (readonly [number, number])[];

/** `marks` are places in the text; those of the result are places in the part, whose lines stand in one. */
export function excerptOf(said: string, given: readonly (readonly number[])[]): { text: string; marks: Marks } {
  const marks = given.map(([from = 0, to = 0]): [number, number] => [from, to]);
  const first = marks[0]?.[0] ?? 0;
  let begin = first <= BEFORE * 2 ? 0 : first - BEFORE;
  // Neither in the middle of a character of two units, nor of a word.
  if (begin > 0) {
    const space = said.slice(begin, first).search(/\s/);
    if (space >= 0) begin += space + 1;
    else if (/[\uDC00-\uDFFF]/.test(said.charAt(begin))) begin += 1;
  }
  let end = Math.min(said.length, begin + MOST);
  if (/[\uD800-\uDBFF]/.test(said.charAt(end - 1))) end -= 1;
  const lead = begin > 0 ? '…' : '';
  const text = lead + said.slice(begin, end).replace(/\s/g, ' ') + (end < said.length ? '…' : '');
  const moved = marks.map(([from, to]): [number, number] => [
    from - begin + lead.length,
    Math.min(to, end) - begin + lead.length,
  ]);
  const kept = moved.filter(([from, to]) => from >= lead.length && to > from);
  return plainly(text, kept);
}

/** Without the signs that mark a text up; in a list they would only be read. */
function plainly(text: string, marks: Marks): { text: string; marks: Marks } {
  const gone = [...text.matchAll(/\*{2,3}|~~|`+/g)].map(({ index, 0: sign }) => ({ index, length: sign.length }));
  const before = (at: number): number =>
    gone.reduce((sum, { index, length }) => sum + Math.max(0, Math.min(length, at - index)), 0);
  const moved = marks.map(([from, to]): [number, number] => [from - before(from), to - before(to)]);
  return { text: text.replace(/\*{2,3}|~~|`+/g, ''), marks: moved.filter(([from, to]) => to > from) };
}
