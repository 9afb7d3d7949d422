/** Finding emoji by their codes, by words of both languages, and by Pinyin. */
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
const RANK = { whole: 0, spelledWhole: 1, begins: 2, spelledBegins: 3, word: 4, spelled: 5, tag: 6, inside: 7, far: 8 };
/** Fewer letters are inside of nearly everything. */
const LEAST_INSIDE = 3;
const LEAST_SPELLED = 2;

interface Ranked extends FoundEmoji {
  readonly rank: number;
}

/** The emoji that a query finds, the best first. A query may be a code with its colons. */
export function findEmoji(set: EmojiSet, query: string, most = Infinity): FoundEmoji[] {
  const wanted = query.trim().replace(/^:|:$/g, '').toLowerCase();
  if (wanted === '') return [];
  const found: Ranked[] = [];
  for (const emoji of set.all) {
    const best = bestOf(set, emoji, wanted);
    if (best !== undefined) found.push(best);
  }
  // Sorting is stable: what is as good keeps Unicode's order.
  return found.sort((a, b) => a.rank - b.rank).slice(0, most);
}

/** The emoji with exactly this code. */
export function byCode(set: EmojiSet, code: string): Emoji | undefined {
  const wanted = code.toLowerCase();
  return set.all.find(({ codes }) => codes.includes(wanted));
}

function bestOf(set: EmojiSet, emoji: Emoji, wanted: string): Ranked | undefined {
  let best: Ranked | undefined;
  const offer = (rank: number, by: FoundEmoji['by'], parts: () => readonly string[]): void => {
    if (best === undefined || rank < best.rank) best = { emoji, rank, by, parts: parts() };
  };
  const written = (text: string, typed: string, by: FoundEmoji['by']): void => {
    const lower = text.toLowerCase();
    const at = place(lower, typed);
    if (at < 0) return;
    const parts = (): string[] => [text.slice(0, at), text.slice(at, at + typed.length), text.slice(at + typed.length)];
    const rank = rankOf(lower, typed, at);
    offer(by === 'tag' ? tagRank(rank) : rank, by, parts);
  };
  for (const code of emoji.codes) written(code, wanted.replaceAll(' ', '_'), 'code');
  written(emoji.label, wanted, 'label');
  written(emoji.otherLabel, wanted, 'otherLabel');
  for (const tag of emoji.tags) written(tag, wanted, 'tag');
  if (wanted.length < LEAST_SPELLED || !/^[a-z ]+$/.test(wanted)) return best;
  const letters = wanted.replaceAll(' ', '');
  for (const [text, isTag] of [
    [emoji.label],
    [emoji.otherLabel],
    ...emoji.tags.map((tag) => [tag, true] as const),
  ] as const) {
    // Words that are Latin themselves were compared as they are.
    const spelling = /\p{Script=Han}/u.test(text) ? spelled(text, letters, set.readings) : undefined;
    if (spelling !== undefined) offer(spelledRank(spelling.rank, isTag === true), 'letters', () => spelling.parts);
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
  const isHan = /\p{Script=Han}/u.test(typed);
  return isHan || typed.length >= LEAST_INSIDE ? text.indexOf(typed) : -1;
}

function rankOf(text: string, typed: string, at: number): number {
  if (at === 0) return text.length === typed.length ? RANK.whole : RANK.begins;
  const isWord = /[ _-]/.test(text.charAt(at - 1)) || /\p{Script=Han}/u.test(typed);
  return isWord ? RANK.word : RANK.inside;
}

function tagRank(rank: number): number {
  if (rank === RANK.whole) return RANK.tag;
  return rank === RANK.begins ? RANK.inside : RANK.far;
}

function spelledRank(rank: number, isTag: boolean): number {
  if (isTag) return rank === SPELLED.whole ? RANK.tag : RANK.far;
  if (rank === SPELLED.whole) return RANK.spelledWhole;
  if (rank === SPELLED.begins || rank === SPELLED.inside) return RANK.spelledBegins;
  return rank === SPELLED.cut || rank === SPELLED.initials ? RANK.spelled : RANK.far;
}
