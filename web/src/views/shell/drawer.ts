/** The drawer's gestures: a swipe from the left edge opens it, one to the left closes it. */

/** Where the edge ends, and how far a swipe goes. */
const EDGE_PX = 24;
const SWIPE_PX = 56;
/** Only there is the sidebar a drawer. */
const PHONE = '(max-width: 47.99rem)';
/** There a swipe from the edge goes back in the history, unless its first touch is taken away from the browser. */
const GOES_BACK =
  /iP(hone|od|ad)/.test(navigator.userAgent) || (/^Mac/.test(navigator.platform) && navigator.maxTouchPoints > 1);
/** As far as that edge reaches. */
const BACK_PX = 20;

export function drawerSwipe(drawer: HTMLElement): () => void {
  let from: { x: number; y: number } | null = null;
  const onStart = (event: TouchEvent): void => {
    const touch = event.touches[0];
    from = touch === undefined || event.touches.length > 1 ? null : { x: touch.clientX, y: touch.clientY };
    if (GOES_BACK && from !== null && from.x < BACK_PX && matchMedia(PHONE).matches && isFree(event.target))
      event.preventDefault();
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
  document.addEventListener('touchstart', onStart, { passive: !GOES_BACK });
  document.addEventListener('touchend', onEnd, { passive: true });
  return () => {
    document.removeEventListener('touchstart', onStart);
    document.removeEventListener('touchend', onEnd);
  };
}

/** Whether nothing is pressed there: taking the touch away would take the press away too. */
function isFree(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('a, button, input, textarea, select, label, dialog') === null;
}
