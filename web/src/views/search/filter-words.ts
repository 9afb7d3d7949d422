/** The words that begin a filter in the field, in both languages: which filter is being typed, and what may be typed for it. */
import type { Language } from '../../i18n';
import type { Readable } from '../../text/finding';
import type { Filter } from './asked';
import { beginningOf, isDay } from './days';

export type Kind = Filter['kind'];

/** A word for a filter or for its value, with its reading in Pinyin. */
interface Word {
  readonly en: string;
  readonly zh: Readable;
}

export const KINDS: Readonly<Record<Kind, Word>> = {
  from: { en: 'from', zh: { name: '发送人', reading: 'fa song ren' } },
  in: { en: 'in', zh: { name: '频道', reading: 'pin dao' } },
  before: { en: 'before', zh: { name: '之前', reading: 'zhi qian' } },
  after: { en: 'after', zh: { name: '之后', reading: 'zhi hou' } },
  has: { en: 'has', zh: { name: '包含', reading: 'bao han' } },
  is: { en: 'is', zh: { name: '属于', reading: 'shu yu' } },
  mentions: { en: 'mentions', zh: { name: '提到', reading: 'ti dao' } },
};
const ALL = Object.keys(KINDS) as Kind[];

/** What may stand behind a word, by its code. */
export const VALUES = {
  file: { en: 'file', zh: { name: '文件', reading: 'wen jian' } },
  image: { en: 'image', zh: { name: '图片', reading: 'tu pian' } },
  link: { en: 'link', zh: { name: '链接', reading: 'lian jie' } },
  saved: { en: 'saved', zh: { name: '收藏', reading: 'shou cang' } },
  thread: { en: 'thread', zh: { name: '话题', reading: 'hua ti' } },
  me: { en: 'me', zh: { name: '我', reading: 'wo' } },
} as const satisfies Readonly<Record<string, Word>>;

const WORDS = ALL.flatMap((kind) => [KINDS[kind].en, KINDS[kind].zh.name]).join('|');
const TYPED = new RegExp(`(^|\\s)(${WORDS})[:：](?:"([^"]*)|([^\\s"]*))$`, 'iu');
const WHOLE = new RegExp(`(^|\\s)(?:${WORDS})[:：](?:"[^"]*"|[^\\s"]+)`, 'giu');
/** A phrase, in which filters are only words, or a filter with a day. */
const DAYS = new RegExp(`(^|\\s)(${WORDS})[:：]"?(\\d{4}-\\d{1,2}-\\d{1,2})"?(?=\\s|$)|["“「][^"”」]*["”」]`, 'giu');

/** The word at the end of what was typed up to the caret. */
export interface TypedWord {
  /** Which filter it is of; `null` for a word that is looked for. */
  readonly kind: Kind | null;
  /** Behind the colon, or of the word. */
  readonly letters: string;
  /** Where it begins. */
  readonly from: number;
}

export function typedWord(before: string): TypedWord | null {
  const filter = TYPED.exec(before);
  if (filter !== null) {
    const [, space = '', word = '', quoted, plain = ''] = filter;
    return { kind: kindOf(word), letters: quoted ?? plain, from: filter.index + space.length };
  }
  const letters = /[^\s"]+$/u.exec(before)?.[0];
  return letters === undefined ? null : { kind: null, letters, from: before.length - letters.length };
}

/** A text without the filters that are typed in it as a whole. */
export function withoutFilterWords(text: string): string {
  return text.replace(WHOLE, '$1').replace(/\s+/g, ' ').trim();
}

/** A text without the filters with days that are typed in it, and those. The server would take such days for days in UTC. */
export function typedDays(text: string): { readonly left: string; readonly filters: readonly Filter[] } {
  const filters: Filter[] = [];
  const left = text.replace(DAYS, (whole: string, space = '', word = '', day = '') => {
    const kind = kindOf(word);
    if ((kind !== 'before' && kind !== 'after') || !isDay(day)) return whole;
    filters.push({ kind, day: beginningOf(day) });
    return space;
  });
  return { left: filters.length === 0 ? text : left.replace(/\s+/g, ' ').trim(), filters };
}

/** The words and the phrases of a text that are looked for. */
export function wordsOf(text: string): readonly string[] {
  const words = withoutFilterWords(text).matchAll(/["“”「」]([^"“”「」]*)["“”「」]?|[^\s"“”「」]+/gu);
  return [...words].map(([word, quoted]) => (quoted ?? word).trim()).filter((word) => word !== '');
}

/** A word as it is typed in a language. */
export function wordIn(word: Word, language: Language): Readable {
  return language === 'zh' ? word.zh : { name: word.en };
}

/** The kinds of filters, as they are typed in a language; the other language's words are known too. */
export function kindsIn(language: Language): readonly (Readable & { readonly kind: Kind })[] {
  return ALL.map((kind) => ({ ...wordIn(KINDS[kind], language), kind }));
}

function kindOf(word: string): Kind | null {
  const lower = word.toLowerCase();
  return ALL.find((kind) => KINDS[kind].en === lower || KINDS[kind].zh.name === word) ?? null;
}
