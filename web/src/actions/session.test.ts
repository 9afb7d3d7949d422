import { afterEach, expect, it, vi } from 'vitest';
import { AppState } from '../state';
import { ADA } from '../test-server';
import { MEMBER } from '../test-shapes';
import { Words } from '../words.svelte';
import { Sessions } from './session';

afterEach(() => vi.unstubAllGlobals());

it('of a setting whose answer was lost, what the server told holds', async () => {
  const state = new AppState(null);
  const sessions = new Sessions({ state, words: new Words(), ended: () => undefined, flushInbox: () => undefined });
  const settings = { language: 'en', theme: 'light', enter_sends: false, invisible: false } as const;
  const created_at = '2026-11-27T06:00:00Z';
  const before = { ...ADA, ...MEMBER, created_at, has_password: false, last_channel: null, revision: 7, settings };
  state.session.applyAccount(before);
  // The server takes the setting and tells of it; the answer is lost on the way.
  vi.stubGlobal('fetch', () => {
    state.session.applyAccount({ ...before, revision: 8, settings: { ...settings, theme: 'dark' } });
    return Promise.reject(new TypeError('the line broke'));
  });
  await sessions.change({ theme: 'dark' });
  expect(state.session.settings.theme).toBe('dark');
  // This one did not reach the server.
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('the line broke')));
  await sessions.change({ theme: 'auto' });
  expect(state.session.settings.theme).toBe('dark');
});
