/** A popover as a layer of the page: Back closes it. An attachment for its element. */
import type { Layers } from '../../layers';

export function popoverLayer(layers: Layers): (popover: HTMLElement) => () => void {
  return (popover) => {
    let closed: (() => void) | undefined;
    const toggled = (event: ToggleEvent): void => {
      closed?.();
      closed = event.newState === 'open' ? layers.opened(() => popover.hidePopover()) : undefined;
    };
    popover.addEventListener('toggle', toggled);
    return () => {
      popover.removeEventListener('toggle', toggled);
      closed?.();
    };
  };
}
