/**
 * The parts of a message that have keys of their own: links, pictures, buttons, and code and tables that scroll sideways. The
 * list is one stop for Tab, so none of them is a stop: the left and right arrows lead from the message through its parts and
 * back to it, and Esc back to it. Enter on one that was not sent leads to its buttons.
 */

/** Where a key leads inside of a message, from the message itself or from one of its parts; nowhere if it does not move. */
export function partFor(message: HTMLElement, from: HTMLElement, key: string): HTMLElement | undefined {
  if (key === 'Enter' && from === message) return message.querySelector<HTMLElement>('.fail button') ?? undefined;
  if (key === 'Escape' && from !== message) return message;
  const by = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (by === undefined || scrollsOn(from, by)) return undefined;
  const parts = [...message.querySelectorAll<HTMLElement>('a[href], button, [role=button], pre, .tbl')].filter(
    isUsable,
  );
  const at = parts.indexOf(from);
  return (at < 0 ? parts.at(by < 0 ? -1 : 0) : parts[at + by]) ?? message;
}

/** Whether a part is shown, and does something. */
function isUsable(part: HTMLElement): boolean {
  return part.getClientRects().length > 0 && (!scrolls(part) || part.scrollWidth > part.clientWidth);
}

/** Code and tables scroll sideways. */
function scrolls(part: HTMLElement): boolean {
  return part.matches('pre, .tbl');
}

/** Whether the key scrolls this part first. */
function scrollsOn(part: HTMLElement, by: number): boolean {
  const { scrollLeft, scrollWidth, clientWidth } = part;
  if (!scrolls(part)) return false;
  return by < 0 ? scrollLeft > 0 : scrollLeft + clientWidth + 1 < scrollWidth;
}
