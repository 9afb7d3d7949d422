/**
 * Finds addresses in text: where they end, and whether they may become links.
 *
 * Only http, https and mailto are ever linked; whatever else looks like an address (`javascript:`, `data:`) stays text.
 * Every scan here is linear and bounded by {@link MAX_ADDRESS}.
 */
import { MAX_ADDRESS } from './tree';

/** What no address may hold, invisible characters among them. */
const NEVER = /[\s<>"`\p{Cc}\p{Cf}]/u;
/** What ends an address that was typed bare; also the punctuation of Chinese text, which follows it without a space. */
const ENDS_BARE =
  /[\s<>"`|\\^\p{Cc}\p{Cf}\u2014\u2018-\u201f\u2026\u3000-\u3004\u3008-\u3020\u3030\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]/u;
/** What may stand in an address but at its end belongs to the sentence. */
const TRAILING = /[.,;:!?'*_~&]/;
const CLOSES: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
/**
 * What an address must look like to be worth parsing: a plain host, or somebody's mail. A name and password before the
 * host are refused: they serve to disguise it (https://bank.example@elsewhere.example).
 */
const LINKABLE = /^(?:https?:\/\/(?:\[[\da-f:.]+\]|[^\s/?#:@[\]\\^|%]+)(?::\d{1,5})?(?:[/?#]|$)|mailto:[^@]+@)/i;
const SCHEMES = new Set(['http:', 'https:', 'mailto:']);
/** How deep parentheses may stand in the address of a labelled link. */
const MAX_PARENTHESES = 8;
/** The longest title of a link with the spaces around it, in UTF-16 units. */
const MAX_TITLE = 300;

/** The normalised form of an address that may be linked; undefined for any other text. */
export function safeHref(address: string): string | undefined {
  if (address.length > MAX_ADDRESS || !LINKABLE.test(address) || NEVER.test(address)) return undefined;
  const url = urlOf(address);
  return url !== undefined && SCHEMES.has(url.protocol) ? url.href : undefined;
}

/** Where the address that was typed bare at `start` ends: closing brackets and a sentence's marks are not part of it. */
export function bareAddressEnd(text: string, start: number): number {
  const open: string[] = [];
  const limit = Math.min(text.length, start + MAX_ADDRESS + 1);
  let end = start;
  for (; end < limit; end += 1) {
    const char = text.charAt(end);
    if (ENDS_BARE.test(char)) break;
    const opener = CLOSES[char];
    if (opener !== undefined && open.pop() !== opener) break;
    if (char === '(' || char === '[' || char === '{') open.push(char);
  }
  while (end > start && TRAILING.test(text.charAt(end - 1))) end -= 1;
  return end;
}

/** What stands in parentheses behind a label. */
export interface Destination {
  readonly address: string;
  /** The link's title, or empty. */
  readonly title: string;
  /** The index after the closing parenthesis. */
  readonly end: number;
}

/** In angle brackets: anything on one line but angle brackets. A backslash makes the sign behind it a part of it. */
const ANGLED = /<((?:[^<>\\\n]|\\.)*)>/y;
const TITLE = /"((?:[^"\\]|\\[\s\S])*)"|'((?:[^'\\]|\\[\s\S])*)'|\(((?:[^()\\]|\\[\s\S])*)\)/y;
const SPACE = /[ \t]*\n?[ \t]*/y;
const ESCAPED = /\\([!-/:-@[-`{-~])/g;

/**
 * What stands in parentheses at `start` (where the `(` stands), in the forms of CommonMark: an address, bare with
 * balanced parentheses or in angle brackets, and perhaps a title in quotes or parentheses.
 */
export function destinationAt(text: string, start: number): Destination | undefined {
  if (text.charAt(start) !== '(') return undefined;
  // One window bounds the work, whatever follows.
  const window = text.slice(start + 1, start + 2 + MAX_ADDRESS + MAX_TITLE);
  const opened = matchAt(SPACE, window, 0)?.[0].length ?? 0;
  const angled = matchAt(ANGLED, window, opened);
  const addressEnd = angled === undefined ? bareDestinationEnd(window, opened) : opened + angled[0].length;
  if (addressEnd === undefined) return undefined;
  const typed = angled?.[1] ?? window.slice(opened, addressEnd);
  const spaced = addressEnd + (matchAt(SPACE, window, addressEnd)?.[0].length ?? 0);
  const titled = spaced > addressEnd ? matchAt(TITLE, window, spaced) : undefined;
  const titleEnd = spaced + (titled?.[0].length ?? 0);
  const end = titleEnd + (matchAt(SPACE, window, titleEnd)?.[0].length ?? 0);
  if (window.charAt(end) !== ')') return undefined;
  const title = titled?.[1] ?? titled?.[2] ?? titled?.[3] ?? '';
  return { address: typed.replace(ESCAPED, '$1'), title: title.replace(ESCAPED, '$1'), end: start + end + 2 };
}

/** Where the bare address at `start` ends: before a space, or before the `)` that has no partner in it. */
function bareDestinationEnd(window: string, start: number): number | undefined {
  let depth = 0;
  for (let index = start; index < window.length; index += 1) {
    const char = window.charAt(index);
    if (char === '\\') index += 1;
    else if (/\s/.test(char)) return depth === 0 ? index : undefined;
    else if (char === '(') depth += 1;
    else if (char === ')') depth -= 1;
    if (depth < 0) return index;
    if (depth > MAX_PARENTHESES) return undefined;
  }
  return undefined;
}

const AUTOLINK = /<((?:https?:\/\/|mailto:)[^\s<>]*|[\w.!#$%&'*+/=?^`{|}~-]+@[a-z\d-]+(?:\.[a-z\d-]+)+)>/iy;

/** An address or a mailbox in angle brackets at `start`, which is where the `<` stands. */
export function autolinkAt(text: string, start: number): { href: string; shown: string; end: number } | undefined {
  const found = matchAt(AUTOLINK, text.slice(start, start + MAX_ADDRESS + 2), 0);
  const shown = found?.[1];
  if (found === undefined || shown === undefined) return undefined;
  const href = /^(?:https?|mailto):/i.test(shown) ? shown : `mailto:${shown}`;
  return { href, shown, end: start + found[0].length };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

/** The address as the browser reads it; undefined where it cannot. */
export function urlOf(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}
