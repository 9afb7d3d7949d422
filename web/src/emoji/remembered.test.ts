import { expect, test } from 'vitest';
import { memoryStore } from '../state/test-store';
import { MOST_RECENT, RememberedEmoji } from './remembered';

test('the newest come first, once each, and no more than fit', () => {
  const remembered = new RememberedEmoji(memoryStore(), 'ada');
  expect(remembered.recent).toEqual([]);
  for (let number = 0; number < MOST_RECENT + 5; number += 1) remembered.picked(String.fromCodePoint(0x1f600 + number));
  remembered.picked('🚢');
  remembered.picked('❤️');
  remembered.picked('🚢');
  expect(remembered.recent).toHaveLength(MOST_RECENT);
  expect(remembered.recent.slice(0, 2)).toEqual(['🚢', '❤️']);
});

test('each person has their own, and a page that comes later the same', () => {
  const store = memoryStore();
  const ada = new RememberedEmoji(store, 'ada');
  ada.picked('🚢');
  ada.tone = 4;
  const later = new RememberedEmoji(store, 'ada');
  expect([later.recent, later.tone]).toEqual([['🚢'], 4]);
  const grace = new RememberedEmoji(store, 'grace');
  expect([grace.recent, grace.tone]).toEqual([[], 0]);
});

test('a store with nonsense, and none at all, remember nothing', () => {
  const store = memoryStore();
  store.setItem('chinwag.emoji.ada.tone', '9');
  expect(new RememberedEmoji(store, 'ada').tone).toBe(0);
  const none = new RememberedEmoji(null, 'ada');
  none.picked('🚢');
  expect(none.recent).toEqual([]);
});
