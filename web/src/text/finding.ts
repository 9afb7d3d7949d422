/**
 * Finding names by what somebody types of them: the beginnings of their words, and of the readings of Chinese characters in
 * Pinyin, all of which count. `zs`, `zhangsan`, `zhang s` and `张s` find 张三. The server finds in the same way what is not
 * here (`model/readings.rs`).
 */

/** What has a name. */
export interface Readable {
  readonly name: string;
  /** A word for each character of the name: how it is read, with commas between several readings; empty for others. */
  readonly reading?: string | undefined;
}

/** A text of which every second part, beginning with the second, is what was typed. */
export type Parts = readonly string[];

/** How a name was found. */
export interface Found {
  /** The lower, the likelier is it what is meant. */
  readonly rank: number;
  readonly name: Parts;
  /** How it is read, if it was found by that; otherwise empty. */
  readonly reading: Parts;
}

export interface Hit<T> extends Found {
  readonly item: T;
}

/** What is behind the first word, and what is inside of a word, is found after what begins with the letters. */
const BEHIND = 100;
const INSIDE = 200;
const NOT = 300;
/** More than this of a name that is left over makes no difference. */
const MOST_LEFT = 9;
/** What a step of the letters costs: by its own letters or by a reading, whole or cut short. */
const COST = { own: 0, reading: 10, ownCut: 20, readingCut: 30 } as const;

/** A part of a name that is begun as a whole: a word, or one Chinese character. */
interface Unit {
  readonly from: number;
  /** Its characters, each as it is typed. */
  readonly chars: { readonly text: string; readonly typed: string }[];
  readonly readings: readonly string[];
}

/** The beginning of a unit that was typed. */
interface Step {
  readonly unit: number;
  readonly letters: number;
  readonly reading: string | null;
  readonly cost: number;
  readonly before: Step | null;
}

/** The items whose name is found, the likeliest first; what is as likely keeps its order. */
export function find<T extends Readable>(items: readonly T[], typed: string): Hit<T>[] {
  const letters = lettersOf(typed);
  const hits = items.flatMap((item): Hit<T>[] => {
    const found = findIn(item, letters);
    return found === undefined ? [] : [{ item, ...found }];
  });
  return hits.sort((a, b) => a.rank - b.rank);
}

/** The same for names that something else found: those that the letters are not in stay, and come last. */
export function ranked<T extends Readable>(items: readonly T[], typed: string): Hit<T>[] {
  const letters = lettersOf(typed);
  const hits = items.map((item): Hit<T> => ({ item, ...(findIn(item, letters) ?? whole(item, NOT)) }));
  return hits.sort((a, b) => a.rank - b.rank);
}

function whole({ name }: Readable, rank: number): Found {
  return { rank, name: [name], reading: [] };
}

/** What was typed without case, accents, spaces and punctuation. An input method that composes sets its own. */
function lettersOf(typed: string): string {
  return [...typed]
    .filter((c) => !isBetween(c))
    .map(plain)
    .join('');
}

function findIn(item: Readable, letters: string): Found | undefined {
  if (letters === '') return whole(item, 0);
  const { name, reading } = item;
  const units = unitsOf(name, reading);
  const begins = (text: string): boolean => text.startsWith(letters.charAt(0));
  const mayBegin = units.some(({ chars, readings }) => begins(chars[0]?.typed ?? '') || readings.some(begins));
  const last = mayBegin ? stepsOf(units, letters) : null;
  if (last === null) return inside(units, name, letters);
  const steps: Step[] = [];
  for (let step: Step | null = last; step !== null; step = step.before) steps.unshift(step);
  const left = Math.min(MOST_LEFT, units.length - steps.length);
  const own = steps.filter((step) => step.reading === null);
  return {
    rank: last.cost + left,
    name: cut(
      name,
      own.map(({ unit, letters: count }) => ownRange(units[unit], count)),
    ),
    reading: steps.length === own.length ? [] : readingParts(units, steps),
  };
}

/** The cheapest steps that use all letters up, one unit behind the other. */
function stepsOf(units: readonly Unit[], letters: string): Step | null {
  let best: Step | null = null;
  let before: (Step | null)[] = [];
  units.forEach((unit, at) => {
    const ends: (Step | null)[] = [];
    const text = unit.chars.map(({ typed }) => typed).join('');
    for (let from = 0; from < letters.length; from += 1) {
      const back = from === 0 ? null : (before[from] ?? null);
      if (from > 0 && back === null) continue;
      const begin = back === null ? (at === 0 ? 0 : BEHIND) : back.cost;
      const offer = (typed: string, reading: string | null, whole: number, short: number): void => {
        const most = same(typed, letters, from);
        for (let count = 1; count <= most; count += 1) {
          const cost = begin + (count === typed.length ? whole : short);
          const known = ends[from + count] ?? null;
          if (known === null || cost < known.cost)
            ends[from + count] = { unit: at, letters: count, reading, cost, before: back };
        }
      };
      offer(text, null, COST.own, COST.ownCut);
      for (const reading of unit.readings)
        for (const typed of spellings(reading)) offer(typed, reading, COST.reading, COST.readingCut);
    }
    const end = ends[letters.length] ?? null;
    if (end !== null && (best === null || end.cost < best.cost)) best = end;
    before = ends;
  });
  return best;
}

