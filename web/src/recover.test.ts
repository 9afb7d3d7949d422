import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { apply } from './apply';
import { Recovery } from './recover';
import { AppState } from './state';
import { INSIDE, OPEN } from './test-shapes';
import type { Channel, Message, MessagePage, ServerEvent, Follow } from './wire';

const CHANNEL = 7;
const message = (number: number): Message => ({
  channel: CHANNEL,
  number,
  revision: number,
  key: `k${number}`,
  author: { id: 2, name: '小雨' },
  text: `t${number}`,
  created_at: '2026-03-18T09:00:00.000Z',
  deleted_at: null,
  removed: false,
  attachments: [],
});
const upTo = (last: number): Message[] => Array.from({ length: last }, (_, index) => message(index + 1));
const page = (last: number): MessagePage => ({
  channel: CHANNEL,
  revision: last,
  last_number: last,
  messages: upTo(last),
  has_older: false,
  has_newer: false,
});

const general = {
  id: CHANNEL,
  name: 'general',
  topic: '',
  created_at: '2026-03-18T09:00:00.000Z',
  created_by: { id: 2, name: '小雨' },
  member_count: 1,
  revision: 0,
  last_number: 0,
  last_message: null,
  ...OPEN,
  ...INSIDE,
  own_revision: 0,
  read_step: 0,
  unread: 0,
  mentions: 0,
  read_number: 0,
};
const list = (channels: unknown[]): Response => json({ channels, complete: true, own: 0, place: 0 });

let asked: string[] = [];
let answers: (Response | Error)[] = [];
let state: AppState;

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  answers = [];
  vi.stubGlobal('fetch', (path: string) => {
    asked.push(path);
    const next = answers.shift() ?? new Error('nobody answers');
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  });
  state = new AppState(null);
  state.windows.open(CHANNEL).replace(page(2));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const json = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status });
const changed = (messages: Message[], revision: number, complete = true): Response =>
  json({
    channel: CHANNEL,
    revision,
    messages,
    complete,
    reached: messages.at(-1)?.revision ?? revision,
    info: { ...general, revision },
  });
const membership = (revision: number, channel: Channel): ServerEvent => ({
  name: 'membership',
  event: { since: revision - 1, revision, channel: { ...channel, own_revision: revision } },
});
const numbers = (): number[] => state.windows.open(CHANNEL).rows.map((row) => row.number);

const follow = (channel: number): Follow => ({
  ...{ channel, root: 1, following: true, number: 1, step: 1 },
  ...{ unread: 0, mentions: 0, last_number: 1, channel_revision: 1 },
});

