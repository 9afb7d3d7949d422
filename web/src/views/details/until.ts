/** Ends of mutes as text. */
import { hasPassed } from '../parts/passed.svelte';

/** From this year on an end stands for none. */
const FOR_GOOD = 9999;

interface Forms {
  readonly clock: (time: Date) => string;
  readonly date: (time: Date) => string;
}

/** The time of today, or the date and the time; `null` for good. */
export function untilText(until: string | null, { clock, date }: Forms, now = new Date()): string | null {
  if (until === null) return null;
  const end = new Date(until);
  if (end.getUTCFullYear() >= FOR_GOOD) return null;
  const today = date(end) === date(now);
  return today ? clock(end) : `${date(end)} ${clock(end)}`;
}

/** Whether the visit of a guest is over. */
export function isVisitOver(guest: { readonly visit_ends_at: string | null }): boolean {
  return guest.visit_ends_at !== null && hasPassed(guest.visit_ends_at);
}
