import { expect, test } from 'vitest';
import type { Source } from './source';
import { typedAt } from './typed';

const find: Source['find'] = () => Promise.resolve([]);
const COLON: Source = { sign: ':', fits: (letters) => /^[\p{L}\p{N}_+-]{2,}:?$/u.test(letters), find };
const HASH: Source = { sign: '#', fits: (letters) => /^[^\s#]*$/.test(letters), find };

const AT: Source = { sign: '@', isNoPunctuation: true, fits: (letters) => /^(?:\S+(?: \S+)*)?$/.test(letters), find };

/** The sign and the letters of the word at the `|` of a text. */
function typed(text: string): string | undefined {
  const caret = text.indexOf('|');
  const found = typedAt(text.replace('|', ''), caret, [COLON, HASH, AT]);
  return found && `${found.from} ${found.source.sign}${found.letters}`;
}

test('a sign at the beginning, behind a space, a line or a bracket begins a word', () => {
  expect(typed(':fer|')).toBe('0 :fer');
  expect(typed('On my way, :fer| soon')).toBe('11 :fer');
  expect(typed('one\n#gen|')).toBe('4 #gen');
  expect(typed('(:fer|')).toBe('1 :fer');
  expect(typed('#|')).toBe('0 #');
  expect(typed(':tada:|')).toBe('0 :tada:');
});

test('a sign inside of a word, a time or an address begins none', () => {
  for (const text of [
    'word:fer|',
    'at 12:30|',
    'https://a|',
    'std::vec|',
    'C#sharp|',
    'слово:текст|',
    '##gen|',
    '&#x41|',
  ]) {
    expect(typed(text), text).toBeUndefined();
  }
});

test('only what stands before the caret counts', () => {
  expect(typed(':fe|rry')).toBe('0 :fe');
  expect(typed('|:ferry')).toBeUndefined();
  expect(typed(':ferry and |')).toBeUndefined();
});

test('behind Han a sign begins Latin letters alone', () => {
  expect(typed('马上到:chuan|')).toBe('3 :chuan');
  expect(typed('他说:好的|')).toBeUndefined();
  expect(typed('马上到 :帆船|')).toBe('4 :帆船');
  expect(typed('马上到，:帆船|')).toBe('4 :帆船');
});

test('a face is no word', () => {
  for (const text of [':D|', ':)|', ':-|', ':p|']) expect(typed(text), text).toBeUndefined();
});

test('behind Han an @ begins any letters, as it is no punctuation', () => {
  expect(typed('请@|')).toBe('1 @');
  expect(typed('请@张|')).toBe('1 @张');
  expect(typed('还有一件事，@zs|')).toBe('6 @zs');
  expect(typed('mail ann@x|')).toBeUndefined();
  expect(typed('hi @zhang s|')).toBe('3 @zhang s');
  expect(typed('hi @zhang |')).toBeUndefined();
});
