// @vitest-environment jsdom
import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { hasPassed } from './passed.svelte';

beforeEach(() => vi.useFakeTimers({ now: Date.parse('2026-03-18T10:00:00Z') }));
afterEach(() => vi.useRealTimers());

it('a view that asks hears of the moment when it passes, however far it is', () => {
  const seen: boolean[] = [];
  const end = $effect.root(() => {
    $effect(() => void seen.push(hasPassed('2026-04-18T10:00:00Z')));
  });
  flushSync();
  vi.advanceTimersByTime(30 * 24 * 3_600_000);
  flushSync();
  expect(seen.at(-1)).toBe(false);
  vi.advanceTimersByTime(24 * 3_600_000);
  flushSync();
  expect(seen.at(-1)).toBe(true);
  end();
});
