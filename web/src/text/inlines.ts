/**
 * Inlines as nodes: text, code, emphasis, links, mentions. Made one by one and not as components, of which a list that is
 * scrolled would make hundreds a second. Text stays text: no node is made from markup. A link is no stop for Tab: the
 * message is, and its arrow keys lead to its links.
 */
import { channelAddress } from '../route';
import { channelsIn } from './channels';
import type { Inline, Link, MentionSpan } from './tree';

const NONE: ReadonlySet<string> = new Set();

/** What the chips of mentions do, and which channels are links. */
export interface Chips {
  /** The public channels that the reader may see: their names, behind a `#`, are links. */
  readonly channels: () => ReadonlySet<string>;
  /** Whom the message calls, if it is the reader: their chips, and those of everybody, are in another colour. */
  readonly me: number | undefined;
  /** Opens the card of a person beside the chip that was pressed. */
  readonly open: (user: { readonly id: number; readonly name: string }, chip: Element) => void;
}

/** Fills an element with inlines. For `{@attach}`. */
export function inlinesIn(inlines: readonly Inline[], chips?: Chips): (element: Element) => void {
  return (element) => element.replaceChildren(...inlines.map((inline) => nodeOf(inline, chips)));
}

function nodeOf(inline: Inline, chips: Chips | undefined): Node {
  switch (inline.kind) {
    case 'text':
      return text(inline.text, chips);
    case 'code':
      return textIn('code', inline.text);
    case 'strong':
      return around('strong', inline.children, chips);
    case 'em':
      return around('em', inline.children, chips);
    case 'strike':
      return around('s', inline.children, chips);
    case 'link':
      return link(inline, chips);
    case 'mention':
      return chip(inline, chips);
  }
}

/** Text, with a link in the place of each `#name` of a channel. */
function text(text: string, chips: Chips | undefined): Node {
  const places = chips === undefined || !text.includes('#') ? [] : channelsIn(text, chips.channels());
  if (places.length === 0) return document.createTextNode(text);
  const all = document.createDocumentFragment();
  let end = 0;
  for (const place of places) {
    const anchor = textIn('a', text.slice(place.start, place.end));
    anchor.setAttribute('href', channelAddress(text.slice(place.start + 1, place.end)));
    anchor.tabIndex = -1;
    all.append(text.slice(end, place.start), anchor);
    end = place.end;
  }
  all.append(text.slice(end));
  return all;
}

function link({ href, labelled, title, children }: Link, chips: Chips | undefined): Node {
  // No link in a link.
  const anchor = around('a', children, chips === undefined ? undefined : { ...chips, channels: () => NONE });
  anchor.tabIndex = -1;
  anchor.setAttribute('href', href);
  if (labelled) anchor.title = title === '' ? href : `${title}\n${href}`;
  // A place of this installation opens in the app.
  if (isOwnPlace(href)) return anchor;
  anchor.setAttribute('target', '_blank');
  anchor.setAttribute('rel', 'noopener noreferrer nofollow');
  return anchor;
}

/** Whether an address is one of a channel here, or of a message in it. */
function isOwnPlace(href: string): boolean {
  const { origin } = location;
  return href.startsWith(`${origin}/channel/`) || href.startsWith(`${origin}/c/`);
}

/** No `<button>`: that would be a box of its own, in which a name cannot go on in the next line. Everybody has no card. */
function chip({ text, user }: MentionSpan, chips: Chips | undefined): Node {
  const element = textIn('span', text);
  const isMine = chips?.me !== undefined && (user === undefined || user === chips.me);
  element.className = isMine ? 'at at-me' : 'at';
  if (user === undefined || chips === undefined) return element;
  element.tabIndex = -1;
  element.setAttribute('role', 'button');
  const open = (): void => chips.open({ id: user, name: text.slice(1) }, element);
  element.addEventListener('click', open);
  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    open();
  });
  return element;
}

function around(tag: string, children: readonly Inline[], chips: Chips | undefined): HTMLElement {
  const element = document.createElement(tag);
  inlinesIn(children, chips)(element);
  return element;
}

function textIn(tag: string, text: string): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}
