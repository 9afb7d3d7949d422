/** Times as the design has them: short in the list, whole in tooltips and tables, always in the reader's time zone. */
import type { Language } from './index';

const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', zh: 'zh-CN' };
const DAY_MS = 24 * 3600 * 1000;

function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0');
}

/** `09:52` */
export function clock(time: Date): string {
  return `${pad(time.getHours())}:${pad(time.getMinutes())}`;
}

/** `2026-03-18` */
export function date(time: Date): string {
  return `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())}`;
}

/** `2026-03-18 09:52:08` */
export function full(time: Date): string {
  return `${date(time)} ${clock(time)}:${pad(time.getSeconds())}`;
}

/** `2026-03-18 09:52:08.041` */
export function exact(time: Date): string {
  return `${full(time)}.${pad(time.getMilliseconds(), 3)}`;
}

/** What tells one day from another. */
export function dayOf(time: Date): string {
  return date(time);
}

/** How many midnights lie between: 0 is today, 1 yesterday. */
export function daysAgo(time: Date, now: Date): number {
  const midnight = (day: Date): number => new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime();
  return Math.round((midnight(now) - midnight(time)) / DAY_MS);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** `Tuesday, 17 March`; with the year when it is another one. */
export function dayName(time: Date, now: Date, language: Language): string {
  const year = time.getFullYear() !== now.getFullYear();
  const key = `${language} ${year}`;
  let format = formats.get(key);
  if (format === undefined) {
    const options: Intl.DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long' };
    format = new Intl.DateTimeFormat(LOCALES[language], year ? { ...options, year: 'numeric' } : options);
    formats.set(key, format);
  }
  return format.format(time);
}

const UNITS = ['B', 'KB', 'MB', 'GB'] as const;

/** `48 KB`, `2 MB`, `1.5 MB` */
export function fileSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = value < 10 && unit > 1 ? 1 : 0;
  return `${Number(value.toFixed(digits))} ${UNITS[unit] ?? 'B'}`;
}
