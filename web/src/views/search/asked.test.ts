import { expect, test, vi } from 'vitest';
import { cut } from '../../text/finding';
import { askedOf, filters, isEmpty, NOTHING, queryOf, withFilter, withoutFilter, withoutFilters } from './asked';
import { excerptOf } from './excerpt';
import { beginningOf, dayBefore, isDay, shownDay } from './days';
import { typedDays, typedWord, withoutFilterWords, wordsOf } from './filter-words';

const ALL =
  '?q=timetable+%E6%97%B6%E5%88%BB&from=4&from=7&in=12&after=2026-03-01&before=2026-04-01&has=file&has=link&is=saved&mentions=me&order=best&kind=files&match=any';

test('an address says all that is asked, and what is asked is that address again', () => {
  const asked = askedOf(ALL);
  expect(asked).toMatchObject({ words: 'timetable 时刻', from: [4, 7], in: [12], has: ['file', 'link'], any: true });
  expect(queryOf(asked)).toBe(ALL);
  expect(filters(asked)).toBe(9);
  expect(queryOf(NOTHING)).toBe('');
  expect(isEmpty(askedOf('?order=best&q=+'))).toBe(true);
  // What means nothing is left out.
  expect(askedOf('?from=x&in=-1&has=soul&is=&order=worst&kind=everything')).toEqual(NOTHING);
});

test('filters come and go one by one; the words stay', () => {
  let asked = { ...NOTHING, words: 'tea' };
  asked = withFilter(asked, { kind: 'from', id: 4 });
  asked = withFilter(withFilter(asked, { kind: 'from', id: 4 }), { kind: 'has', what: 'link' });
  asked = withFilter(withFilter(asked, { kind: 'after', day: '2026-03-01' }), { kind: 'mentions' });
  expect(queryOf(asked)).toBe('?q=tea&from=4&after=2026-03-01&has=link&mentions=me');
  asked = withoutFilter(withoutFilter(asked, { kind: 'from', id: 4 }), { kind: 'after', day: '' });
  expect(queryOf(asked)).toBe('?q=tea&has=link&mentions=me');
  expect(withoutFilters(asked)).toEqual({ ...NOTHING, words: 'tea' });
});

test('the word at the caret is a filter in both languages, or a word', () => {
  expect(typedWord('tea from:ch')).toEqual({ kind: 'from', letters: 'ch', from: 4 });
  expect(typedWord('发送人：陈')).toEqual({ kind: 'from', letters: '陈', from: 0 });
  expect(typedWord('频道:')).toEqual({ kind: 'in', letters: '', from: 0 });
  expect(typedWord('IN:"design rev')).toEqual({ kind: 'in', letters: 'design rev', from: 0 });
  expect(typedWord('tea bef')).toEqual({ kind: null, letters: 'bef', from: 4 });
  expect(typedWord('from:ada tea')).toEqual({ kind: null, letters: 'tea', from: 9 });
  expect(typedWord('https://a')).toMatchObject({ kind: null });
  expect(typedWord('tea ')).toBeNull();
});

test('words are left when whole filters are taken out', () => {
  expect(withoutFilterWords('from:"Ada Okafor" tea 频道：设计评审 time')).toBe('tea time');
  expect(withoutFilterWords('tea at 12:30')).toBe('tea at 12:30');
});

test('a long message is shown around the first word that was found', () => {
  const short = excerptOf('the timetable', [[4, 13]]);
  expect(cut(short.text, short.marks)).toEqual(['the ', 'timetable', '']);
  const long = `${'word '.repeat(100)}timetable ${'word '.repeat(200)}`;
  const { text, marks } = excerptOf(long, [
    [500, 509],
    [1400, 1404],
  ]);
  expect(cut(text, marks).slice(1)).toEqual(['timetable', expect.stringMatching(/ word …$/)]);
  expect(text).toMatch(/^…word /);
  expect(text.length).toBeLessThan(410);
  const loud = excerptOf('a **timetable** with `code`', [[4, 13]]);
  expect(cut(loud.text, loud.marks)).toEqual(['a ', 'timetable', ' with code']);
  // Characters of two units stay whole.
  expect(excerptOf('🍵'.repeat(500), [[600, 602]]).text).toMatch(/^…(🍵)+…$/u);
});

test.each(['Asia/Shanghai', 'America/Los_Angeles'])('a day is one where the reader is: %s', (zone) => {
  vi.stubEnv('TZ', zone);
  const beginning = zone === 'Asia/Shanghai' ? '2026-02-28T16:00:00.000Z' : '2026-03-01T08:00:00.000Z';
  expect(beginningOf('2026-03-01')).toBe(beginning);
  expect([shownDay(beginning), shownDay('2026-03-01'), shownDay('')]).toEqual(['2026-03-01', '2026-03-01', '']);
  // Half past midnight and seven in the morning, after a day in which the clock moved in one of them.
  expect(dayBefore(1, new Date(2026, 2, 9, 0, 30))).toBe('2026-03-08');
  expect(dayBefore(0, new Date(2026, 2, 9, 7))).toBe('2026-03-09');
  expect(['2026-02-29', '2026-13-01', '0026-01-01', '26-1-1', ''].filter(isDay)).toEqual([]);
  const { left, filters } = typedDays('tea after:2026-03-01 之前："2026-3-2" "so after:2026-03-01 on" from:2026-03-01');
  expect(left).toBe('tea "so after:2026-03-01 on" from:2026-03-01');
  expect(filters).toEqual([
    { kind: 'after', day: beginning },
    { kind: 'before', day: beginningOf('2026-03-02') },
  ]);
  expect(typedDays('tea  after:2026-02-30')).toEqual({ left: 'tea  after:2026-02-30', filters: [] });
  vi.unstubAllEnvs();
});

test('the words that are looked for are those of no filter; a phrase is one', () => {
  expect(wordsOf('tea from:ada "green cup" 频道：设计评审 茶')).toEqual(['tea', 'green cup', '茶']);
  expect(wordsOf('from:"Ada Okafor"')).toEqual([]);
});
