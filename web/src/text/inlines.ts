/**
 * Inlines as nodes: text, code, emphasis, links, names. Made one by one and not as components, of which a list that is
 * scrolled would make hundreds a second. Text stays text: no node is made from markup. A link is no stop for Tab: the
 * message is, and its arrow keys lead to its links.
 */
import type { Inline, Link, Name } from './tree';

/** Fills an element with inlines. For `{@attach}`. */
export function inlinesIn(inlines: readonly Inline[]): (element: Element) => void {
  return (element) => element.replaceChildren(...inlines.map(nodeOf));
}

function nodeOf(inline: Inline): Node {
  switch (inline.kind) {
    case 'text':
      return document.createTextNode(inline.text);
    case 'code':
      return textIn('code', inline.text);
    case 'strong':
      return around('strong', inline.children);
    case 'em':
      return around('em', inline.children);
    case 'strike':
      return around('s', inline.children);
    case 'link':
      return link(inline);
    case 'name':
      return name(inline);
  }
}

function link({ href, labelled, title, children }: Link): Node {
  const anchor = around('a', children);
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

function name({ sign, text, target }: Name): Node {
  const element = textIn(sign === '#' ? 'a' : 'span', text);
  if (sign === '#' && target.href !== undefined) element.setAttribute('href', target.href);
  if (sign === '#') element.tabIndex = -1;
  element.className = sign === '#' ? 'chan' : target.me === true ? 'at at-me' : 'at';
  return element;
}

function around(tag: string, children: readonly Inline[]): HTMLElement {
  const element = document.createElement(tag);
  inlinesIn(children)(element);
  return element;
}

function textIn(tag: string, text: string): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}
