import { describe, expect, it } from 'vitest';
import { apply, settledBy } from './apply';
import { AppState } from './state';
import { MANY_UNREAD, unread, type PendingMark } from './state/channels.svelte';
import { MOST_CHANNELS } from './state/windows.svelte';
import { MOST_ROWS, spanOf } from './state/messages.svelte';
import type { Gap } from './state/streams.svelte';
import type { Channel, ChannelInfo, Me, Message, MessagePage, ServerEvent } from './wire';

const ADA = { id: 1, name: 'Ada' };
const RAIN = { id: 2, name: '小雨' };
const CHANNEL = 7;

/** A channel on the server: its rows and its revision, as the product keeps them. */
class Server {
  rows: Message[] = [];
  revision = 0;
  readonly events: ServerEvent[] = [];

  post(author = RAIN, text = 'hello'): Message {
    const number = this.rows.length + 1;
    this.revision += 1;
    const created_at = new Date(1_700_000_000_000 + number * 1000).toISOString();
    const message: Message = {
      channel: CHANNEL,
      number,
      revision: this.revision,
      key: `key-${number}`,
      author,
      text,
      created_at,
      deleted_at: null,
      attachments: [],
    };
    this.rows.push(message);
    this.tell('posted', message);
    return message;
  }

  remove(number: number): void {
    const row = this.rows[number - 1];
    if (row === undefined || row.deleted_at !== null) return;
    this.revision += 1;
    const gone = { ...row, revision: this.revision, text: '', deleted_at: row.created_at };
    this.rows[number - 1] = gone;
    this.tell('deleted', gone);
  }

  private tell(type: 'posted' | 'deleted', message: Message): void {
    const left = this.rows.findLast((row) => row.deleted_at === null) ?? null;
    const event = { type, channel: CHANNEL, ...spanOf(message), message };
    this.events.push({ name: 'message', event: type === 'posted' ? event : { ...event, last_message: left } });
  }

  /** As Ada sees it, who has read up to `read`. */
  info(read = 0): Channel {
    const unread = this.rows.filter((row) => row.number > read && row.author.id !== ADA.id && row.deleted_at === null);
    const last_message = this.rows.findLast((row) => row.deleted_at === null) ?? null;
    const last_number = this.rows.length;
    return channel({ revision: this.revision, last_number, last_message, read_number: read, unread: unread.length });
  }

  page(limit = 100): MessagePage {
    const messages = this.rows.slice(-limit);
    return {
      channel: CHANNEL,
      revision: this.revision,
      last_number: this.rows.length,
      messages,
      has_older: this.rows.length > limit,
      has_newer: false,
    };
  }

  changes(since: number, limit = 500) {
    const all = this.rows.filter((row) => row.revision > since).sort((a, b) => a.revision - b.revision);
    const [messages, complete] = [all.slice(0, limit), all.length <= limit];
    const reached = complete ? this.revision : (messages.at(-1)?.revision ?? since);
    return { channel: CHANNEL, revision: this.revision, reached, messages, complete, info: this.info() };
  }
}

function channel(change: Partial<Channel> = {}): Channel {
  return {
    id: CHANNEL,
    name: 'general',
    topic: '',
    created_at: '',
    created_by: ADA,
    member_count: 1,
    revision: 0,
    last_number: 0,
    last_message: null,
    member: true,
    own_revision: 0,
    read_number: 0,
    read_step: 0,
    unread: 0,
    ...change,
  };
}

/** A channel as everybody sees it. */
function facts(of: Channel): ChannelInfo {
  const { id, name, topic, created_at, created_by, member_count, revision, last_number, last_message } = of;
  return { id, name, topic, created_at, created_by, member_count, revision, last_number, last_message };
}

function client(server: Server): AppState {
  const state = new AppState(null);
  const settings = { language: 'auto', theme: 'auto', enter_sends: false } as const;
  const me: Me = { ...ADA, created_at: '', has_password: false, last_channel: null, settings, revision: 0 };
  state.session.applyAccount(me);
  state.channels.replace([server.info()]);
  state.windows.open(CHANNEL).replace(server.page());
  return state;
}

/** Mulberry32: the same numbers for the same seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function heads(...list: [number, number][]): ServerEvent {
  return { name: 'heads', event: { instance: 'i', epoch: 'e', heads: list, members: [] } };
}

/** A read mark of Ada's as the server sends it: the step is the revision of the person's own stream. */
function read(step: number, number: number, server: Server): ServerEvent {
  const { unread: count, revision } = server.info(number);
  const state = { channel: CHANNEL, number, step, unread: count, channel_revision: revision };
  return { name: 'read', event: { since: step - 1, revision: step, ...state } };
}

