/**
 * A popover as a layer of the page: Back closes it. On a phone it has a scrim, or comes up as a sheet: a press beside it closes it
 * and does nothing else, and so does a swipe down on a sheet. An attachment for its element.
 */
import type { Layers } from '../../layers';
import { phone } from './media.svelte';
import { swipeDown } from './swipe-down';

export function popoverLayer(layers: Layers): (popover: HTMLElement) => () => void {
  return (popover) => {
    let closed: (() => void) | undefined;
    /** The press that is under way began beside the open popover, which the browser closes then. */
    let beside = false;
    const ended = new AbortController();
    const { signal } = ended;
    const onToggle = (event: ToggleEvent): void => {
      closed?.();
      closed = event.newState === 'open' ? layers.opened(() => popover.hidePopover()) : undefined;
    };
    const onDown = ({ target }: PointerEvent): void => {
      beside =
        phone.current && popover.matches(':popover-open') && !(target instanceof Node && popover.contains(target));
    };
    const onClick = (event: MouseEvent): void => {
      if (!beside) return;
      beside = false;
      event.preventDefault();
      event.stopPropagation();
    };
    popover.addEventListener('toggle', onToggle, { signal });
    document.addEventListener('pointerdown', onDown, { capture: true, signal });
    document.addEventListener('click', onClick, { capture: true, signal });
    const still = popover.classList.contains('menu')
      ? swipeDown(() => phone.current && popover.hidePopover())(popover)
      : undefined;
    return () => {
      ended.abort();
      still?.();
      closed?.();
    };
  };
}
