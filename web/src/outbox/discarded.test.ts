import { expect, it } from 'vitest';
import { memoryStore } from '../state/test-store';
import { Discarded } from './discarded';

it('notes what was discarded for one installation, and knows what a version before noted for all', () => {
  const store = memoryStore();
  const here = new Discarded(store);
  here.belongsTo('here');
  here.add(['k1']);
  expect([...store.kept.keys()]).toEqual(['chinwag.discarded.here.k1']);
  const there = new Discarded(store);
  there.belongsTo('there');
  expect(there.has('k1')).toBe(false);
  store.setItem('chinwag.discarded.k2', '1');
  expect(here.has('k2')).toBe(true);
  here.forget(['k1', 'k2']);
  expect(store.kept.size).toBe(0);
});
