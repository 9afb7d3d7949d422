/** What a person is up to, as long as it lasts: a view that shows it is drawn again when it ends. */
import { createSubscriber } from 'svelte/reactivity';
import type { Status } from '../../wire';

/** Timers take no longer time. */
const LONGEST_MS = 2 ** 31 - 1;

/** A status that has not ended; `null` if there is none. */
export function lasting(status: Status | null): Status | null {
  if (status?.until == null) return status;
  const left = Date.parse(status.until) - Date.now();
  if (left <= 0) return null;
  createSubscriber((update) => {
    const timer = setTimeout(update, Math.min(left, LONGEST_MS));
    return () => clearTimeout(timer);
  })();
  return status;
}

/** The emoji and the words of a status that has not ended. */
export function statusLine(status: Status | null): string | null {
  const now = lasting(status);
  return now === null ? null : `${now.quiet ? '🌙 ' : ''}${now.emoji} ${now.text}`.trim();
}