/** The letters in the middle of a word. */
function inside(units: readonly Unit[], name: string, letters: string): Found | undefined {
  const chars = units.flatMap((unit) => {
    let from = unit.from;
    return unit.chars.map(({ text, typed }) => {
      const at = from;
      from += text.length;
      return { from: at, to: from, typed };
    });
  });
  const at = chars
    .map(({ typed }) => typed)
    .join('')
    .indexOf(letters);
  if (at < 0) return undefined;
  let behind = 0;
  const found = chars.filter(({ typed }) => {
    const start = behind;
    behind += typed.length;
    return behind > at && start < at + letters.length;
  });
  const ranges = found.map(({ from, to }): [number, number] => [from, to]);
  return { rank: INSIDE, name: cut(name, ranges), reading: [] };
}

function unitsOf(name: string, reading: string | undefined): Unit[] {
  const all = [...name];
  const words = reading?.split(' ') ?? [];
  // What is not as long is the reading of another name.
  const known = words.length === all.length ? words : [];
  const units: Unit[] = [];
  let from = 0;
  let last: Unit | null = null;
  all.forEach((text, at) => {
    const readings = known[at] === undefined || known[at] === '' ? [] : known[at].split(',');
    const typed = plain(text);
    if (isBetween(text)) last = null;
    else if (last === null || readings.length > 0) {
      const unit: Unit = { from, chars: [{ text, typed }], readings };
      units.push(unit);
      last = readings.length > 0 ? null : unit;
    } else last.chars.push({ text, typed });
    from += text.length;
  });
  return units;
}

/** The ways to type a reading: there is no ü on most keyboards, and it is typed without its dots. */
function spellings(reading: string): readonly string[] {
  return /[üv]/.test(reading) ? ['v', 'u', 'yu'].map((way) => reading.replace(/[üv]/, way)) : [reading];
}

/** Where in a name the characters are of which so many letters were typed. */
function ownRange(unit: Unit | undefined, letters: number): [number, number] {
  let to = unit?.from ?? 0;
  const from = to;
  let left = letters;
  for (const { text, typed } of unit?.chars ?? []) {
    if (left <= 0) break;
    left -= typed.length;
    to += text.length;
  }
  return [from, to];
}

function readingParts(units: readonly Unit[], steps: readonly Step[]): Parts {
  let text = '';
  const typed: [number, number][] = [];
  units.forEach((unit, at) => {
    if (at > 0) text += ' ';
    const step = steps.find((one) => one.unit === at);
    const written = unit.chars.map((char) => char.text).join('');
    const shownAs = step?.reading ?? unit.readings[0] ?? written;
    // Of `lyu` for `lü`, what was typed is as much of the reading.
    if (step !== undefined && step.reading !== null)
      typed.push([text.length, text.length + Math.min(step.letters, shownAs.length)]);
    else if (step !== undefined && shownAs === written) {
      const [from, to] = ownRange(unit, step.letters);
      typed.push([text.length, text.length + to - from]);
    }
    text += shownAs;
  });
  return cut(text, typed);
}

/** A text in parts, of which every second is one of the words, wherever they stand in it. */
export function marked(text: string, words: readonly string[]): Parts {
  const chars: { readonly from: number; readonly to: number; readonly typed: string }[] = [];
  let from = 0;
  for (const char of text) {
    chars.push({ from, to: from + char.length, typed: plain(char) });
    from += char.length;
  }
  const folded = chars.map(({ typed }) => typed).join('');
  // For each letter of the folded text, the character that it is of.
  const owner = chars.flatMap((char) => [...char.typed].map(() => char));
  const ranges = words.flatMap((word) => {
    const wanted = [...word].map(plain).join('');
    const found: [number, number][] = [];
    for (let at = folded.indexOf(wanted); at >= 0 && wanted !== ''; at = folded.indexOf(wanted, at + wanted.length))
      found.push([owner[at]?.from ?? 0, owner[at + wanted.length - 1]?.to ?? 0]);
    return found;
  });
  return cut(
    text,
    ranges.sort(([a], [b]) => a - b),
  );
}

/** A text in parts; ranges that touch are one part. */
export function cut(text: string, ranges: readonly (readonly [number, number])[]): Parts {
  const joined: [number, number][] = [];
  for (const [from, to] of ranges) {
    const last = joined.at(-1);
    if (last !== undefined && last[1] >= from) last[1] = Math.max(to, last[1]);
    else if (to > from) joined.push([from, to]);
  }
  const parts: string[] = [];
  let at = 0;
  for (const [from, to] of joined) {
    parts.push(text.slice(at, from), text.slice(from, to));
    at = to;
  }
  return [...parts, text.slice(at)];
}

function same(a: string, b: string, from: number): number {
  let count = 0;
  while (count < a.length && from + count < b.length && a[count] === b[from + count]) count += 1;
  return count;
}

/** Most Chinese characters: they are typed as they are. */
const HAN = /^[\u4e00-\u9fff]$/;

/** Whether a character stands between words, and is not typed to find one. */
function isBetween(c: string): boolean {
  if (HAN.test(c)) return false;
  return /^[\0-\x7f]$/.test(c) ? !/[a-z\d]/i.test(c) : /[\p{P}\p{Z}\p{C}]/u.test(c);
}

/** A character without case and accents, and of full width as of half. */
function plain(c: string): string {
  if (HAN.test(c)) return c;
  if (/^[\0-\x7f]$/.test(c)) return c.toLowerCase();
  return c.normalize('NFKD').replace(/\p{M}/gu, '').toUpperCase().toLowerCase();
}
