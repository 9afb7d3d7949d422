/** What time it is where somebody is. */
import { clock } from '../../i18n/dates';

export interface There {
  /** `12:30` */
  readonly time: string;
  /** How many hours their clock is ahead of this one; negative when it is behind. */
  readonly hoursAhead: number;
}

/** The time in a zone; `null` where the browser does not know it. */
export function timeIn(zone: string, now: Date): There | null {
  if (zone === '') return null;
  try {
    const parts = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    }).formatToParts(now);
    const of = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((part) => part.type === type)?.value);
    // As if the clock there were the one here: the difference to now is how far it is ahead.
    const there = new Date(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'));
    const minutes = Math.round((there.getTime() - now.getTime()) / 60_000);
    return { time: clock(there), hoursAhead: (Math.round(minutes / 30) || 0) / 2 };
  } catch {
    return null;
  }
}

/** The zones that the browser knows, and the one that it is in. */
export function zones(): { readonly all: readonly string[]; readonly here: string } {
  return { all: Intl.supportedValuesOf('timeZone'), here: new Intl.DateTimeFormat().resolvedOptions().timeZone };
}
