/** Finding Chinese words by the Latin letters that spell them: whole syllables of Pinyin, their beginnings, or initials. */

/** The syllables of each character. */
export type Readings = ReadonlyMap<string, readonly string[]>;

/** How a text was found, the best first. */
export const SPELLED = {
  whole: 0,
  begins: 1,
  inside: 2,
  cut: 3,
  cutInside: 4,
  initials: 5,
  initialsInside: 6,
} as const;

export interface Spelling {
  /** The letters of the text; every second part, beginning with the second, is what was typed. */
  readonly parts: readonly [before: string, typed: string, ...rest: string[]];
  readonly rank: number;
}

/** Turns syllables with their characters into characters with their syllables. */
export function readingsOf(syllables: Readonly<Record<string, string>>): Readings {
  const readings = new Map<string, string[]>();
  for (const [syllable, characters] of Object.entries(syllables)) {
    for (const character of characters) {
      const known = readings.get(character);
      if (known === undefined) readings.set(character, [syllable]);
      else known.push(syllable);
    }
  }
  return readings;
}

/** The ways to spell each character of a text; a character that has no reading is itself. */
export type Syllables = readonly (readonly string[])[];

export function syllablesOf(text: string, readings: Readings): Syllables {
  return [...text.toLowerCase()].map((character) => readings.get(character) ?? [character]);
}

/** Whether letters, in lower case, spell a part of a text: `chuan`, `fanch` and `fc` all do for 帆船. */
export function spelled(syllables: Syllables, letters: string): Spelling | undefined {
  const initial = letters.charAt(0);
  let best: Spelling | undefined;
  for (let from = 0; from < syllables.length; from += 1) {
    // Most texts are done with here.
    if (!syllables[from]?.some((syllable) => syllable.charAt(0) === initial)) continue;
    const taken = take(syllables, from, letters);
    if (taken === undefined) continue;
    const rank = rankOf(taken, from, syllables.length);
    if (best === undefined || rank < best.rank) best = { parts: partsOf(syllables, from, taken), rank };
  }
  return best;
}

/** How a run of characters was typed: the syllable of each, and how many of its letters. */
interface Taken {
  readonly syllable: string;
  readonly typed: number;
}

/** The letters from a character on. Whole syllables are tried first; what is cut short is an initial or comes last. */
function take(syllables: Syllables, from: number, letters: string): readonly Taken[] | undefined {
  if (letters === '') return [];
  for (const syllable of syllables[from] ?? []) {
    if (letters.startsWith(syllable)) {
      const rest = take(syllables, from + 1, letters.slice(syllable.length));
      if (rest !== undefined) return [{ syllable, typed: syllable.length }, ...rest];
    }
  }
  for (const syllable of syllables[from] ?? []) {
    if (syllable.startsWith(letters)) return [{ syllable, typed: letters.length }];
    for (const typed of /^[zcs]h/.test(syllable) ? [2, 1] : [1]) {
      if (typed === syllable.length || !letters.startsWith(syllable.slice(0, typed))) continue;
      const rest = take(syllables, from + 1, letters.slice(typed));
      if (rest !== undefined) return [{ syllable, typed }, ...rest];
    }
  }
  return undefined;
}

function rankOf(taken: readonly Taken[], from: number, length: number): number {
  const cutShort = (one: Taken): boolean => one.typed < one.syllable.length;
  if (taken.slice(0, -1).some(cutShort)) return from === 0 ? SPELLED.initials : SPELLED.initialsInside;
  if (taken.some(cutShort)) return from === 0 ? SPELLED.cut : SPELLED.cutInside;
  if (from > 0) return SPELLED.inside;
  return taken.length === length ? SPELLED.whole : SPELLED.begins;
}

function partsOf(syllables: Syllables, from: number, taken: readonly Taken[]): [string, string, ...string[]] {
  const plain = (list: Syllables): string => list.map(([first = '']) => first).join('');
  const parts: string[] = [plain(syllables.slice(0, from))];
  // What is cut short stands apart from what follows; whole syllables stand together.
  for (const { syllable, typed } of taken) {
    const last = parts.length - 1;
    if (last > 0 && last % 2 === 0 && parts[last] === '') {
      parts[last - 1] += syllable.slice(0, typed);
      parts[last] = syllable.slice(typed);
    } else parts.push(syllable.slice(0, typed), syllable.slice(typed));
  }
  parts[parts.length - 1] += plain(syllables.slice(from + taken.length));
  return parts as [string, string, ...string[]];
}