/** What recovery does with a gap, without the network in between. */
function recover(state: AppState, server: Server, gaps: readonly Gap[]): void {
  if (gaps.length === 0) return;
  const changes = server.changes(state.windows.open(CHANNEL).revision);
  state.windows.open(CHANNEL).applyChanges(changes);
  state.channels.merge(changes.info);
}

describe('events', () => {
  it('are applied when they follow, ignored when known, and a gap otherwise', () => {
    const server = new Server();
    server.post();
    const state = client(server);
    server.post();
    server.post();
    const [, second, third] = server.events as [ServerEvent, ServerEvent, ServerEvent];
    expect(apply(state, third)).toMatchObject([{ stream: CHANNEL, revision: 3 }]);
    expect(state.windows.open(CHANNEL).rows).toHaveLength(1);
    expect(apply(state, second)).toEqual([]);
    expect(apply(state, third)).toEqual([]);
    expect(apply(state, third)).toEqual([]);
    expect(state.windows.open(CHANNEL).rows.map((row) => row.number)).toEqual([1, 2, 3]);
  });

  it('in any cut, doubling and order end, with catching up, where a fresh load begins', () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const next = random(seed);
      const pick = (below: number): number => Math.floor(next() * below);
      const server = new Server();
      for (let i = pick(20); i > 0; i -= 1) server.post();
      const state = client(server);
      let delivered = server.events.length;
      const held: ServerEvent[] = [];
      for (let step = 0; step < 60; step += 1) {
        if (next() < 0.7 || server.rows.length === 0) server.post(next() < 0.5 ? ADA : RAIN, `text ${step}`);
        else server.remove(1 + pick(server.rows.length));
        for (const told of server.events.slice(delivered)) {
          const fate = next();
          if (fate < 0.15) continue;
          if (fate < 0.3) held.push(told);
          else recover(state, server, apply(state, told));
          if (fate > 0.9) recover(state, server, apply(state, told));
        }
        delivered = server.events.length;
        if (held.length > 0 && next() < 0.3)
          recover(state, server, apply(state, held.splice(pick(held.length), 1)[0] as ServerEvent));
        // The own answer may come at any time, also before its event.
        if (next() < 0.1) state.windows.open(CHANNEL).applyAnswer(server.rows.at(-1) as Message);
      }
      recover(state, server, apply(state, heads([CHANNEL, server.revision])));
      const run = state.windows.open(CHANNEL);
      expect(run.rows, `seed ${seed}`).toEqual(server.page(1000).messages);
      expect(run.revision).toBe(server.revision);
    }
  });

  it('of heads ask only for what is behind', () => {
    const server = new Server();
    server.post();
    const state = client(server);
    expect(apply(state, heads([CHANNEL, 1], [99, 5]))).toEqual([]);
    expect(apply(state, heads([CHANNEL, 2], [99, 5]))).toEqual([{ stream: CHANNEL, revision: 2 }]);
  });

  it('of heads ask for whatever of a channel is behind, its rows or its entry in the list', () => {
    const server = new Server();
    server.post();
    const [list, rows] = [client(server), client(server)];
    server.post();
    list.windows.open(CHANNEL).applyChanges(server.changes(1));
    rows.channels.merge(server.info());
    for (const state of [list, rows])
      expect(apply(state, heads([CHANNEL, 2]))).toEqual([{ stream: CHANNEL, revision: 2 }]);
  });

  it('of heads tell where the two other streams are, and how many members there are', () => {
    const state = client(new Server());
    const told = { instance: 'i', epoch: 'e', heads: [], members: [[CHANNEL, 9]] as [number, number][] };
    expect(apply(state, { name: 'heads', event: { ...told, own: 2, place: 3 } })).toEqual([
      { stream: 'own', revision: 2 },
      { stream: 'place', revision: 3 },
    ]);
    expect(state.channels.find(CHANNEL)?.member_count).toBe(9);
    state.streams.advanceTo('own', 2);
    state.streams.advanceTo('place', 3);
    expect(apply(state, { name: 'heads', event: { ...told, own: 2, place: 3 } })).toEqual([]);
  });

  it('of a channel that somebody is not in ask for nothing of its content', () => {
    const server = new Server();
    server.post();
    const state = client(server);
    state.channels.replace([channel({ member: false, revision: 1 })]);
    expect(apply(state, heads([CHANNEL, 5]))).toEqual([{ stream: CHANNEL, revision: 5 }]);
    state.windows.drop(CHANNEL);
    expect(apply(state, heads([CHANNEL, 5]))).toEqual([]);
    state.windows.open(CHANNEL).replace(server.page());
    const info = facts(channel({ topic: 'new', revision: 5 }));
    const event = { type: 'changed', since: 0, revision: 1, channel_since: 4, channel: info } as const;
    expect(apply(state, { name: 'channel', event })).toEqual([]);
    expect(state.channels.find(CHANNEL)?.topic).toBe('new');
  });

  it('settle an own row once the rows have it, not one of somebody else with the same key', () => {
    const server = new Server();
    const state = client(server);
    for (const author of [RAIN, ADA, ADA]) server.post(author);
    const [theirs, own, later] = server.events as [ServerEvent, ServerEvent, ServerEvent];
    const settles = (told: ServerEvent): string | null => settledBy(state, told, apply(state, told));
    expect(settles(theirs)).toBeNull();
    // A gap: the rows do not have it yet.
    expect(settles(later)).toBeNull();
    expect(settles(own)).toBe(own.name === 'message' ? own.event.message.key : '');
  });
});

