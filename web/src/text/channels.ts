/**
 * Channels that a text names: `#` and the longest name that fits, as it is written. Names have spaces, and Chinese has none.
 * The server finds them by the same rules (`model/markup/channels.rs`); both are held to `channels.cases.json`.
 */

/** The longest name of a channel, in characters; so many places are looked at behind each `#`. */
const LONGEST = 64;
/** So many signs of one text are looked at. */
const MOST = 200;
const WORD = /[\w-]/;
/** What a `#` does not begin a name behind: it is a part of a word or an address. */
const BEFORE = /[\w&#/]/;

export interface Named {
  readonly start: number;
  readonly end: number;
}

/** Where the text names one of these channels, in order. */
export function channelsIn(text: string, names: ReadonlySet<string>): Named[] {
  const found: Named[] = [];
  let left = MOST;
  for (let at = text.indexOf('#'); at >= 0 && left > 0; at = text.indexOf('#', at + 1)) {
    if (at > 0 && BEFORE.test(text.charAt(at - 1))) continue;
    left -= 1;
    const end = endOfName(text, at + 1, names);
    if (end === undefined) continue;
    found.push({ start: at, end });
    at = end - 1;
  }
  return found;
}

/** Where the longest name ends that begins here; names do not end in the middle of a Latin word. */
function endOfName(text: string, from: number, names: ReadonlySet<string>): number | undefined {
  const ends: number[] = [];
  let end = from;
  for (const character of text.slice(from, from + LONGEST * 2)) {
    end += character.length;
    ends.push(end);
    if (ends.length === LONGEST) break;
  }
  return ends.findLast((one) => {
    const cut = WORD.test(text.charAt(one - 1)) && WORD.test(text.charAt(one));
    return !cut && names.has(text.slice(from, one));
  });
}
