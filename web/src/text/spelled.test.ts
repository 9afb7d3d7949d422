import { expect, test } from 'vitest';
import { readingsOf, SPELLED, spelled, syllablesOf, type Spelling } from './spelled';

const readings = readingsOf({
  zhang: '张长',
  san: '三',
  chang: '长',
  shu: '书',
  she: '设',
  ji: '计',
  ping: '评',
  shen: '审',
  lv: '绿',
  lu: '绿',
  xi: '西',
  an: '安',
  xian: '先',
});

function spell(text: string, letters: string): Spelling | undefined {
  return spelled(syllablesOf(text, readings), letters);
}

function parts(text: string, letters: string): readonly string[] | undefined {
  return spell(text, letters)?.parts;
}

test('whole syllables, cut ones and initials spell a name', () => {
  expect(parts('张三', 'zhangsan')).toEqual(['', 'zhangsan', '']);
  expect(parts('张三', 'zhangs')).toEqual(['', 'zhangs', 'an']);
  expect(parts('张三', 'zs')).toEqual(['', 'z', 'hang', 's', 'an']);
  expect(parts('张三', 'zhs')).toEqual(['', 'zh', 'ang', 's', 'an']);
  expect(parts('张三', 'zhsan')).toEqual(['', 'zh', 'ang', 'san', '']);
  expect(parts('张三', 'san')).toEqual(['zhang', 'san', '']);
  expect(parts('设计评审', 'shj')).toEqual(['', 'sh', 'e', 'j', 'ipingshen']);
});

test('letters that are not all used spell nothing', () => {
  expect(parts('张三', 'zhangsanx')).toBeUndefined();
  expect(parts('张三', 'zhax')).toBeUndefined();
  // Only an initial may stand for a syllable that others follow.
  expect(parts('张三', 'zhasan')).toBeUndefined();
});

test('every reading of a character counts, and ü is v or u', () => {
  expect(parts('长', 'chang')).toEqual(['', 'chang', '']);
  expect(parts('长', 'zhang')).toEqual(['', 'zhang', '']);
  expect(parts('绿', 'lv')).toEqual(['', 'lv', '']);
  expect(parts('绿', 'lu')).toEqual(['', 'lu', '']);
});

test('where syllables can be parted in two ways, both are tried', () => {
  expect(parts('西安', 'xian')).toEqual(['', 'xian', '']);
  expect(parts('先', 'xian')).toEqual(['', 'xian', '']);
});

test('other letters in a text are themselves', () => {
  expect(parts('A张', 'azhang')).toEqual(['', 'azhang', '']);
});

test('the better way wins', () => {
  expect(spell('张三', 'zhangsan')?.rank).toBe(SPELLED.whole);
  expect(spell('张三', 'zhang')?.rank).toBe(SPELLED.begins);
  expect(spell('张三', 'san')?.rank).toBe(SPELLED.inside);
  expect(spell('张三', 'zha')?.rank).toBe(SPELLED.cut);
  expect(spell('张三', 'zs')?.rank).toBe(SPELLED.initials);
});
