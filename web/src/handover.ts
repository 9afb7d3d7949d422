/**
 * From the first view, which the server drew, to the app: the view stays over the app until that shows the same message
 * in its place, so that nobody sees the change.
 */
import { jumpOf } from './route';
import type { AppState } from './state';

/** The app is shown after this long, even if it has not come to rest. */
const DEADLINE_MS = 2_000;
/** A reader who has scrolled up at least this far is reading older messages. */
const READING_PX = 48;

/** Removes the first view once the app beneath shows the same. To be called right after the app is mounted. */
export function handOver(view: HTMLElement, app: Element, state: AppState): void {
  // From here on the view is only a picture: what the reader presses reaches the app.
  view.inert = true;
  view.ariaHidden = 'true';
  keepPlace(view, state);
  const rows = [...view.querySelectorAll('[data-number]')];
  // Where the address names a message, the view has no rows: it says that they load.
  const shown = rows.at(-1)?.getAttribute('data-number') ?? jumpOf(state.view.route)?.toString() ?? null;
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

/** Where the message is in the app, in pixels from the top. Without messages: 0 as soon as the app is drawn. */
function placeOf(app: Element, shown: string | null): number | undefined {
  if (shown === null) return app.childElementCount === 0 ? undefined : 0;
  const row = app.querySelector(`[role=log] [data-number="${shown}"]`);
  return row?.getBoundingClientRect().top;
}

/** A reader who has scrolled up in the view stays at the same message in the app. */
function keepPlace(view: HTMLElement, state: AppState): void {
  const { route } = state.view;
  const log = view.querySelector('[role=log]');
  const channel = state.channels.at(route);
  if (log === null || channel === undefined || log.scrollTop > -READING_PX) return;
  const { top, height } = log.getBoundingClientRect();
  const rows = [...log.querySelectorAll<HTMLElement>('[data-number]')];
  const middle = rows.find((row) => row.getBoundingClientRect().bottom > top + height / 2);
  if (middle !== undefined) state.view.jumpTo(channel.id, Number(middle.dataset['number']), 'middle');
}
