/** Finding emoji by their codes, by words of both languages, and by Pinyin. */
import type { Language } from '../i18n';
import { SPELLED, spelled } from '../text/spelled';
import type { Emoji, EmojiSet } from './data';

export interface FoundEmoji {
  readonly emoji: Emoji;
  /** By what it was found. */
  readonly by: 'code' | 'label' | 'otherLabel' | 'tag' | 'letters';
  /** That text, or the letters that spell it; every second part, beginning with the second, is what was typed. */
  readonly parts: readonly string[];
}

/** What is found the same way is as good; a word beats a part of one, a name beats a tag. */
const RANK = {
  whole: 0,
  spelledWhole: 1,
  begins: 2,
  spelledBegins: 3,
  word: 4,
  spelled: 5,
  tag: 6,
  inside: 7,
  far: 8,
  not: 9,
};
/** Fewer letters are inside of nearly everything. */
const LEAST_INSIDE = 3;
const LEAST_SPELLED = 2;

interface Ranked extends FoundEmoji {
  readonly rank: number;
  /** How long the text is that was found: of what is as good, the shortest is nearest to what was typed. */
  readonly length: number;
}

/** The emoji that a query finds, the best first. A query may be a code with its colons. */
export function findEmoji(set: EmojiSet, query: string): FoundEmoji[] {
  const wanted = query.trim().replace(/^:|:$/g, '').toLowerCase();
  if (wanted === '') return [];
  const found: Ranked[] = [];
  for (const emoji of set.all) {
    const best = bestOf(emoji, wanted, set.language);
    if (best !== undefined) found.push(best);
  }
  // Sorting is stable: what is as good keeps Unicode's order.
  return found.sort((a, b) => a.rank - b.rank || a.length - b.length);
}

/** The emoji with exactly this code. */
export function byCode(set: EmojiSet, code: string): Emoji | undefined {
  const wanted = code.toLowerCase();
  return set.all.find(({ codes }) => codes.includes(wanted));
}

function bestOf(emoji: Emoji, wanted: string, language: Language): Ranked | undefined {
  let best: Ranked | undefined;
  const offer = (rank: number, by: FoundEmoji['by'], length: number, parts: () => readonly string[]): void => {
    if (rank > RANK.far || (best !== undefined && rank >= best.rank)) return;
    best = { emoji, rank, by, parts: parts(), length };
  };
  const written = (text: string, typed: string, by: FoundEmoji['by'], least = 0): void => {
    const lower = text.toLowerCase();
    const at = place(lower, typed);
    if (at < 0) return;
    const parts = (): string[] => [text.slice(0, at), text.slice(at, at + typed.length), text.slice(at + typed.length)];
    const rank = rankOf(lower, typed, at);
    // A word that is typed whole is meant.
    const behind = rank === RANK.whole ? rank : Math.max(rank, least);
    offer(by === 'tag' ? tagRank(rank) : behind, by, text.length, parts);
  };
  // Further codes of an emoji are nicknames.
  for (const [at, code] of emoji.codes.entries()) {
    written(code, wanted.replaceAll(' ', '_'), 'code', at > 0 ? RANK.word : 0);
  }
  written(emoji.label, wanted, 'label');
  written(emoji.otherLabel, wanted, 'otherLabel');
  for (const tag of emoji.tags) written(tag, wanted, 'tag');
  if (wanted.length < LEAST_SPELLED || !/^[a-z ]+$/.test(wanted)) return best;
  const letters = wanted.replaceAll(' ', '');
  for (const { syllables, isTag } of emoji.spellings) {
    const spelling = spelled(syllables, letters);
    if (spelling === undefined) continue;
    const rank = spelledRank(spelling.rank, isTag);
    // In English, letters that are the beginning of an English word are meant as that.
    const behind = language === 'en' ? (rank === RANK.spelledWhole ? RANK.tag : RANK.far) : rank;
    offer(behind, 'letters', syllables.length, () => spelling.parts);
  }
  return best;
}

/** Where a text has what was typed: at its beginning, else at that of a word, else inside. */
function place(text: string, typed: string): number {
  if (text.startsWith(typed)) return 0;
  for (const space of [' ', '_', '-']) {
    const at = text.indexOf(space + typed);
    if (at >= 0) return at + 1;
  }
  return isHan(typed) || typed.length >= LEAST_INSIDE ? text.indexOf(typed) : -1;
}

function rankOf(text: string, typed: string, at: number): number {
  if (at === 0) return text.length === typed.length ? RANK.whole : RANK.begins;
  const isWord = /[ _-]/.test(text.charAt(at - 1)) || isHan(typed);
  return isWord ? RANK.word : RANK.inside;
}

/** A tag is found by its beginning: inside of tags is nearly everything. */
function tagRank(rank: number): number {
  if (rank === RANK.whole) return RANK.tag;
  return rank === RANK.begins || rank === RANK.word ? RANK.far : RANK.not;
}

function spelledRank(rank: number, isTag: boolean): number {
  if (isTag) return rank === SPELLED.whole ? RANK.tag : rank === SPELLED.begins ? RANK.far : RANK.not;
  if (rank === SPELLED.whole) return RANK.spelledWhole;
  if (rank === SPELLED.begins || rank === SPELLED.inside) return RANK.spelledBegins;
  return rank === SPELLED.cut || rank === SPELLED.initials ? RANK.spelled : RANK.far;
}

function isHan(text: string): boolean {
  return /\p{Script=Han}/u.test(text);
}
