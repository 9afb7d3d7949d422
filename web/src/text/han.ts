/**
 * A guess at the language of a text, for the `lang` attribute: it picks the right Han glyphs and the right voice of a
 * screen reader. No guess is better than a wrong one, so text that is mostly Latin gets none.
 */

/** Languages that are told apart by their letters alone. */
export type EastAsian = 'zh-Hans' | 'ja' | 'ko';

const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/u;
const HANGUL = /\p{Script=Hangul}/u;
/** Latin letters and punctuation, which most texts have alone: they need no closer look. */
const PLAIN = /^[\0-\u024f\u2010-\u2027]*$/;
const LETTERS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;
const OTHER_WORDS = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Arabic}\p{Script=Hebrew}]+/gu;

/** Kana means Japanese, Hangul Korean, Han alone Chinese; undefined when other words outnumber these letters. */
export function langOf(text: string): EastAsian | undefined {
  if (PLAIN.test(text)) return undefined;
  const letters = count(text, LETTERS);
  if (letters === 0 || letters < count(text, OTHER_WORDS)) return undefined;
  if (KANA.test(text)) return 'ja';
  return HANGUL.test(text) ? 'ko' : 'zh-Hans';
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
