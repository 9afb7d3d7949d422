/** What is known of the emoji: every one that Unicode recommends, with its names in both languages. */
import english from 'emoji:en';
import chinese from 'emoji:zh';
import type { Language } from '../i18n';
import { noteNames } from './names.svelte';
import { readingsOf, syllablesOf, type Readings, type Syllables } from '../text/spelled';

export interface Emoji {
  /** Without a skin tone. */
  readonly char: string;
  /** What is typed between two colons; the first is shown. */
  readonly codes: readonly [string, ...string[]];
  /** Its name in the language of the interface, and in the other one. */
  readonly label: string;
  readonly otherLabel: string;
  /** Other words for it, in the language of the interface. */
  readonly tags: readonly string[];
  /** How its Chinese names and words are spelled. */
  readonly spellings: readonly Spelling[];
  readonly hasTones: boolean;
  /** The version of Unicode's emoji that brought it; 0 for those that every browser has. */
  readonly version: number;
}

interface Spelling {
  readonly syllables: Syllables;
  readonly isTag: boolean;
}

export interface EmojiSet {
  /** The language of the labels and the tags. */
  readonly language: Language;
  /** Smileys, people, nature, food, activities, travel, objects, symbols, flags. */
  readonly groups: readonly (readonly Emoji[])[];
  readonly all: readonly Emoji[];
}

/** One emoji in a file. Without codes, its English name with `_` for each space is its code. */
type Row = readonly [
  char: string,
  codes: string,
  label: string,
  otherLabel: string,
  tags: string,
  tones: 0 | 1,
  version?: number,
];

export interface EmojiFile {
  readonly groups: readonly (readonly Row[])[];
  /** Each syllable of Pinyin with the characters that are read so. */
  readonly readings: Readonly<Record<string, string>>;
}

const HAN = /\p{Script=Han}/u;

export function emojiSet(file: EmojiFile, language: Language): EmojiSet {
  const readings = readingsOf(file.readings);
  const groups = file.groups.map((rows) => rows.map((row) => emojiOf(row, language, readings)));
  return { language, groups, all: groups.flat() };
}

function emojiOf(row: Row, language: Language, readings: Readings): Emoji {
  const [char, codes, label, otherLabel, joined, tones, version = 0] = row;
  const english = language === 'en' ? label : otherLabel;
  const [first = '', ...more] = (codes === '' ? english.replaceAll(' ', '_') : codes).split(' ');
  const tags = joined === '' ? [] : joined.split('|');
  const spellings = [label, otherLabel, ...tags].flatMap((text, at) =>
    HAN.test(text) ? [{ syllables: syllablesOf(text, readings), isTag: at > 1 }] : [],
  );
  return { char, codes: [first, ...more], label, otherLabel, tags, spellings, hasTones: tones === 1, version };
}

const ADDRESSES: Readonly<Record<Language, string>> = { en: english, zh: chinese };
const loading = new Map<Language, Promise<EmojiSet>>();

/** The emoji with the names of a language. They are fetched once; after a failure the next call tries again. */
export function loadEmoji(language: Language): Promise<EmojiSet> {
  let set = loading.get(language);
  if (set === undefined) {
    set = fetchEmoji(language);
    loading.set(language, set);
    set.then(noteNames, () => loading.delete(language));
  }
  return set;
}

async function fetchEmoji(language: Language): Promise<EmojiSet> {
  const answer = await fetch(ADDRESSES[language]);
  if (!answer.ok) throw new Error(`The emoji were answered with ${answer.status}.`);
  return emojiSet((await answer.json()) as EmojiFile, language);
}
