import { beforeEach, expect, it, vi } from 'vitest';
import type { App } from '../app';
import { client } from '../test-client';
import { ADA, CHANNEL, RAIN, Server } from '../test-server';
import { toldBy } from '../views/calling/everybody';
import { Words } from '../words.svelte';
import { markAllRead, markUnreadFrom } from './read-marks';
import { threadsOf } from './threads';

let server: Server;
let app: App;
/** What was asked of the server, and whether it can be reached. */
let asked: { path: string; body: unknown }[];
let reachable: boolean;

beforeEach(() => {
  vi.useFakeTimers();
  [asked, reachable] = [[], true];
  server = new Server();
  server.post();
  for (let count = 0; count < 4; count += 1) server.reply(1, RAIN);
  let step = 10;
  vi.stubGlobal('fetch', (path: string, { body }: { body: string }) => {
    if (!reachable) return Promise.reject(new TypeError('no network'));
    const sent = JSON.parse(body) as { number: number };
    asked.push({ path, body: sent });
    return Promise.resolve(Response.json(server.followOf(1, sent.number, (step += 1))));
  });
  const state = client(server);
  state.follows.take(server.followOf(1, 5, 1));
  app = { state, words: new Words(), ended: () => undefined } as never;
});

const told = () => app.state.follows.find(CHANNEL, 1);

it('a reply that is marked unread stays so while it is on screen, also without a network, until all is read', async () => {
  const run = app.state.threads.begin(CHANNEL, 1);
  run.begin(server.threadPage(1), null);
  reachable = false;
  markUnreadFrom(app, `${CHANNEL}.1`, 3);
  threadsOf(app).wasOnScreen(run, [3, 4, 5]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(told()).toMatchObject({ number: 2, unread: 3 });
  expect([run.markedAt, app.state.follows.waiting.unread]).toEqual([2, 1]);
  // What is stored is above the mark, and was told again meanwhile.
  app.state.follows.take(server.followOf(1, 5, 2));
  expect(told()).toMatchObject({ number: 2, unread: 3 });
  reachable = true;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(asked).toEqual([{ path: `/api/channels/${CHANNEL}/threads/1/read`, body: { number: 2, kind: 'mark' } }]);
  expect(told()).toMatchObject({ number: 2, unread: 3, step: 11 });
  threadsOf(app).markRead(CHANNEL, 1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked.at(-1)?.body).toEqual({ number: 5, kind: 'read' });
  expect([told()?.unread, run.markedAt]).toEqual([0, null]);
});

it('a mark that fails is not sent again when a newer one was set; two of one thread never go out together', async () => {
  const run = app.state.threads.begin(CHANNEL, 1);
  run.begin(server.threadPage(1), null);
  app.state.follows.take(server.followOf(1, 2, 2));
  const waiting: { body: { number: number; kind: string }; answer: (isHeard: boolean) => void }[] = [];
  vi.stubGlobal('fetch', (_path: string, init: { body: string }) => {
    const body = JSON.parse(init.body) as { number: number; kind: string };
    return new Promise((resolve, reject) => {
      const answer = (isHeard: boolean): void =>
        isHeard
          ? resolve(Response.json(server.followOf(1, body.number, 20 + waiting.length)))
          : reject(new TypeError('no network'));
      waiting.push({ body, answer });
    });
  });
  threadsOf(app).markRead(CHANNEL, 1);
  await vi.advanceTimersByTimeAsync(100);
  markUnreadFrom(app, `${CHANNEL}.1`, 3);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(waiting.map(({ body }) => body)).toEqual([{ number: 5, kind: 'read' }]);
  waiting[0]?.answer(false);
  await vi.advanceTimersByTimeAsync(100);
  expect(waiting.map(({ body }) => body).slice(1)).toEqual([{ number: 2, kind: 'mark' }]);
  waiting[1]?.answer(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(waiting).toHaveLength(2);
  expect(told()).toMatchObject({ number: 2, unread: 3 });
});

it('where everything is marked read, the threads that the reader follows are read too', async () => {
  const seen = vi.fn();
  app.state.follows.take(server.followOf(1, 2, 2));
  expect(app.state.follows.waiting.unread).toBe(1);
  markAllRead({ ...app, messages: { seen } } as never);
  expect([told()?.unread, app.state.follows.waiting.unread]).toEqual([0, 0]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked).toEqual([{ path: `/api/channels/${CHANNEL}/threads/1/read`, body: { number: 5, kind: 'read' } }]);
});

it('nothing is marked in a thread that the reader does not follow', async () => {
  app.state.follows.take({ ...server.followOf(1, 5, 2), following: false });
  const run = app.state.threads.begin(CHANNEL, 1);
  run.begin(server.threadPage(1), null);
  markUnreadFrom(app, `${CHANNEL}.1`, 3);
  await vi.advanceTimersByTimeAsync(1_000);
  expect([asked, run.markedAt]).toEqual([[], null]);
});

it('everybody in a thread are those who follow it; few are told without a question', () => {
  const { state } = app;
  const run = state.threads.begin(CHANNEL, 1);
  const channel = { ...server.info(), member_count: 100 };
  state.session.applyAccount({ ...(state.session.me as object), id: ADA.id, role: 'owner' } as never);
  run.begin({ ...server.threadPage(1), followers: 5 }, null);
  expect(toldBy(app, channel, 1, '@all look')).toBe(0);
  run.begin({ ...server.threadPage(1), followers: 6 }, null);
  expect(toldBy(app, channel, 1, '@all look')).toBe(6);
  expect(toldBy(app, channel, 1, 'look')).toBe(0);
  expect(toldBy(app, channel, null, '@all look')).toBe(99);
});