describe('the list of channels', () => {
  it('counts what others wrote, and own messages as read', () => {
    const server = new Server();
    const state = client(server);
    state.windows.drop(CHANNEL);
    for (const author of [RAIN, RAIN]) server.post(author);
    for (const told of server.events) apply(state, told);
    expect(unread(state.channels.find(CHANNEL) as Channel)).toBe(2);
    apply(state, read(1, 1, server));
    expect(unread(state.channels.find(CHANNEL) as Channel)).toBe(1);
    server.post(ADA);
    apply(state, server.events.at(-1) as ServerEvent);
    expect(unread(state.channels.find(CHANNEL) as Channel), 'nobody reads by writing over it').toBe(1);
    server.remove(2);
    apply(state, server.events.at(-1) as ServerEvent);
    expect(unread(state.channels.find(CHANNEL) as Channel), 'what is deleted is not unread').toBe(0);
  });

  it('of two marks keeps the one with the later step, also when it is lower', () => {
    const server = new Server();
    for (let i = 0; i < 3; i += 1) server.post();
    const state = client(server);
    const mark = (): unknown[] => {
      const { read_number, read_step, unread: count } = state.channels.find(CHANNEL) as Channel;
      return [read_number, read_step, count];
    };
    apply(state, read(1, 3, server));
    const down = read(2, 1, server);
    apply(state, down);
    expect(mark()).toEqual([1, 2, 2]);
    if (down.name === 'read') state.channels.applyReadMark({ ...down.event, number: 3, step: 1, unread: 0 });
    expect(mark()).toEqual([1, 2, 2]);
    expect(apply(state, read(4, 2, server)), 'a step between was lost').toEqual([{ stream: 'own', revision: 4 }]);
    expect(mark()).toEqual([1, 2, 2]);
  });

  it('shows a mark at once, until the server has heard of it', () => {
    const server = new Server();
    for (let i = 0; i < 3; i += 1) server.post();
    const state = client(server);
    state.channels.merge(server.info());
    const shown = (): unknown[] => {
      const { read_number, unread: count } = state.channels.find(CHANNEL) as Channel;
      return [read_number, count];
    };
    expect(shown()).toEqual([0, 3]);
    state.channels.mark(CHANNEL, 2, 'read', state.windows.find(CHANNEL)?.unreadAbove(2, ADA.id) ?? null);
    expect(shown()).toEqual([2, 1]);
    server.post();
    apply(state, server.events.at(-1) as ServerEvent);
    expect(shown()).toEqual([2, 2]);
    state.channels.merge(server.info());
    expect(shown(), 'an answer that does not know of it').toEqual([2, 2]);
    const pending = state.channels.pendingMark(CHANNEL);
    apply(state, read(1, 2, server));
    if (pending !== undefined) state.channels.clearPendingMark(CHANNEL, pending);
    expect(shown()).toEqual([2, 2]);
    expect(state.channels.pendingMarks).toEqual([]);
  });

  it('tells of a mark that moved elsewhere, and not of one that it moved itself', () => {
    const server = new Server();
    for (let i = 0; i < 3; i += 1) server.post();
    const state = client(server);
    state.channels.merge(server.info());
    const told: number[] = [];
    state.channels.onMarkMovedElsewhere = (id) => told.push(id);
    state.channels.mark(CHANNEL, 2, 'read', 1);
    const pending = state.channels.pendingMark(CHANNEL);
    apply(state, read(1, 2, server));
    if (pending !== undefined) state.channels.clearPendingMark(CHANNEL, pending);
    expect(told).toEqual([]);
    apply(state, read(2, 3, server));
    expect(told).toEqual([CHANNEL]);
    state.channels.mergeAll([{ ...server.info(), read_number: 1, read_step: 3, own_revision: 3, unread: 2 }]);
    expect(told).toEqual([CHANNEL, CHANNEL]);
    state.channels.merge({ ...server.info(), read_number: 1, read_step: 3, own_revision: 3, unread: 2 });
    expect(told, 'what was known').toHaveLength(2);
  });

  it('takes of the directory only the facts of a channel whose content is followed', () => {
    const server = new Server();
    const state = client(server);
    const told: unknown[] = [];
    state.channels.onRevision = (...revision) => told.push(revision);
    const info = facts(
      channel({
        topic: 'new',
        revision: 5,
        last_number: 5,
      }),
    );
    state.channels.applyDirectoryEntry(info);
    expect(state.channels.find(CHANNEL)).toMatchObject({ topic: 'new', revision: 0, last_number: 0 });
    expect(told, 'what is held may be older').toEqual([[CHANNEL, 5]]);
    state.channels.applyLeaving(CHANNEL);
    state.channels.applyDirectoryEntry(info);
    state.channels.applyDirectoryEntry({ ...info, topic: 'old', revision: 4 });
    expect(state.channels.find(CHANNEL)).toMatchObject({ topic: 'new', revision: 5, last_number: 5 });
  });

  it('tells how far every channel of an answer is', () => {
    const state = client(new Server());
    const told: unknown[] = [];
    state.channels.onRevision = (...revision) => told.push(revision);
    state.channels.merge(channel({ revision: 3 }));
    state.channels.mergeAll([channel({ revision: 4 }), channel({ id: 8, revision: 2 })]);
    expect(told).toEqual([
      [CHANNEL, 3],
      [CHANNEL, 4],
      [8, 2],
    ]);
  });

  it('does not take back that somebody left, for an answer that is older than that', () => {
    const state = client(new Server());
    const before = channel({ own_revision: 4, read_number: 0 });
    state.channels.merge(before);
    state.channels.applyLeaving(CHANNEL);
    state.channels.merge(before);
    expect(state.channels.joined).toEqual([]);
    state.channels.merge({ ...before, own_revision: 6 });
    expect(state.channels.joined).toHaveLength(1);
  });

  it('asks how much is unread when a mark was counted at another revision', () => {
    const server = new Server();
    for (let i = 0; i < 3; i += 1) server.post();
    const state = client(server);
    state.windows.drop(CHANNEL);
    const asked: number[] = [];
    state.channels.onUnreadUnknown = (id) => asked.push(id);
    const mark = { channel: CHANNEL, number: 1, step: 1, unread: 3, channel_revision: 4 };
    state.channels.applyReadMark(mark);
    expect(asked).toEqual([CHANNEL]);
    expect(state.channels.find(CHANNEL)?.own_revision).toBe(1);
    state.channels.applyReadMark({ ...mark, number: 4, step: 2, unread: 0 });
    expect(asked, 'what is still to come was counted').toHaveLength(1);
    state.channels.applyReadMark({ ...mark, number: 2, step: 3, unread: 0, channel_revision: 2 });
    expect(asked, 'what came since was not').toHaveLength(2);
  });

  it('asks anew when one of more than can be counted is deleted', () => {
    const server = new Server();
    server.post();
    const state = client(server);
    state.windows.drop(CHANNEL);
    state.channels.replace([{ ...server.info(), unread: MANY_UNREAD }]);
    const asked: number[] = [];
    state.channels.onUnreadUnknown = (id) => asked.push(id);
    server.remove(1);
    for (const told of server.events.slice(1)) apply(state, told);
    expect(asked).toEqual([CHANNEL]);
    expect(unread(state.channels.find(CHANNEL) as Channel)).toBe(MANY_UNREAD);
  });

  it('keeps a mark that was set until the server has the last one, and as one that was set', () => {
    const server = new Server();
    for (let i = 0; i < 3; i += 1) server.post();
    const state = client(server);
    const { channels } = state;
    channels.mark(CHANNEL, 1, 'mark', 2);
    const first = channels.pendingMark(CHANNEL) as PendingMark;
    channels.mark(CHANNEL, 2, 'read', 1);
    expect(channels.pendingMark(CHANNEL)).toMatchObject({ number: 2, kind: 'mark' });
    channels.clearPendingMark(CHANNEL, first);
    expect(channels.pendingMarks, 'it moved on meanwhile').toEqual([CHANNEL]);
    channels.replace([server.info()]);
    expect(channels.pendingMarks).toEqual([]);
  });

  it('shows a mark that the server moved further than reading here', () => {
    const server = new Server();
    for (let i = 0; i < 3; i += 1) server.post();
    const state = client(server);
    state.channels.mark(CHANNEL, 1, 'read', 2);
    apply(state, read(1, 3, server));
    expect(state.channels.find(CHANNEL)).toMatchObject({ read_number: 3, unread: 0 });
  });

  it('counts nothing down for what is deleted below a mark that the server has not heard of', () => {
    const server = new Server();
    for (let i = 0; i < 3; i += 1) server.post();
    const state = client(server);
    state.channels.mark(CHANNEL, 2, 'read', 1);
    server.remove(1);
    apply(state, server.events.at(-1) as ServerEvent);
    expect(state.channels.find(CHANNEL)?.unread).toBe(1);
  });

  it('shows the newest message that is left', () => {
    const server = new Server();
    const state = client(server);
    for (const text of ['one', 'two', 'three']) server.post(RAIN, text);
    server.remove(3);
    server.remove(1);
    for (const told of server.events) apply(state, told);
    expect(state.channels.find(CHANNEL)?.last_message?.text).toBe('two');
  });

  it('keeps the later of two answers that overtook each other', () => {
    const state = client(new Server());
    const later = { read_number: 2, read_step: 5, own_revision: 5, unread: 1 };
    state.channels.merge(channel({ revision: 9, last_number: 9, topic: 'b', ...later }));
    state.channels.merge(channel({ revision: 5, last_number: 5, topic: 'c', read_number: 5, own_revision: 4 }));
    expect(state.channels.find(CHANNEL)).toMatchObject({ revision: 9, last_number: 9, topic: 'b', ...later });
  });

  it('asks when content and mark come from two answers that nobody counted together', () => {
    const state = client(new Server());
    const asked: number[] = [];
    state.channels.onUnreadUnknown = (id) => asked.push(id);
    state.channels.merge(channel({ revision: 4, last_number: 4, unread: 4 }));
    expect(asked).toEqual([]);
    state.channels.merge(channel({ revision: 2, last_number: 2, own_revision: 1, read_number: 1, read_step: 1 }));
    expect(asked).toEqual([CHANNEL]);
    expect(state.channels.find(CHANNEL)).toMatchObject({ revision: 4, read_number: 1 });
  });

  it('keeps a channel that somebody is in when its topic changes', () => {
    const server = new Server();
    server.post();
    const state = client(server);
    const { id, name, created_at, created_by, member_count, last_number, last_message } = server.info();
    const facts = { id, name, created_at, created_by, member_count, last_number, last_message };
    const changed = { ...facts, topic: 'new', revision: 2 };
    const event = { type: 'changed', since: 0, revision: 1, channel_since: 1, channel: changed } as const;
    expect(apply(state, { name: 'channel', event })).toEqual([]);
    expect(state.channels.joined).toMatchObject([{ id: CHANNEL, topic: 'new', member: true, revision: 2 }]);
    expect([state.windows.open(CHANNEL).revision, state.streams.place]).toEqual([2, 1]);
    const late = { ...event, since: 1, revision: 2, channel_since: 3, channel: { ...changed, revision: 4 } };
    expect(apply(state, { name: 'channel', event: late })).toEqual([{ stream: CHANNEL, revision: 4 }]);
    expect(state.streams.place).toBe(2);
  });

  it('follows own joining and leaving', () => {
    const state = client(new Server());
    const membership = (revision: number, member: boolean): ServerEvent => ({
      name: 'membership',
      event: { since: revision - 1, revision, channel: channel({ member, own_revision: revision, member_count: 5 }) },
    });
    apply(state, membership(1, false));
    expect(state.channels.joined).toEqual([]);
    const event = { type: 'joined', channel: CHANNEL, user: RAIN, member_count: 6 } as const;
    apply(state, { name: 'member', event });
    expect(state.channels.joined).toEqual([]);
    expect(state.channels.find(CHANNEL)?.member_count).toBe(6);
    apply(state, membership(2, true));
    expect(state.channels.joined).toMatchObject([{ id: CHANNEL, member_count: 5 }]);
    apply(state, membership(1, false));
    expect(state.channels.joined, 'an event that was known').toHaveLength(1);
  });
});

