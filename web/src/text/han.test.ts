import { expect, it } from 'vitest';
import { langOf } from './han';

it.each([
  ['太好了！旧手机终于不用每次都清缓存了。', 'zh-Hans'],
  ['我用 TypeScript 写了 parser', 'zh-Hans'],
  ['時刻表を更新しました', 'ja'],
  ['カタカナ', 'ja'],
  ['안녕하세요', 'ko'],
  ['Morning all', undefined],
  ['The glossary in #设计评审 has the rest, so please take new terms from there.', undefined],
  ['🎉 12', undefined],
  ['，。', undefined],
  ['', undefined],
])('%s → %s', (text, lang) => {
  expect(langOf(text)).toBe(lang);
});
