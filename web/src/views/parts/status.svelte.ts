/** What a person is up to, as long as it lasts: a view that shows it is drawn again when it ends. */
import type { Status } from '../../wire';
import { hasPassed } from './passed.svelte';

/** A status that has not ended; `null` if there is none. */
export function lasting(status: Status | null): Status | null {
  return status?.until == null || !hasPassed(status.until) ? status : null;
}

/** The emoji and the words of a status that has not ended. */
export function statusLine(status: Status | null): string | null {
  const now = lasting(status);
  return now === null ? null : `${now.quiet ? '🌙 ' : ''}${now.emoji} ${now.text}`.trim();
}
