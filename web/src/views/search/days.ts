/** The days of the filters. They begin at midnight where the reader is; an address has them as the moments of that. */
import { date } from '../../i18n/dates';

const DAY = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;

/** The midnight with which a day begins; `null` when the text is no day. */
function midnightOf(text: string): Date | null {
  const [year, month, day] = (DAY.exec(text)?.slice(1) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return null;
  const midnight = new Date(year, month - 1, day);
  const isSame = midnight.getFullYear() === year && midnight.getMonth() === month - 1 && midnight.getDate() === day;
  return isSame ? midnight : null;
}

/** Whether it is a day as filters have it. */
export function isDay(text: string): boolean {
  return midnightOf(text) !== null;
}

/** The moment at which a day begins, as the server takes it. */
export function beginningOf(day: string): string {
  return midnightOf(day)?.toISOString() ?? day;
}

/** The day in which a moment of an address is. A day without a time is in UTC there, and shown as it is. */
export function shownDay(moment: string): string {
  const time = new Date(moment);
  return isDay(moment) || Number.isNaN(time.getTime()) ? moment : date(time);
}

/** The day so many days before today. */
export function dayBefore(days: number, now = new Date()): string {
  return date(new Date(now.getFullYear(), now.getMonth(), now.getDate() - days));
}
