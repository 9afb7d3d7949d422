import { describe, expect, it } from 'vitest';
import { apply, settledBy, type Gap } from './apply';
import { AppState } from './state';
import { unread } from './state/channels.svelte';
import { MOST_CHANNELS } from './state/windows.svelte';
import { MOST_ROWS } from './state/messages.svelte';
import type { Channel, Me, Message, MessagePage, Told } from './wire';

const ADA = { id: 1, name: 'Ada' };
const RAIN = { id: 2, name: '小雨' };
const CHANNEL = 7;

/** A channel on the server: its rows and its revision, as the product keeps them. */
class Server {
  rows: Message[] = [];
  revision = 0;
  readonly events: Told[] = [];

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
    this.events.push({ name: 'message', event: { type, channel: CHANNEL, revision: this.revision, message } });
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
    return { channel: CHANNEL, revision: this.revision, messages: all.slice(0, limit), complete: all.length <= limit };
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
    read_number: 0,
    ...change,
  };
}

function client(server: Server): AppState {
  const state = new AppState(null);
  const settings = { language: 'auto', theme: 'auto', enter_sends: false } as const;
  const me: Me = { ...ADA, created_at: '', has_password: false, last_channel: null, settings };
  state.session.changed(me);
  state.channels.replace([channel({ revision: server.revision, last_number: server.rows.length })]);
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

/** What recovery does with a gap, without the network in between. */
function recover(state: AppState, server: Server, gaps: readonly Gap[]): void {
  if (gaps.length > 0) state.windows.open(CHANNEL).caughtUp(server.changes(state.windows.open(CHANNEL).revision));
}

describe('events', () => {
  it('are applied when they follow, ignored when known, and a gap otherwise', () => {
    const server = new Server();
    server.post();
    const state = client(server);
    server.post();
    server.post();
    const [, second, third] = server.events as [Told, Told, Told];
    expect(apply(state, third)).toMatchObject([{ channel: CHANNEL, revision: 3 }]);
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
      const held: Told[] = [];
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
          recover(state, server, apply(state, held.splice(pick(held.length), 1)[0] as Told));
        // The own answer may come at any time, also before its event.
        if (next() < 0.1) state.windows.open(CHANNEL).settled(server.rows.at(-1) as Message);
      }
      recover(state, server, apply(state, { name: 'heads', event: { heads: [[CHANNEL, server.revision]] } }));
      const run = state.windows.open(CHANNEL);
      expect(run.rows, `seed ${seed}`).toEqual(server.page(1000).messages);
      expect(run.revision).toBe(server.revision);
    }
  });

  it('of heads ask only for what is behind', () => {
    const server = new Server();
    server.post();
    const state = client(server);
    const heads = (revision: number): Told => ({
      name: 'heads',
      event: {
        heads: [
          [CHANNEL, revision],
          [99, 5],
        ],
      },
    });
    expect(apply(state, heads(1))).toEqual([]);
    expect(apply(state, heads(2))).toEqual([{ channel: CHANNEL, revision: 2 }]);
  });

  it('settle an own row once the rows have it, not one of somebody else with the same key', () => {
    const server = new Server();
    const state = client(server);
    for (const author of [RAIN, ADA, ADA]) server.post(author);
    const [hers, own, later] = server.events as [Told, Told, Told];
    const settles = (told: Told): string | null => settledBy(state, told, apply(state, told));
    expect(settles(hers)).toBeNull();
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
    apply(state, { name: 'read', event: { channel: CHANNEL, number: 1 } });
    apply(state, { name: 'read', event: { channel: CHANNEL, number: 0 } });
    expect(unread(state.channels.find(CHANNEL) as Channel)).toBe(1);
    server.post(ADA);
    apply(state, server.events.at(-1) as Told);
    expect(unread(state.channels.find(CHANNEL) as Channel)).toBe(0);
  });

  it('keeps the later of two answers that overtook each other', () => {
    const state = client(new Server());
    state.channels.put(channel({ revision: 9, last_number: 9, read_number: 9, topic: 'b' }));
    state.channels.put(channel({ revision: 5, last_number: 5, read_number: 5, topic: 'c' }));
    expect(state.channels.find(CHANNEL)).toMatchObject({ revision: 9, last_number: 9, read_number: 9, topic: 'c' });
  });

  it('follows own joining and leaving', () => {
    const state = client(new Server());
    const member = (type: 'joined' | 'left', user = ADA): Told => ({
      name: 'member',
      event: { type, channel: CHANNEL, user, member_count: 5 },
    });
    apply(state, member('left'));
    expect(state.channels.joined).toEqual([]);
    apply(state, member('joined', RAIN));
    expect(state.channels.joined).toEqual([]);
    apply(state, member('joined'));
    expect(state.channels.joined).toMatchObject([{ id: CHANNEL, member_count: 5 }]);
  });
});

describe('what is kept', () => {
  it('is bounded in rows, and the far end can be loaded again', () => {
    const server = new Server();
    for (let i = 0; i < 50; i += 1) server.post();
    const run = client(server).windows.open(CHANNEL);
    for (let i = 0; i < MOST_ROWS + 500; i += 1) {
      const message = server.post();
      expect(run.heard(server.revision, message)).toBe('applied');
      run.trimOldest();
    }
    expect(run.rows.length).toBeLessThanOrEqual(MOST_ROWS + 200);
    expect(run.hasOlder).toBe(true);
    const first = run.rows[0]?.number ?? 0;
    const messages = server.rows.slice(first - 101, first - 1);
    run.addOlder({ ...server.page(), messages, has_older: true });
    expect(run.rows[0]?.number).toBe(first - 100);
    run.replace({ ...server.page(), messages: server.rows.slice(0, 100), has_older: false, has_newer: true });
    run.heard(server.revision, server.rows.at(-1) as Message);
    run.settled(server.post());
    expect(run.rows.at(-1)?.number).toBe(100);
  });

  it('ignores a page that does not join what is there', () => {
    const server = new Server();
    for (let i = 0; i < 300; i += 1) server.post();
    const run = client(server).windows.open(CHANNEL);
    run.addOlder({ ...server.page(), messages: server.rows.slice(0, 100), has_older: false });
    expect(run.rows[0]?.number).toBe(201);
    expect(run.hasOlder).toBe(true);
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
