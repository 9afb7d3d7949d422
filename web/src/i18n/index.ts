/**
 * Looks sentences up and fills them in. Which placeholders a sentence has is checked by the compiler. The sentences of views
 * that come in later scripts come with them (`later.ts`).
 */
import { en, type FirstKey } from './en';
import type { en as laterEnglish, LaterKey } from './later.en';
import { zh } from './zh';

export type Language = 'en' | 'zh';
export type Key = FirstKey | LaterKey;

type English = typeof en & typeof laterEnglish;
type Placeholders<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholders<Rest> : never;
type Params<K extends Key> = Record<Placeholders<English[K]>, string | number>;
type Args<K extends Key> = [Placeholders<English[K]>] extends [never] ? [] : [params: Params<K>];
/** Sentences that come in two forms, by number. */
export type CountKey = Key extends infer K ? (K extends `${infer Base}.other` ? Base : never) : never;

export interface Translate {
  <K extends Key>(key: K, ...args: Args<K>): string;
}

export interface TranslateCount {
  (key: CountKey, count: number): string;
}

type Catalogue = Map<string, string>;

const CATALOGUES: Readonly<Record<Language, Catalogue>> = {
  en: new Map(Object.entries(en)),
  zh: new Map(Object.entries(zh)),
};

/** Adds the sentences of a script that came later. */
export function addSentences(language: Language, sentences: Readonly<Record<string, string>>): void {
  for (const [key, text] of Object.entries(sentences)) CATALOGUES[language].set(key, text);
}

export function translator(language: Language): Translate {
  const catalogue = CATALOGUES[language];
  return (key, ...args) => fill(catalogue.get(key) ?? '', args[0]);
}

export function countTranslator(language: Language): TranslateCount {
  const catalogue = CATALOGUES[language];
  const rules = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  return (key, count) => {
    const form = rules.select(count) === 'one' ? 'one' : 'other';
    return fill(catalogue.get(`${key}.${form}`) ?? '', { count: numbers.format(count) });
  };
}

/** Fills the placeholders of a sentence in. */
export function fill(text: string, params: Readonly<Record<string, string | number>> | undefined): string {
  if (params === undefined) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}
