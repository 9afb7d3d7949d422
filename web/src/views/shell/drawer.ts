/** The drawer's gestures: a swipe from the left edge opens it, one to the left closes it. */

/** Where the edge ends, and how far a swipe goes. */
const EDGE_PX = 24;
const SWIPE_PX = 56;
/** Only there is the sidebar a drawer. */
const PHONE = '(max-width: 47.99rem)';

export function drawerSwipe(drawer: HTMLElement): () => void {
  let from: { x: number; y: number } | null = null;
  const onStart = (event: TouchEvent): void => {
    const touch = event.touches[0];
    from = touch === undefined || event.touches.length > 1 ? null : { x: touch.clientX, y: touch.clientY };
  };
  const onEnd = (event: TouchEvent): void => {
    const touch = event.changedTouches[0];
    if (from === null || touch === undefined || !matchMedia(PHONE).matches) return;
    const [dx, dy] = [touch.clientX - from.x, Math.abs(touch.clientY - from.y)];
    const open = drawer.matches(':popover-open');
    if (!open && from.x <= EDGE_PX && dx > SWIPE_PX && dx > dy) drawer.showPopover();
    if (open && dx < -SWIPE_PX && -dx > dy) drawer.hidePopover();
    from = null;
  };
  document.addEventListener('touchstart', onStart, { passive: true });
  document.addEventListener('touchend', onEnd, { passive: true });
  return () => {
    document.removeEventListener('touchstart', onStart);
    document.removeEventListener('touchend', onEnd);
  };
}
