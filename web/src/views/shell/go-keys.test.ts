// @vitest-environment jsdom
import { beforeEach, expect, it, vi } from 'vitest';
import type { App } from '../../app';
import { LetterKeys } from '../../state/letter-keys';
import { goKeys, WITHIN_MS } from './go-keys';

let gone: string[];
let letterKeys: LetterKeys;
let press: (event: KeyboardEvent) => void;
let at: number;

beforeEach(() => {
  [gone, at] = [[], 0];
  const kept = new Map<string, string>();
  const store = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
  letterKeys = new LetterKeys(store as never, 'ada');
  const navigator = { go: ({ kind }: { kind: string }) => void gone.push(kind) };
  press = goKeys({ navigator, state: { letterKeys } } as unknown as App);
});

/** Presses keys one after the other; returns the last event. */
function type(keys: string, { target = document.body, pauseMs = 100, ctrlKey = false } = {}): KeyboardEvent {
  let event = new KeyboardEvent('keydown');
  for (const key of keys) {
    event = new KeyboardEvent('keydown', { key, ctrlKey, bubbles: true, cancelable: true });
    const now = (at += pauseMs);
    vi.spyOn(event, 'timeStamp', 'get').mockReturnValue(now);
    target.addEventListener('keydown', press, { once: true });
    target.dispatchEvent(event);
  }
  return event;
}

it('G and a letter lead to a page, and nothing else gets that letter', () => {
  expect(type('ga').defaultPrevented).toBe(true);
  type('gt');
  type('gs');
  expect(gone).toEqual(['activity', 'threads', 'saved']);
  const tick = document.body.appendChild(document.createElement('input'));
  tick.type = 'radio';
  type('ga', { target: tick });
  expect(gone.pop()).toBe('activity');
  expect(type('gx').defaultPrevented).toBe(false);
  expect(type('s').defaultPrevented).toBe(false);
  expect(gone).toHaveLength(3);
});

it('it means nothing with a pause, with another key held, in a field, and where letters are off', () => {
  type('ga', { pauseMs: WITHIN_MS });
  type('ga', { ctrlKey: true });
  const field = document.body.appendChild(document.createElement('textarea'));
  type('ga', { target: field });
  type('g');
  type('a', { target: field });
  letterKeys.on = false;
  type('ga');
  expect(gone).toEqual([]);
  letterKeys.on = true;
  type('ga');
  expect(gone).toEqual(['activity']);
});
