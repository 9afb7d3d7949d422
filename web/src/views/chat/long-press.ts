/** A finger that rests: after a while it means "what can I do with this". */

const REST_MS = 450;
/** A finger that moves this far scrolls. */
const MOVES_PX = 10;

/** `action` is told what the finger rests on. What the browser makes of the finger after that is taken from it. */
export function longPress(action: (on: Element) => void): (element: HTMLElement) => () => void {
  return (element) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let from = { x: 0, y: 0 };
    /** The finger that is down has had its effect. */
    let done = false;
    const stop = (): void => clearTimeout(timer);
    const onDown = (event: PointerEvent): void => {
      const { target } = event;
      stop();
      done = false;
      if (event.pointerType !== 'touch' || !event.isPrimary || !(target instanceof Element)) return;
      from = { x: event.clientX, y: event.clientY };
      timer = setTimeout(() => {
        done = true;
        action(target);
      }, REST_MS);
    };
    const onMove = (event: PointerEvent): void => {
      if (Math.hypot(event.clientX - from.x, event.clientY - from.y) > MOVES_PX) stop();
    };
    // When it lifts, the browser would click what opened beneath it; while it rests, show a menu of its own.
    const onOwn = (event: Event): void => {
      if (done && event.cancelable) event.preventDefault();
    };
    const ended = new AbortController();
    const { signal } = ended;
    element.addEventListener('pointerdown', onDown, { signal });
    element.addEventListener('pointermove', onMove, { signal });
    element.addEventListener('pointerup', stop, { signal });
    element.addEventListener('pointercancel', stop, { signal });
    element.addEventListener('touchend', onOwn, { signal });
    element.addEventListener('contextmenu', onOwn, { signal });
    return () => {
      stop();
      ended.abort();
    };
  };
}
