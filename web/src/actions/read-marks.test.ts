import { beforeEach, expect, it, vi } from 'vitest';
import { AppState } from '../state';
import { unread } from '../state/counting';
import { ADA, CHANNEL, RAIN, Server } from '../test-server';
import { Words } from '../words.svelte';
import { Messages } from './messages';
import { Reading } from './reading';
import { markAllRead, markUnreadFrom } from './read-marks';

let state: AppState;
let reading: Reading;
let app: Parameters<typeof markAllRead>[0];
let server: Server;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')));
  server = new Server();
  for (let number = 1; number <= 30; number += 1) server.post(number % 10 === 0 ? ADA : RAIN);
  state = new AppState(null);
  state.session.applyAccount({ id: ADA.id, name: ADA.name, settings: { language: 'auto' } } as never);
  state.channels.replace([server.info()]);
  state.windows.open(CHANNEL).replace(server.page());
  const core = { state, words: new Words(), ended: () => undefined, flushInbox: () => undefined };
  const messages = new Messages(core, () => true);
  reading = new Reading(core, messages, () => undefined);
  app = { ...core, messages } as never;
});

const left = (): number => unread(state.channels.find(CHANNEL) ?? { member: false, unread: -1 });

it('a mark that is set holds without a network, though what is below it is on screen', async () => {
  markAllRead(app);
  expect(left()).toBe(0);
  markUnreadFrom(app, CHANNEL, 25);
  expect(state.view.newLine).toEqual({ channel: CHANNEL, after: 24, set: true });
  reading.wasOnScreen(CHANNEL, [25, 26, 27, 28, 29]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(left()).toBe(5);
  expect(state.channels.pendingMark(CHANNEL)).toMatchObject({ number: 24, kind: 'mark' });
  // It is the way it always was once the line is gone.
  state.view.newLine = null;
  reading.wasOnScreen(CHANNEL, [25]);
  expect(left()).toBe(4);
});
