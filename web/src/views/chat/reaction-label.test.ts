import { expect, it, vi } from 'vitest';
import { loadEmoji } from '../../emoji/data';
import '../../i18n/later';
import { Words } from '../../words.svelte';
import { reactionLabel } from './reaction-label';

it('a reaction is read out by the name of its emoji as soon as that is known, in the language of the page', async () => {
  const words = new Words();
  const label = (emoji: string): string | undefined => reactionLabel({ words }, { emoji, count: 4, mine: false });
  // The row to react with has names of its own.
  expect([label('🎉'), label('🚢')]).toEqual(['Party popper, 4', undefined]);
  const file = { groups: [[['🚢', '', 'ship', '船', '', 0]]], readings: {} };
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json(file)));
  await loadEmoji('en');
  expect([label('🚢'), label('🐢')]).toEqual(['Ship, 4', undefined]);
  words.language = 'zh';
  expect([label('🎉'), label('🚢')]).toEqual(['庆祝，4', '船，4']);
});
