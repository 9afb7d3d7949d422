/** Which word with a sign before it is being typed. Pure, so that it can be tried without a browser. */
import type { Source } from './source';

export interface Typed {
  readonly source: Source;
  /** Where its sign stands. */
  readonly from: number;
  readonly letters: string;
}

/** No name is longer. */
const MOST_LETTERS = 80;
/** A sign in the middle of a word, a time or an address begins nothing; one behind Han does, as Chinese has no spaces. */
const INSIDE = /[\p{L}\p{N}_/:#@&]$/u;
const HAN = /\p{Script=Han}$/u;

/** The word that ends at the caret. Behind Han only Latin letters count where the sign may be punctuation. */
export function typedAt(text: string, caret: number, sources: readonly Source[]): Typed | undefined {
  const least = Math.max(0, caret - MOST_LETTERS);
  for (let from = caret - 1; from >= least; from -= 1) {
    const source = sources.find(({ sign }) => sign === text.charAt(from));
    if (source === undefined) continue;
    const before = text.slice(Math.max(0, from - 2), from);
    const letters = text.slice(from + 1, caret);
    if (!source.fits(letters)) continue;
    const begins = HAN.test(before) ? source.isNoPunctuation === true || /^[a-z]/i.test(letters) : !INSIDE.test(before);
    if (!begins) continue;
    return { source, from, letters };
  }
  return undefined;
}
