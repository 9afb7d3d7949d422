/** A finger that rests: after a while it means "what can I do with this". */

const REST_MS = 450;
/** A finger that moves this far scrolls. */
const MOVES_PX = 10;

/** `action` is told what the finger rests on. */
export function longPress(action: (on: Element) => void): (element: HTMLElement) => () => void {
  return (element) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let from = { x: 0, y: 0 };
    const stop = (): void => clearTimeout(timer);
    const onDown = (event: PointerEvent): void => {
      const { target } = event;
      if (event.pointerType !== 'touch' || !(target instanceof Element)) return;
      from = { x: event.clientX, y: event.clientY };
      stop();
      timer = setTimeout(() => action(target), REST_MS);
    };
    const onMove = (event: PointerEvent): void => {
      if (Math.hypot(event.clientX - from.x, event.clientY - from.y) > MOVES_PX) stop();
    };
    element.addEventListener('pointerdown', onDown);
    element.addEventListener('pointermove', onMove);
    element.addEventListener('pointerup', stop);
    element.addEventListener('pointercancel', stop);
    return () => {
      stop();
      element.removeEventListener('pointerdown', onDown);
      element.removeEventListener('pointermove', onMove);
      element.removeEventListener('pointerup', stop);
      element.removeEventListener('pointercancel', stop);
    };
  };
}
