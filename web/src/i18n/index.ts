/** Looks sentences up and fills them in. Which placeholders a sentence has is checked by the compiler. */
import { en, type Key } from './en';
import { zh } from './zh';

export type Language = 'en' | 'zh';

type Placeholders<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholders<Rest> : never;
type Params<K extends Key> = Record<Placeholders<(typeof en)[K]>, string | number>;
type Args<K extends Key> = [Placeholders<(typeof en)[K]>] extends [never] ? [] : [params: Params<K>];
/** Sentences that come in two forms, by number. */
export type CountKey = Key extends infer K ? (K extends `${infer Base}.other` ? Base : never) : never;

export interface Translate {
  <K extends Key>(key: K, ...args: Args<K>): string;
}

export interface TranslateCount {
  (key: CountKey, count: number): string;
}

const CATALOGUES: Readonly<Record<Language, Readonly<Record<Key, string>>>> = { en, zh };

export function translator(language: Language): Translate {
  const catalogue = CATALOGUES[language];
  return (key, ...args) => fill(catalogue[key], args[0]);
}

/** The sentences of a part of the app that is loaded later, in both languages. They come with it. */
export interface Catalogue<E extends Readonly<Record<string, string>>> {
  readonly en: E;
  readonly zh: Readonly<Record<keyof E, string>>;
}

export type TranslatePart<E extends Readonly<Record<string, string>>> = <K extends keyof E>(
  key: K,
  ...args: [Placeholders<E[K]>] extends [never] ? [] : [params: Record<Placeholders<E[K]>, string | number>]
) => string;

export function partTranslator<E extends Readonly<Record<string, string>>>(
  part: Catalogue<E>,
  language: Language,
): TranslatePart<E> {
  const catalogue: Readonly<Record<keyof E, string>> = part[language];
  return (key, ...args) => fill(catalogue[key], args[0]);
}

export function countTranslator(language: Language): TranslateCount {
  const catalogue = CATALOGUES[language];
  const rules = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  return (key, count) => {
    const form = rules.select(count) === 'one' ? 'one' : 'other';
    return fill(catalogue[`${key}.${form}`], { count: numbers.format(count) });
  };
}

function fill(text: string, params: Readonly<Record<string, string | number>> | undefined): string {
  if (params === undefined) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}
