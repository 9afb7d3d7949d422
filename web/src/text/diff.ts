/** What differs between the forms of a text: words, and each character of the scripts that write without spaces. */

/** A piece of a form: whether it was added to the form before, or taken out for the one after. */
export interface Piece {
  readonly text: string;
  readonly mark: 'added' | 'taken' | null;
}

/** Texts that differ in more than so many pairs of words are told apart as a whole. */
const MOST_PAIRS = 2_000_000;

const WORDS =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]|(?:(?![\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}])[\p{L}\p{M}\p{N}_])+|\s+|[^]/gu;

/** The pieces of each form; the forms are in the order of writing. */
export function piecesOf(forms: readonly string[]): readonly (readonly Piece[])[] {
  const words = forms.map((form) => form.match(WORDS) ?? []);
  const marks = words.map((of) => of.map((): Piece['mark'] => null));
  for (let at = 1; at < words.length; at += 1) {
    const { added, taken } = differences(words[at - 1] ?? [], words[at] ?? []);
    for (const word of added) mark(marks[at], word, 'added');
    // What came and went again is what went.
    for (const word of taken) mark(marks[at - 1], word, 'taken');
  }
  return words.map((of, form) => joined(of, marks[form] ?? []));
}

function mark(marks: Piece['mark'][] | undefined, at: number, as: Piece['mark']): void {
  if (marks !== undefined) marks[at] = as;
}

/** Which words of `after` are new, and which of `before` are gone: what is left is the longest that both have in order. */
function differences(before: readonly string[], after: readonly string[]): { added: number[]; taken: number[] } {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const [left, right] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
  const [taken, added]: [number[], number[]] = [[], []];
  const kept = left.length * right.length > MOST_PAIRS ? null : lengths(left, right);
  const at = (i: number, j: number): number => kept?.[i * (right.length + 1) + j] ?? 0;
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    if (kept !== null && i < left.length && j < right.length && left[i] === right[j]) [i, j] = [i + 1, j + 1];
    else if (j >= right.length || (i < left.length && at(i + 1, j) >= at(i, j + 1))) taken.push(start + i++);
    else added.push(start + j++);
  }
  return { added, taken };
}

/** How many words the rests of both have in common, from each place of one and of the other. */
function lengths(left: readonly string[], right: readonly string[]): Uint16Array {
  const width = right.length + 1;
  const all = new Uint16Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i -= 1)
    for (let j = right.length - 1; j >= 0; j -= 1) {
      const same = left[i] === right[j];
      const [down, along] = [all[(i + 1) * width + j] ?? 0, all[i * width + j + 1] ?? 0];
      all[i * width + j] = same ? (all[(i + 1) * width + j + 1] ?? 0) + 1 : Math.max(down, along);
    }
  return all;
}

/** Neighbours with the same mark are one piece, with the spaces between them. */
function joined(words: readonly string[], marks: readonly Piece['mark'][]): Piece[] {
  const pieces: { text: string; mark: Piece['mark'] }[] = [];
  words.forEach((text, at) => {
    const between = marks[at] === null && text.trim() === '' && marks[at - 1] === marks[at + 1];
    const mark = between ? (marks[at - 1] ?? null) : (marks[at] ?? null);
    const last = pieces.at(-1);
    if (last?.mark === mark) last.text += text;
    else pieces.push({ text, mark });
  });
  return pieces;
}
