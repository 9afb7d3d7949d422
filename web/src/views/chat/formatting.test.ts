import { describe, expect, it } from 'vitest';
import { formatted, type Format } from './formatting';

/** What a text becomes. ⟦ and ⟧ stand around what is selected, and ‸ where the cursor is. */
function done(marked: string, format: Format): string {
  const start = marked.search(/[⟦‸]/);
  const text = marked.replace(/[⟦⟧‸]/g, '');
  const end = marked.includes('⟧') ? marked.indexOf('⟧') - 1 : start;
  const change = formatted(text, start, end, format);
  const made = text.slice(0, change.from) + change.text + text.slice(change.to);
  const [from, to] = change.selected;
  if (from === to) return `${made.slice(0, from)}‸${made.slice(from)}`;
  return `${made.slice(0, from)}⟦${made.slice(from, to)}⟧${made.slice(to)}`;
}

describe('formatting', () => {
  it.each([
    ['bold', 'a ⟦b c⟧ d', 'a **⟦b c⟧** d'],
    ['bold', 'a **⟦b⟧** d', 'a ⟦b⟧ d'],
    ['bold', 'a ⟦**b**⟧ d', 'a ⟦b⟧ d'],
    ['bold', 'a⟦ b ⟧c', 'a **⟦b⟧** c'],
    ['bold', '‸', '**‸**'],
    ['bold', '**‸**', '‸'],
    ['bold', '*⟦a⟧*', '***⟦a⟧***'],
    ['italic', '**⟦a⟧**', '***⟦a⟧***'],
    ['italic', '***⟦a⟧***', '**⟦a⟧**'],
    ['bold', '***⟦a⟧***', '*⟦a⟧*'],
    ['italic', '请⟦看⟧一下', '请*⟦看⟧*一下'],
    ['strike', '⟦a⟧', '~~⟦a⟧~~'],
    ['code', '⟦a⟧', '`⟦a⟧`'],
    ['block', '⟦a\nb⟧', '```\n⟦a\nb⟧\n```'],
    ['block', 'x ⟦a⟧ y', 'x \n```\n⟦a⟧\n```\n y'],
    ['bullets', '‸', '- ‸'],
    ['bullets', 'a\n⟦b\nc⟧\nd', 'a\n⟦- b\n- c⟧\nd'],
    ['bullets', '⟦- b\n- c⟧', '⟦b\nc⟧'],
    ['numbers', '⟦b\nc⟧', '⟦1. b\n2. c⟧'],
    ['numbers', '⟦1. b\n2. c⟧', '⟦b\nc⟧'],
    ['tasks', 'a‸', '- [ ] a‸'],
    ['quote', '⟦a\nb⟧\nc', '⟦> a\n> b⟧\nc'],
    ['link', 'see ⟦this⟧', 'see [this](⟦https://⟧)'],
    ['link', '⟦https://b.example/x⟧', '[‸](https://b.example/x)'],
    ['table', 'a‸', 'a\n| ‸ |  |\n| --- | --- |\n|  |  |'],
  ] as const)('%s of %j', (format, before, after) => {
    expect(done(before, format)).toBe(after);
  });
});
