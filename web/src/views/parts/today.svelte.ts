/** Which day it is, for views that say "Today": they are drawn anew when that changes, in a tab that stays open over midnight. */
import { createSubscriber } from 'svelte/reactivity';
import { dayOf } from '../../i18n/dates';

/** A clock that is set, or a machine that slept, is noticed within this. */
const LOOK_MS = 60_000;

let shown = '';

const subscribe = createSubscriber((update) => {
  const look = (): void => {
    clearTimeout(timer);
    if (dayOf(new Date()) !== shown) update();
    timer = setTimeout(look, Math.min(LOOK_MS, untilMidnight()));
  };
  let timer = setTimeout(look, Math.min(LOOK_MS, untilMidnight()));
  document.addEventListener('visibilitychange', look);
  return () => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', look);
  };
});

/** Now; a view that reads it is drawn anew when the day is another one. */
export function today(): Date {
  subscribe();
  const now = new Date();
  shown = dayOf(now);
  return now;
}

function untilMidnight(): number {
  const now = new Date();
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1).getTime() - now.getTime() + 1;
}