describe('catching up', () => {
  it('asks for the list again when more is heard of a channel than the answer that is on its way knows', async () => {
    const other = 8;
    const at = (revision: number, unread: number) => ({ ...general, id: other, name: 'other', revision, unread });
    state.channels.replace([at(0, 0)]);
    answers = [list([at(1, 1)]), list([at(2, 2)])];
    const recovery = new Recovery(state);
    recovery.catchUp([{ stream: other, revision: 1 }]);
    recovery.catchUp([{ stream: other, revision: 2 }]);
    await vi.advanceTimersByTimeAsync(0);
    expect(state.channels.find(other)?.unread).toBe(2);
    expect(asked).toHaveLength(2);
  });

  it('asks once for what changed since the known revision', async () => {
    answers = [changed([message(3), message(4)], 4)];
    const recovery = new Recovery(state);
    recovery.catchUp([{ stream: CHANNEL, revision: 3 }]);
    recovery.catchUp([{ stream: CHANNEL, revision: 4 }]);
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual([expect.stringContaining(`/channels/${CHANNEL}/changes?since=2`)]);
    expect(numbers()).toEqual([1, 2, 3, 4]);
    expect(state.windows.open(CHANNEL).revision).toBe(4);
    expect(state.activity.doubts, 'what was missed may call the reader').toBe(1);
  });

  it('goes on until it has what it heard of meanwhile', async () => {
    answers = [changed([message(3)], 3), changed([message(4)], 4)];
    const recovery = new Recovery(state);
    recovery.catchUp([{ stream: CHANNEL, revision: 4 }]);
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toHaveLength(2);
    expect(numbers()).toEqual([1, 2, 3, 4]);
  });

  it('puts what was missed in the channel that is shown under the line, where nothing was unread before', async () => {
    const recovery = new Recovery(state);
    state.channels.replace([{ ...general, revision: 2, last_number: 2, read_number: 2 }]);
    answers = [changed([message(3)], 3)];
    recovery.catchUp([{ stream: CHANNEL, revision: 3 }]);
    await vi.advanceTimersByTimeAsync(0);
    expect(state.view.newLine, 'another place is shown').toBeNull();
    state.channels.replace([{ ...general, revision: 3, last_number: 3, read_number: 3 }]);
    state.view.route = { kind: 'channel', name: general.name, number: null };
    answers = [changed([message(4)], 4)];
    recovery.catchUp([{ stream: CHANNEL, revision: 4 }]);
    await vi.advanceTimersByTimeAsync(0);
    expect(state.view.newLine).toEqual({ channel: CHANNEL, after: 3 });
  });

  it('begins anew when too much was missed', async () => {
    answers = [
      changed(upTo(500), 900, false),
      json(page(900)),
      list([{ ...general, revision: 900, last_number: 900 }]),
    ];
    new Recovery(state).catchUp([{ stream: CHANNEL, revision: 900 }]);
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.at(-1), 'the list is as old as the rows were').toBe('/api/channels?after=0');
    expect(numbers()).toHaveLength(900);
    expect(state.windows.open(CHANNEL).revision).toBe(900);
  });

  it('begins when a channel is joined again elsewhere whose old rows are still here', async () => {
    const recovery = new Recovery(state);
    state.channels.onRevision = (channel, revision) => recovery.catchUpTo(channel, revision);
    state.channels.replace([{ ...general, revision: 2, last_number: 2 }]);
    apply(state, membership(1, { ...general, member: false, revision: 2, last_number: 2 }));
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual([]);
    answers = [changed([message(3), message(4)], 4)];
    apply(state, membership(2, { ...general, revision: 4, last_number: 4 }));
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual([expect.stringContaining(`/channels/${CHANNEL}/changes?since=2`)]);
    expect(numbers()).toEqual([1, 2, 3, 4]);
  });

  it('tries again after trouble, and lets a refusal be', async () => {
    answers = [new TypeError('Failed to fetch'), json({}, 503), changed([message(3)], 3)];
    const recovery = new Recovery(state);
    recovery.catchUp([{ stream: CHANNEL, revision: 3 }]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(numbers()).toEqual([1, 2, 3]);

    answers = [json({ code: 'forbidden' }, 403)];
    recovery.catchUp([{ stream: CHANNEL, revision: 9 }]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(4);
  });

  it('tries again too where a list, threads or a count were to tell of it: nothing else may happen there for long', async () => {
    const other = 8;
    const at = (revision: number, unread: number) => ({ ...general, id: other, name: 'other', revision, unread });
    const trouble = (): (Response | Error)[] => [new TypeError('Failed to fetch'), json({}, 502)];
    state.channels.replace([at(0, 0)]);
    state.follows.replace([follow(other)]);
    const recovery = new Recovery(state);
    answers = [...trouble(), list([at(3, 1)])];
    void recovery.refreshList();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(state.channels.find(other)?.unread, 'the list').toBe(1);
    answers = [...trouble(), json({ follows: [{ ...follow(other), unread: 2, channel_revision: 3 }] })];
    void recovery.follows();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(state.follows.waiting.unread, 'threads').toBe(1);
    answers = [...trouble(), json(at(4, 5))];
    void recovery.recount(other);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(state.channels.find(other)?.unread, 'a count').toBe(5);
    expect(asked).toHaveLength(9);
    answers = [json({ code: 'not_found' }, 404)];
    void recovery.recount(other);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(10);
  });

  it('asks a server that is behind itself again, but not at once', async () => {
    answers = [changed([], 2), changed([message(3)], 3)];
    new Recovery(state).catchUp([{ stream: CHANNEL, revision: 3 }]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(numbers()).toEqual([1, 2, 3]);
  });

  it('of the two other streams goes on from where an answer ends', async () => {
    const me = { id: 1, name: 'Ada', settings: {}, revision: 3 };
    answers = [
      json({ revision: 5, reached: 3, me, channels: [], follows: [], lost: [], saved: [], complete: false }),
      json({
        revision: 5,
        reached: 5,
        me: null,
        channels: [{ ...general, own_revision: 5 }],
        follows: [],
        lost: [],
        saved: [],
        complete: true,
      }),
    ];
    const recovery = new Recovery(state);
    const [followed, elsewhere] = [follow(general.id), follow(general.id + 1)];
    state.follows.replace([followed, elsewhere]);
    recovery.catchUp([{ stream: 'own', revision: 5 }]);
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual(['/api/me/changes?since=0', '/api/me/changes?since=3']);
    const left = [followed, elsewhere].map(({ channel, root }) => state.follows.find(channel, root));
    expect(left, 'whoever left and came back stands to no thread there').toEqual([undefined, elsewhere]);
    expect([state.session.me?.name, state.channels.joined.length, state.streams.own]).toEqual(['Ada', 1, 5]);

    asked = [];
    const other = { ...general, id: 8, name: 'tea', member: false };
    answers = [json({ revision: 4, reached: 4, people: [], channels: [other], delisted: [], complete: true })];
    recovery.catchUp([{ stream: 'place', revision: 4 }]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toEqual(['/api/place/changes?since=0']);
    expect([state.channels.find(8), state.streams.place], 'nobody looks at it').toEqual([undefined, 4]);
    state.channels.merge(other);
    answers = [
      json({
        revision: 5,
        reached: 5,
        people: [],
        channels: [{ ...other, topic: 'new' }],
        delisted: [],
        complete: true,
      }),
    ];
    recovery.catchUp([{ stream: 'place', revision: 5 }]);
    await vi.advanceTimersByTimeAsync(0);
    expect(state.channels.find(8)).toMatchObject({ member: false, topic: 'new' });
  });

  it('puts nothing into rows that began anew while the answer was on its way', async () => {
    let late: (answer: Response) => void = () => undefined;
    vi.stubGlobal('fetch', () => new Promise((resolve) => (late = resolve)));
    new Recovery(state).catchUp([{ stream: CHANNEL, revision: 3 }]);
    const before = state.windows.open(CHANNEL);
    state.windows.drop(CHANNEL);
    late(changed([message(3)], 3));
    await vi.advanceTimersByTimeAsync(0);
    expect(before.rows).toHaveLength(2);
    expect(state.channels.list).toEqual([]);
  });

  it('hears of a revision before the first page is there', async () => {
    const recovery = new Recovery(state);
    state.windows.onBehind = (gap) => recovery.catchUp([gap]);
    state.windows.drop(CHANNEL);
    const run = state.windows.open(CHANNEL);
    recovery.catchUpTo(CHANNEL, 3);
    expect(asked).toEqual([]);
    answers = [changed([message(3)], 3)];
    run.replace(page(2));
    await vi.advanceTimersByTimeAsync(0);
    expect(numbers()).toEqual([1, 2, 3]);
  });

  it('tells of many changes', async () => {
    const many: number[] = [];
    answers = [changed([message(3)], 3), changed(upTo(60), 60)];
    const recovery = new Recovery(state, (channel) => many.push(channel));
    for (const revision of [3, 60]) {
      recovery.catchUp([{ stream: CHANNEL, revision }]);
      await vi.advanceTimersByTimeAsync(0);
      expect(many).toEqual(revision === 3 ? [] : [CHANNEL]);
    }
  });

  it('counts once more when that was asked for while the answer was on its way', async () => {
    state.channels.replace([general]);
    answers = [json({ ...general, revision: 1, unread: 1 }), json({ ...general, revision: 2, unread: 2 })];
    const recovery = new Recovery(state);
    const counted = recovery.recount(CHANNEL);
    void recovery.recount(CHANNEL);
    void recovery.recount(CHANNEL);
    await counted;
    expect(asked).toHaveLength(2);
    expect(state.channels.find(CHANNEL)?.unread).toBe(2);
  });

  it('of a channel that was not opened is one look at the list', async () => {
    answers = [list([])];
    new Recovery(state).catchUp([
      { stream: 8, revision: 3 },
      { stream: 9, revision: 3 },
    ]);
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual(['/api/channels?after=0']);
    expect(state.activity.doubts, 'what was missed may call the reader').toBeGreaterThan(0);
  });

  it('takes a first page for what it is when more was heard of since it was asked for', async () => {
    const recovery = new Recovery(state);
    state.windows.onBehind = (gap) => recovery.catchUp([gap]);
    state.windows.drop(CHANNEL);
    const run = state.windows.open(CHANNEL);
    run.applyEvent({ since: 2, revision: 3 }, message(3));
    answers = [changed([message(3)], 3)];
    run.replace(page(2));
    await vi.advanceTimersByTimeAsync(0);
    expect(numbers()).toEqual([1, 2, 3]);
  });

  it('keeps a reader who is further up in place, and tells one who was at the end where they were', async () => {
    // Between the messages of the channel were replies that are in threads alone: the server knows how many came.
    answers = [changed(upTo(500), 900, false), json({ ...page(900), above: 700 }), list([])];
    new Recovery(state).catchUp([{ stream: CHANNEL, revision: 900 }]);
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.at(-2)).toContain('count_above=2');
    expect(state.view.left).toEqual({ channel: CHANNEL, number: 2, count: 700 });

    state.view.left = null;
    state.windows.open(CHANNEL).replace(page(300));
    state.windows.open(CHANNEL).reading = 200;
    answers = [changed(upTo(500), 900, false), json(page(900)), list([])];
    new Recovery(state).catchUp([{ stream: CHANNEL, revision: 900 }]);
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.at(-2)).toContain('after=160');
    expect(state.view.left).toBeNull();
  });
});

describe('data that went back', () => {
  it('is told from an answer that overtook the heads', async () => {
    const recovery = new Recovery(state);
    state.streams.begin({ instance: 'i', epoch: 'e', own: 5, place: 5 });
    const heads = [
      { stream: CHANNEL, revision: 2 },
      { stream: 'own', revision: 5 },
      { stream: 'place', revision: 9 },
    ] as const;
    expect(await recovery.hasGoneBack(heads)).toBe(false);
    expect(asked, 'nothing is less than what is held').toEqual([]);
    const less = { stream: CHANNEL, revision: 1 } as const;
    answers = [json({ ...general, revision: 2 })];
    expect(await recovery.hasGoneBack([less])).toBe(false);
    answers = [new Error('no network')];
    expect(await recovery.hasGoneBack([less])).toBe(false);
    answers = [json({ ...general, revision: 1 })];
    expect(await recovery.hasGoneBack([less])).toBe(true);
    answers = [json({ me: null, channels: [], revision: 4, reached: 4 })];
    expect(await recovery.hasGoneBack([{ stream: 'own', revision: 4 }])).toBe(true);
    answers = [json({ channels: [], revision: 4, reached: 4 })];
    expect(await recovery.hasGoneBack([{ stream: 'place', revision: 4 }])).toBe(true);
  });
});

describe('the list of channels', () => {
  const told = (member_count: number): Response => list([{ ...general, member_count }]);

  it('is asked for again when somebody came or went while the answer was on its way', async () => {
    state.channels.replace([general]);
    let late: (answer: Response) => void = () => undefined;
    vi.stubGlobal('fetch', () => {
      asked.push('list');
      return asked.length === 1 ? new Promise((resolve) => (late = resolve)) : Promise.resolve(told(2));
    });
    const refreshed = new Recovery(state).refreshList();
    state.channels.setMemberCount(CHANNEL, 2);
    late(told(1));
    await refreshed;
    expect(asked).toHaveLength(2);
    expect(state.channels.find(CHANNEL)?.member_count).toBe(2);
  });

  it('is asked for until all of it is there', async () => {
    const part = (id: number, complete: boolean): Response =>
      json({ channels: [{ ...general, id, name: `c${id}` }], complete, own: 0, place: 0 });
    answers = [part(3, false), part(5, false), part(8, true)];
    await new Recovery(state).refreshList();
    expect(asked).toEqual(['/api/channels?after=0', '/api/channels?after=3', '/api/channels?after=5']);
    expect(state.channels.list.map(({ id }) => id)).toEqual([3, 5, 8]);
  });
});
