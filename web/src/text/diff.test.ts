import { describe, expect, it } from 'vitest';
import { piecesOf } from './diff';

/** `{+added+}` and `{-taken-}`, a line for each form, the oldest first. */
function told(...forms: readonly string[]): string[] {
  const SIGNS = { added: '+', taken: '-' };
  return piecesOf(forms).map((pieces) =>
    pieces.map(({ text, mark }) => (mark === null ? text : `{${SIGNS[mark]}${text}${SIGNS[mark]}}`)).join(''),
  );
}

describe('what differs between the forms of a text', () => {
  it('is told by words: added to the form before, taken out for the one after', () => {
    expect(
      told(
        'rc2 is cut from 8a20e1d. The Saturday sailings are inn.',
        'rc2 is cut from 8a20e1d. The Saturday sailings are in.',
        'rc2 is cut from 9b31f0c. The Saturday sailings, the empty-table test are in.',
      ),
    ).toEqual([
      'rc2 is cut from 8a20e1d. The Saturday sailings are {-inn-}.',
      'rc2 is cut from {-8a20e1d-}. The Saturday sailings are {+in+}.',
      'rc2 is cut from {+9b31f0c+}. The Saturday sailings{+, the empty-table test+} are in.',
    ]);
  });

  it('is told by characters where no spaces are written', () => {
    expect(told('统一用“末班船”吧', '统一用“尾班船”吧，好')).toEqual([
      '统一用“{-末-}班船”吧',
      '统一用“{+尾+}班船”吧{+，好+}',
    ]);
    expect(told('ゆうぐれ', 'ゆうがた')).toEqual(['ゆう{-ぐれ-}', 'ゆう{+がた+}']);
  });

  it('takes words as a whole, with their marks, and emoji', () => {
    expect(told('naïve Ärger', 'naive Ärger')).toEqual(['{-naïve-} Ärger', '{+naive+} Ärger']);
    expect(told('ok 👍', 'ok 🎉')).toEqual(['ok {-👍-}', 'ok {+🎉+}']);
  });

  it('is nothing where nothing differs, and everything where all does', () => {
    expect(told('same', 'same')).toEqual(['same', 'same']);
    expect(told('', 'new')).toEqual(['', '{+new+}']);
    expect(told('one', 'two')).toEqual(['{-one-}', '{+two+}']);
  });

  it('of the longest texts comes soon, and loses nothing', () => {
    const forms = ['甲', '乙', '丙'].map((start) =>
      Array.from({ length: 10_000 }, (_, i) => (i % 3 === 0 ? start : '文')).join(''),
    );
    expect(piecesOf(forms).map((pieces) => pieces.map(({ text }) => text).join(''))).toEqual(forms);
  });
});