describe('what is kept', () => {
  it('is bounded in rows, and the far end can be loaded again', () => {
    const server = new Server();
    for (let i = 0; i < 50; i += 1) server.post();
    const run = client(server).windows.open(CHANNEL);
    for (let i = 0; i < MOST_ROWS + 500; i += 1) {
      const message = server.post();
      expect(run.applyEvent(spanOf(message), message)).toBe('applied');
      run.trimOldest();
    }
    expect(run.rows.length).toBeLessThanOrEqual(MOST_ROWS + 200);
    expect(run.hasOlder).toBe(true);
    const first = run.rows[0]?.number ?? 0;
    const messages = server.rows.slice(first - 101, first - 1);
    run.addOlder({ ...server.page(), messages, has_older: true });
    expect(run.rows[0]?.number).toBe(first - 100);
    run.replace({ ...server.page(), messages: server.rows.slice(0, 100), has_older: false, has_newer: true });
    run.applyEvent(spanOf(server.rows.at(-1) as Message), server.rows.at(-1) as Message);
    run.applyAnswer(server.post());
    expect(run.rows.at(-1)?.number).toBe(100);
  });

  it('ignores a page that does not join what is there', () => {
    const server = new Server();
    for (let i = 0; i < 300; i += 1) server.post();
    const run = client(server).windows.open(CHANNEL);
    run.addOlder({ ...server.page(), messages: server.rows.slice(0, 100), has_older: false });
    expect(run.rows[0]?.number).toBe(201);
    expect(run.hasOlder).toBe(true);
    run.replace({ ...server.page(), messages: server.rows.slice(0, 100), has_older: false, has_newer: true });
    run.addNewer({ ...server.page(), messages: server.rows.slice(200), has_newer: false });
    expect([run.rows.at(-1)?.number, run.hasNewer]).toEqual([100, true]);
  });

  it('takes from a page that was asked for later what changed in the rows that are there', () => {
    const server = new Server();
    for (let i = 0; i < 30; i += 1) server.post();
    const run = client(server).windows.open(CHANNEL);
    const middle = { ...server.page(), messages: server.rows.slice(10, 20), has_older: true, has_newer: true };
    run.replace(middle);
    server.remove(11);
    run.addOlder({ ...server.page(), messages: server.rows.slice(0, 11), has_older: false });
    server.remove(20);
    run.addNewer({ ...server.page(), messages: server.rows.slice(19), has_newer: false });
    expect(run.rows).toEqual(server.rows);
    expect(run.revision, 'of other rows it knows nothing').toBe(30);
  });

  it('takes a later form of a row from no earlier one', () => {
    const server = new Server();
    const before = server.post();
    server.remove(1);
    const run = client(server).windows.open(CHANNEL);
    run.applyAnswer(before);
    expect(run.rows).toEqual(server.rows);
    run.applyChanges({ ...server.changes(0), reached: 1 });
    expect(run.revision).toBe(2);
  });

  it('counts what is unread only where the rows reach both ends', () => {
    const server = new Server();
    for (let i = 0; i < 30; i += 1) server.post();
    const run = client(server).windows.open(CHANNEL);
    run.replace({ ...server.page(), messages: server.rows.slice(10, 20), has_older: true, has_newer: true });
    expect(run.unreadAbove(15, ADA.id)).toBeNull();
    run.replace({ ...server.page(), messages: server.rows.slice(10), has_older: true });
    expect([run.unreadAbove(9, ADA.id), run.unreadAbove(10, ADA.id)]).toEqual([null, 20]);
  });

  it('is bounded in channels, the least recently shown goes first', () => {
    const { windows } = client(new Server());
    for (let id = 100; id < 100 + MOST_CHANNELS; id += 1) windows.open(id);
    expect(windows.find(CHANNEL)).toBeUndefined();
    windows.open(100);
    windows.open(200);
    expect(windows.find(100)).toBeDefined();
    expect(windows.find(101)).toBeUndefined();
  });

  it('is nothing of somebody who signed out', () => {
    const server = new Server();
    server.post();
    const state = client(server);
    state.signedOut();
    expect([state.session.me, state.channels.list, [...state.windows.all()], state.outbox.list]).toEqual([
      null,
      [],
      [],
      [],
    ]);
  });
});
