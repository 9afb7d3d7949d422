/**
 * The kind of character beside a mark. The rules of emphasis, links and names depend on it.
 *
 * Chinese and Japanese are written without spaces, so "a mark stands at the edge of a word" cannot mean "beside a space"
 * there: Han, kana and full-width punctuation are a class of their own, which counts as an edge.
 */

/**
 * `han` has the full-width punctuation too; `punctuation` is the narrow kind; `word` a letter or digit of a script that
 * puts spaces between words. Emoji are `other`: they count as words of their own. The edge of a text is `space`.
 */
export type CharClass = 'space' | 'punctuation' | 'han' | 'word' | 'other';

const SPACE = /^\s?$/u;
const PUNCTUATION = /^[\p{P}\p{Sc}\p{Sk}\p{Sm}]$/u;
const WORD = /^[\p{L}\p{N}\p{M}_]$/u;
const HAN =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\u30fb-\u30ff\ufe30-\ufe4f\uff00-\uffef]$/u;
const ASCII: readonly CharClass[] = Array.from({ length: 128 }, (_, code) => classify(String.fromCharCode(code)));

/** The class of the code point that ends just before `index`. */
export function classBefore(text: string, index: number): CharClass {
  const pair = codePointAt(text, index - 2);
  return classOf(pair.length === 2 ? pair : codePointAt(text, index - 1));
}

/** The class of the code point that starts at `index`. */
export function classAt(text: string, index: number): CharClass {
  return classOf(codePointAt(text, index));
}

function codePointAt(text: string, index: number): string {
  const point = index < 0 ? undefined : text.codePointAt(index);
  return point === undefined ? '' : String.fromCodePoint(point);
}

function classOf(char: string): CharClass {
  return (char === '' ? 'space' : ASCII[char.charCodeAt(0)]) ?? classify(char);
}

function classify(char: string): CharClass {
  if (SPACE.test(char)) return 'space';
  if (HAN.test(char)) return 'han';
  // The underscore is a mark and part of words: as a neighbour of a mark it is punctuation.
  if (PUNCTUATION.test(char)) return 'punctuation';
  return WORD.test(char) ? 'word' : 'other';
}
