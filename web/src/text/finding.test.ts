import { expect, test } from 'vitest';
import { find, ranked, type Readable } from './finding';
import cases from './names.cases.json';

const names: readonly (Readable & { readonly typed: readonly string[] })[] = cases;

function found(names_: readonly Readable[], typed: string): string[] {
  return find(names_, typed).map(({ item }) => item.name);
}

/** What stands in a list for a name that was found. */
function parts(name: string, typed: string, reading?: string): readonly (readonly string[])[] {
  return ranked([{ name, reading }], typed).flatMap((hit) => [hit.name, hit.reading]);
}

test('of three hundred names, the one that is meant is among the first three', () => {
  expect(names).toHaveLength(300);
  const places = names.flatMap(({ name, typed }) =>
    typed.map((letters) => ({ name, letters, place: found(names, letters).indexOf(name) })),
  );
  const missed = places.filter(({ place }) => place < 0 || place > 2);
  expect(places.length).toBeGreaterThan(1300);
  expect(missed.length / places.length, JSON.stringify(missed)).toBeLessThanOrEqual(0.01);
  // Every name is found at all, whatever is typed for it.
  expect(missed.filter(({ place }) => place < 0)).toEqual([]);
});

test('every reading of a character counts', () => {
  const place = { name: '重庆', reading: 'zhong,chong,tong qing' };
  for (const typed of ['cq', 'zq', 'chongqing', 'zhongqing', 'chong q', '重q', 'c庆', '庆', "chong'qing", 'ＣＱ', 'CQ'])
    expect(found([place], typed), typed).toEqual(['重庆']);
  for (const typed of ['qc', 'hongqing', 'cqx', '庆c']) expect(found([place], typed), typed).toEqual([]);
  for (const typed of ['lv', 'lu', 'lü', 'lyu', 'lyubu'])
    expect(found([{ name: '吕布', reading: 'lü bu' }], typed)).toHaveLength(1);
});

test('what is whole comes before what begins, that before initials, and what is inside of words last', () => {
  const list = [
    { name: 'Bazsa' },
    { name: '李张三', reading: 'li zhang san' },
    { name: '张三丰', reading: 'zhang san feng' },
    { name: '张三', reading: 'zhang san' },
    { name: 'Zsófia' },
    { name: 'zs' },
  ];
  expect(found(list, 'zs')).toEqual(['zs', 'Zsófia', '张三', '张三丰', '李张三', 'Bazsa']);
  expect(found(list, '')).toEqual(list.map(({ name }) => name));
  expect(found([{ name: 'b-a' }, { name: 'c-a' }], 'a')).toEqual(['b-a', 'c-a']);
});

test('what was typed stands out in the name, or in how it is read', () => {
  expect(parts('张三', 'zs', 'zhang san')).toEqual([['张三'], ['', 'z', 'hang ', 's', 'an']]);
  expect(parts('张三', '张s', 'zhang san')).toEqual([
    ['', '张', '三'],
    ['zhang ', 's', 'an'],
  ]);
  expect(parts('张三', '三', 'zhang san')).toEqual([['张', '三', ''], []]);
  expect(parts('重庆', 'cq', 'zhong,chong,tong qing')).toEqual([['重庆'], ['', 'c', 'hong ', 'q', 'ing']]);
  expect(parts('吕布', 'lyu', 'lü bu')).toEqual([['吕布'], ['', 'lü', ' bu']]);
  expect(parts('Zsófia Kovács', 'z k')).toEqual([['', 'Z', 'sófia ', 'K', 'ovács'], []]);
  expect(parts('(Ann) Lee!', 'l')).toEqual([['(Ann) ', 'L', 'ee!'], []]);
  expect(parts('Tom 张', 'tz', '    zhang')).toEqual([
    ['', 'T', 'om 张'],
    ['', 'T', 'om ', 'z', 'hang'],
  ]);
  expect(parts('Ada', 'd')).toEqual([['A', 'd', 'a'], []]);
  expect(parts('Ann', '')).toEqual([['Ann'], []]);
});

test('the reading of an earlier name is not believed', () => {
  expect(found([{ name: '张三丰', reading: 'li si' }], 'ls')).toEqual([]);
  expect(found([{ name: '张三丰', reading: 'li si' }], '张')).toEqual(['张三丰']);
});

test('what something else found stays, behind what the letters are in', () => {
  const names = ranked([{ name: 'topic' }, { name: 'Ada' }], 'ad').map((hit) => hit.name);
  expect(names).toEqual([['', 'Ad', 'a'], ['topic']]);
});
