/** A finger that pulls a sheet down closes it. */

/** A swipe down of this length closes it. */
const SWIPE_PX = 48;

/** An attachment for the sheet's element. What is scrolled down is scrolled back first. */
export function swipeDown(close: () => void): (sheet: HTMLElement) => () => void {
  return (sheet) => {
    let from: number | null = null;
    const ended = new AbortController();
    const { signal } = ended;
    const onStart = ({ touches }: TouchEvent): void => {
      from = sheet.scrollTop > 0 ? null : (touches[0]?.clientY ?? null);
    };
    const onEnd = ({ changedTouches }: TouchEvent): void => {
      if (from !== null && (changedTouches[0]?.clientY ?? 0) - from > SWIPE_PX) close();
    };
    sheet.addEventListener('touchstart', onStart, { passive: true, signal });
    sheet.addEventListener('touchend', onEnd, { signal });
    return () => ended.abort();
  };
}
