/** Times in lists of those who keep order: the hour of today, the day and the hour before. */
import { clock, date } from '../../i18n/dates';

export function when(at: string, now = new Date()): string {
  const time = new Date(at);
  return date(time) === date(now) ? clock(time) : `${date(time)} ${clock(time)}`;
}
