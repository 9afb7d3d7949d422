/**
 * Which text is an address, where it ends, and whether it may become a link.
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
const STARTS_ADDRESS = /https?:\/\//i;
/** How deep parentheses may stand in the address of a labelled link. */
const MAX_PARENTHESES = 8;

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

/** The address in parentheses at `start` (where the `(` stands) and the index after it, if there is one. */
export function destinationAt(text: string, start: number): { address: string; end: number } | undefined {
  if (text.charAt(start) !== '(') return undefined;
  let depth = 0;
  const limit = Math.min(text.length, start + MAX_ADDRESS + 2);
  for (let index = start; index < limit; index += 1) {
    const char = text.charAt(index);
    if (char === '(') depth += 1;
    if (char === ')') depth -= 1;
    if (depth === 0) return { address: text.slice(start + 1, index), end: index + 1 };
    if (depth > MAX_PARENTHESES || /\s/.test(char)) return undefined;
  }
  return undefined;
}

/** Whether a label can stand for an address: it shows something, and it does not itself name a different host. */
export function isHonestLabel(label: string, href: string): boolean {
  if (/^[\s\p{C}\p{M}]*$/u.test(label)) return false;
  const start = label.search(STARTS_ADDRESS);
  if (start < 0) return true;
  const shown = urlOf(label.slice(start, bareAddressEnd(label, start)));
  return shown !== undefined && shown.host === urlOf(href)?.host;
}

function urlOf(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}
