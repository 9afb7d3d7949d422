/** The direct conversations of the sidebar. */
import type { Channel } from '../wire';

/** Those that are not hidden, and the one that is shown; the ones with the newest message first. */
export function conversations(list: readonly Channel[], current: number | null): readonly Channel[] {
  return list
    .filter(({ id, kind, member, hidden }) => kind === 'direct' && member && (!hidden || id === current))
    .sort((a, b) => lastAt(b).localeCompare(lastAt(a)) || b.id - a.id);
}

/** When it last had a message; before the first one, when it was opened. The server writes times in one form. */
function lastAt({ last_message, created_at }: Channel): string {
  return last_message?.created_at ?? created_at;
}
