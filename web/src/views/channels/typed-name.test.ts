import { expect, test } from 'vitest';
import { find } from '../../text/finding';
import type { Channel } from '../../wire';
import { typedName } from './typed-name';

test('a hash before a name is not part of it', () => {
  expect(['general', ' #general ', '# general', '##a#b', '＃设计', '#', 'c#'].map(typedName)).toEqual([
    'general',
    'general',
    'general',
    'a#b',
    '设计',
    '',
    'c#',
  ]);
});

test('a channel is found by its name with a hash', () => {
  const channels = ['ferry', '#1'].map((name) => ({ name, topic: '' }) as Channel);
  expect(find(channels, '#Fer').map((hit) => hit.name)).toEqual([['', 'fer', 'ry']]);
});
