/** Whether a moment has passed: a view that asks is drawn again when it does. */
import { createSubscriber } from 'svelte/reactivity';

/** Timers take no longer time. */
const LONGEST_MS = 2 ** 31 - 1;

export function hasPassed(moment: string): boolean {
  const left = Date.parse(moment) - Date.now();
  if (left <= 0) return true;
  createSubscriber((update) => {
    const timer = setTimeout(update, Math.min(left, LONGEST_MS));
    return () => clearTimeout(timer);
  })();
  return false;
}
