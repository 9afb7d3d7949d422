/**
 * From the first view, which the server drew, to the app: the view stays over the app until that shows the same message
 * in its place, so that nobody sees the change.
 */
import type { AppState } from './state';

/** An app that does not come to rest within this is shown as it is. */
const DEADLINE_MS = 2_000;
/** Scrolled up this far, she is reading. */
const READING_PX = 48;

/** Begins when the app is mounted beneath. */
export function handOver(view: HTMLElement, app: Element, state: AppState): void {
  // From here on it is a picture: what she presses reaches the app.
  view.inert = true;
  view.ariaHidden = 'true';
  keepPlace(view, state);
  const shown = [...view.querySelectorAll('[data-number]')].at(-1)?.getAttribute('data-number') ?? null;
  const until = performance.now() + DEADLINE_MS;
  let before: number | undefined;
  const look = (): void => {
    const at = placeOf(app, shown);
    const rests = at !== undefined && at === before;
    before = at;
    if (rests || document.hidden || performance.now() > until) view.remove();
    else requestAnimationFrame(look);
  };
  if (document.hidden) view.remove();
  else requestAnimationFrame(look);
}

/** Where the newest message is in the app; where there is none, that the app is there. */
function placeOf(app: Element, shown: string | null): number | undefined {
  if (shown === null) return app.childElementCount === 0 ? undefined : 0;
  const row = app.querySelector(`[role=log] [data-number="${shown}"]`);
  return row?.getBoundingClientRect().top;
}

/** Who has scrolled up in the view goes on reading there. */
function keepPlace(view: HTMLElement, state: AppState): void {
  const { route } = state.view;
  const log = view.querySelector('[role=log]');
  const channel = route.kind === 'channel' ? state.channels.named(route.name) : undefined;
  if (log === null || channel === undefined || log.scrollTop > -READING_PX) return;
  const { top, height } = log.getBoundingClientRect();
  const rows = [...log.querySelectorAll<HTMLElement>('[data-number]')];
  const middle = rows.find((row) => row.getBoundingClientRect().bottom > top + height / 2);
  if (middle !== undefined) state.view.jumpTo(channel.id, Number(middle.dataset['number']));
}
