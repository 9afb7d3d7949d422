import { expect, it } from 'vitest';
import { EVERYBODY, isCalled } from './in-text';

it.each(['@all', 'hi @ALL!', '请@所有人看一下', '**@here**', '> @everyone', '- @all, now', '(@all)', '😀@all'])(
  '%j calls everybody',
  (text) => {
    expect(isCalled(text, EVERYBODY)).toBe(true);
  },
);

it.each([
  'all',
  '@allen',
  '@allé',
  'mail me@all.example',
  '`@all`',
  '```\n@all\n```',
  'https://x.example/@all',
  'https://x.example/a?b=@all',
  '[@all](https://x.example/)',
  '@@all',
  '@ all',
])('%j does not', (text) => {
  expect(isCalled(text, EVERYBODY)).toBe(false);
});

it('names are as they are written, whatever they hold', () => {
  expect(isCalled('thanks @a.b (c)', ['a.b (c)'])).toBe(true);
  expect(isCalled('thanks @axb', ['a.b'])).toBe(false);
  expect(isCalled('@朱珊好', ['朱珊'])).toBe(true);
  expect(isCalled('@Ann', [])).toBe(false);
});
