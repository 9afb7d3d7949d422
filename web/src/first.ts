/**
 * The script of the first view: it draws what the server cannot know. That is times and days in the reader's zone, the colours
 * of people, and the language of a text. It runs once, as soon as it is loaded, by the same rules as the app, which takes over
 * afterwards. Without it a message is never wrong, only plainer.
 */
import { clock, date, dayName, dayOf, daysAgo } from './i18n/dates';
import { langOf } from './text/han';
import { hueOf, initialOf } from './views/parts/people';

const log = document.querySelector<HTMLElement>('#first [role=log]');
if (log !== null) {
  log.ariaBusy = 'true';
  draw(log);
}
drawTexts('#first .clip');

function draw(list: HTMLElement): void {
  const now = new Date();
  const rows = [...list.querySelectorAll<HTMLElement>('[data-number]')];
  // Rows that are only there without script: the first of these begins no day, as far as can be known.
  const [first] = list.querySelector(':scope > div > noscript') === null ? [] : rows;
  let before = first === undefined ? '' : dayOf(timeOf(first));
  for (const row of rows) {
    const time = timeOf(row);
    drawFace(row);
    const day = dayOf(time);
    if (day !== before) beginDay(list, row, time, now);
    before = day;
    for (const stamp of row.parentElement?.querySelectorAll('time') ?? []) {
      const at = new Date(stamp.dateTime);
      // What is quoted of another day says of which.
      stamp.textContent =
        stamp.matches('.quote *, .says *') && dayOf(at) !== day ? `${date(at)} ${clock(at)}` : clock(at);
    }
    for (const other of row.querySelectorAll<HTMLElement>('[data-author]'))
      other.dataset['hue'] ??= String(hueOf(Number(other.dataset['author'])));
    drawTexts('.who, .txt', row);
  }
}

function timeOf(row: HTMLElement): Date {
  return new Date(row.querySelector<HTMLTimeElement>('.msg-t')?.dateTime ?? '');
}

function drawTexts(which: string, within: ParentNode = document): void {
  for (const text of within.querySelectorAll<HTMLElement>(which)) {
    const lang = langOf(text.textContent);
    if (lang !== undefined) text.lang = lang;
  }
}

/** Colour and letter by the author, whose name stands in the row; a picture stays. */
function drawFace(row: HTMLElement): void {
  row.dataset['hue'] ??= String(hueOf(Number(row.dataset['author'])));
  const face = row.querySelector<HTMLElement>('span.av');
  if (face === null) return;
  face.dataset['hue'] = row.dataset['hue'];
  face.textContent = initialOf(row.querySelector('.who')?.textContent ?? '');
}

/** The line of a day; whoever goes on after midnight is introduced again. */
function beginDay(list: HTMLElement, row: HTMLElement, time: Date, now: Date): void {
  const ago = daysAgo(time, now);
  const near = [list.dataset['today'], list.dataset['yesterday']][ago];
  const label = document.createElement('span');
  label.textContent = near ?? dayName(time, now, document.documentElement.lang.startsWith('zh') ? 'zh' : 'en');
  const line = document.createElement('div');
  line.className = 'day';
  line.append(label);
  row.parentElement?.prepend(line);
  if (row.classList.contains('msg-sys') || row.classList.contains('msg-lead')) return;
  row.classList.add('msg-lead');
  row.querySelector('.msg-who')?.classList.remove('sr');
  const face = row.firstElementChild;
  if (!(face instanceof HTMLElement)) return;
  face.className = 'av';
  drawFace(row);
}
