/** When a status ends, by what was chosen. */

export const ENDS = ['hour', 'fourHours', 'today', 'week', 'stays'] as const;
export type End = (typeof ENDS)[number];

const HOUR_MS = 3_600_000;

/** The moment, in the reader's time zone; `null` for one that stays. A week ends with its Sunday. */
export function endOf(end: End, now: Date): Date | null {
  const midnight = (days: number): Date => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days);
  switch (end) {
    case 'hour':
      return new Date(now.getTime() + HOUR_MS);
    case 'fourHours':
      return new Date(now.getTime() + 4 * HOUR_MS);
    case 'today':
      return midnight(1);
    case 'week':
      return midnight(8 - (now.getDay() || 7));
    case 'stays':
      return null;
  }
}
