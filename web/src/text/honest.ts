/**
 * Whether the label of a link may be shown in place of its address.
 *
 * A label that names another host than the link's is not believed: the text stays as it was typed, and the address is to
 * be seen. Everything that a reader may take for a host counts: with or without a scheme, numbers, `localhost`, and dots
 * that only look like dots. The server has the same rule (`model/markup/honest.rs`).
 */
import { bareAddressEnd, safeHref, urlOf } from './links';

/** The longest label of a link, in UTF-16 units. */
const MAX_LABEL = 500;
const STARTS_ADDRESS = /https?:\/\//g;
/** What a label may hold without showing it: marks of emphasis, invisible characters, stacked marks. */
const UNSEEN = /[*_~`\\\p{Cf}\p{M}]/gu;
/** What is drawn like a full stop; a Chinese name may hold such a dot, so it counts before Latin letters and digits only. */
const DOTS =
  /[\u00b7\u0660\u06d4\u06f0\u0701\u0702\u1427\u16eb\u2022\u2027\u2219\u22c5\u2e31\u2e33\u30fb\ua4f8\ua60e\u{10101}\u{10a50}](?=[a-z\d])/gu;

/** A name of a host without a scheme: two parts at least, the last one of letters. What stands before an `@` is none. */
const NAME = /(?<![\p{L}\p{N}]\.?)(?:[\p{L}\p{N}][\p{L}\p{N}-]*\.)+\p{L}[\p{L}\p{N}-]*[\p{L}\p{N}](?![\p{L}\p{N}@])/gu;
/** Hosts that are no such names: an IPv4 address, and this computer. */
const OTHER_HOST = /(?<![\p{L}\p{N}]\.?|-)(?:\d{1,3}(?:\.\d{1,3}){3}|localhost)(?![\p{L}\p{N}@]|[.-][\p{L}\p{N}])/gu;
/** What may be an IPv6 address. */
const WORD_WITH_COLONS = /[\p{L}\p{N}.:]*:[\p{L}\p{N}.:]*:[\p{L}\p{N}.:]*/gu;

/** Endings of files that no host has. */
const FILE = /^(?!www\.).*\.(?:js|ts|cs|go|java|html?|css|json|ya?ml|toml|txt|pdf|png|jpe?g)$/;
/** Files whose ending is a country's too: `.md` is Moldova, `.rs` Serbia. Only those that everybody knows are files. */
const KNOWN_FILE =
  /^(?:(?:architecture|changelog|contributing|readme)\.md|(?:build|lib|main|mod)\.rs|(?:conftest|main|manage|setup)\.py|(?:build|install|run|setup)\.sh)$/;

/**
 * Whether a label can stand for an address: it shows something, and every host that it names is the link's. Compatible
 * forms (full width) and the Chinese full stop count as the plain ones.
 */
export function isHonestLabel(label: string, href: string): boolean {
  if (label.length > MAX_LABEL || /^[\s\p{C}\p{M}]*$/u.test(label)) return false;
  const seen = label.replace(UNSEEN, '').normalize('NFKC').toLowerCase();
  const host = hostOf(href);
  return hostsIn(seen.replaceAll('\u3002', '.').replace(DOTS, '.')).every(
    (shown) => shown !== undefined && (shown === host || `www.${shown}` === host),
  );
}

/** The hosts that a label names, with or without a scheme; undefined for an address that could not be linked. */
function hostsIn(label: string): (string | undefined)[] {
  const hosts: (string | undefined)[] = [];
  let rest = '';
  let from = 0;
  for (const { index } of label.matchAll(STARTS_ADDRESS)) {
    if (index < from) continue;
    rest += `${label.slice(from, index)} `;
    from = Math.max(bareAddressEnd(label, index), index + 1);
    const href = safeHref(label.slice(index, from));
    hosts.push(href === undefined ? undefined : hostOf(href));
  }
  rest += label.slice(from);
  for (const [name] of rest.matchAll(NAME)) {
    if (!FILE.test(name) && !KNOWN_FILE.test(name)) hosts.push(hostOf(`http://${name}`));
  }
  for (const [host] of rest.matchAll(OTHER_HOST)) hosts.push(host);
  for (const [word] of rest.matchAll(WORD_WITH_COLONS)) {
    const address = /[\da-f]/.test(word) ? urlOf(`http://[${word.replace(/\.+$/, '')}]/`) : undefined;
    if (address !== undefined) hosts.push(address.hostname);
  }
  return hosts;
}

/** The host of an address without its port; for a mailbox the part behind the `@`. */
function hostOf(address: string): string | undefined {
  const url = urlOf(address);
  if (url === undefined) return undefined;
  return url.protocol === 'mailto:' ? url.pathname.split('@').at(-1) : url.hostname;
}
