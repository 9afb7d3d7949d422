import { describe, expect, it } from 'vitest';
import { apply } from './apply';
import { type PendingMark } from './state/channels.svelte';
import { MANY_UNREAD, unread } from './state/counting';
import type { Channel, Mention, ServerEvent, User } from './wire';
import { counts, client, read } from './test-client';
import { ADA, RAIN, CHANNEL, Server, channel, facts } from './test-server';

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

  it('counts what calls the reader: by name or with everybody, by others who are not set aside', () => {
    const server = new Server();
    const at = { start: 0, length: 4 };
    const state = client(server);
    const { me } = state.session;
    const mentions = (): number | undefined => state.channels.find(CHANNEL)?.mentions;
    const say = (author: User, ...called: Mention[]): number | undefined => {
      server.post(author, 'text', called);
      apply(state, server.events.at(-1) as ServerEvent);
      return mentions();
    };
    expect(say(RAIN)).toBe(0);
    expect(say(RAIN, { ...at, user: RAIN.id })).toBe(0);
    expect(say(RAIN, { ...at, user: ADA.id }, at), 'one message calls once').toBe(1);
    expect(say(RAIN, at)).toBe(2);
    expect(say(ADA, at, { ...at, user: ADA.id }), 'nobody calls themselves').toBe(2);
    state.session.me = me === null ? null : { ...me, aside: [{ id: RAIN.id, kind: 'mute' }] };
    expect(say(RAIN, at), 'whoever is set aside calls nobody').toBe(2);
  });

  it('asks anew how much calls when a message above the mark changes that calls, or may have called', () => {
    const server = new Server();
    const at = { start: 0, length: 4 };
    server.post(RAIN, 'one');
    server.post(RAIN, 'two', [at]);
    server.post(ADA, 'three');
    const state = client(server);
    state.channels.applyReadMark({ channel: CHANNEL, number: 1, step: 1, unread: 1, mentions: 1, channel_revision: 3 });
    const asked: number[] = [];
    state.channels.onUnreadUnknown = (id) => asked.push(id);
    const told = (change: () => void): number => {
      change();
      apply(state, server.events.at(-1) as ServerEvent);
      return asked.length;
    };
    expect(
      told(() => server.call(1, [at])),
      'it is read',
    ).toBe(0);
    expect(
      told(() => server.call(3, [at])),
      'it is their own',
    ).toBe(0);
    expect(told(() => server.call(2, []))).toBe(1);
    state.channels.merge({ ...server.info(1), read_step: 1 });
    expect(
      told(() => server.call(2, [])),
      'nothing calls before or after',
    ).toBe(1);
    expect(told(() => server.call(2, [{ ...at, user: ADA.id }]))).toBe(2);
    state.channels.merge({ ...server.info(1), read_step: 1 });
    expect(told(() => server.remove(2))).toBe(3);
  });

  it('a mark takes with it what called up to there', () => {
    const server = new Server();
    const at = { start: 0, length: 4 };
    for (const called of [[at], [], [at]]) server.post(RAIN, 'text', called);
    const state = counts(client(server), server);
    const shown = (): unknown => state.channels.find(CHANNEL);
    expect(shown()).toMatchObject({ unread: 3, mentions: 2 });
    state.channels.mark(CHANNEL, 2, 'read', state.windows.open(CHANNEL).unreadAbove(2, state.session.reader));
    expect(shown()).toMatchObject({ unread: 1, mentions: 1 });
    state.channels.mark(CHANNEL, 3, 'read', null);
    expect(shown()).toMatchObject({ unread: 0, mentions: 0 });
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
    state.channels.mark(CHANNEL, 2, 'read', state.windows.find(CHANNEL)?.unreadAbove(2, state.session.reader) ?? null);
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
    state.channels.mark(CHANNEL, 2, 'read', { unread: 1, mentions: 0 });
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
    state.channels.applyLeaving(CHANNEL, 0);
    state.channels.applyDirectoryEntry(info);
    state.channels.applyDirectoryEntry({ ...info, topic: 'old', revision: 4 });
    expect(state.channels.find(CHANNEL)).toMatchObject({ topic: 'new', revision: 5, last_number: 5 });
  });

  it('holds nothing of the directory that nobody looked at, and sets answers right that are older', () => {
    const state = client(new Server());
    const tell = (place: number, change: Partial<Channel>): void => {
      const info = facts(channel({ id: 9, ...change }));
      const event = { type: 'changed', since: place - 1, revision: place, channel_since: 1, channel: info } as const;
      expect(apply(state, { name: 'channel', event })).toEqual([]);
    };
    tell(1, { topic: 'new', revision: 5 });
    expect(state.channels.find(9)).toBeUndefined();
    expect([state.channels.directoryChanges, state.streams.place]).toEqual([1, 1]);
    // The answer was on its way while the topic changed.
    state.channels.merge(channel({ id: 9, member: false, topic: 'old', revision: 3 }));
    expect(state.channels.find(9)).toMatchObject({ topic: 'new', revision: 5, member: false });
    tell(2, { topic: 'newer', revision: 6 });
    expect(state.channels.find(9)?.topic, 'what is here is followed').toBe('newer');

    const delisted = { since: 2, revision: 3, channel: 9 };
    apply(state, { name: 'delisted', event: delisted });
    state.channels.mergeAll([channel({ id: 9, member: false, revision: 6 })]);
    expect(state.channels.find(9), 'an answer from before it became private').toBeUndefined();
    state.channels.merge(channel({ id: 9, kind: 'private', member: true, own_revision: 4, revision: 7 }));
    expect(state.channels.find(9)?.kind).toBe('private');
  });

  it('keeps what it heard of the directory within bounds', () => {
    const state = client(new Server());
    for (let id = 100; id < 400; id += 1) state.channels.listed(facts(channel({ id, topic: 'new', revision: 2 })));
    const answer = (id: number): string | undefined => {
      state.channels.merge(channel({ id, member: false, topic: 'old', revision: 1 }));
      return state.channels.find(id)?.topic;
    };
    expect([answer(199), answer(200), answer(399)]).toEqual(['old', 'new', 'new']);
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
    state.channels.applyLeaving(CHANNEL, 4);
    state.channels.merge(before);
    expect(state.channels.joined).toEqual([]);
    state.channels.merge({ ...before, own_revision: 6 });
    expect(state.channels.joined).toHaveLength(1);
    state.channels.applyLeaving(CHANNEL, 4);
    expect(state.channels.joined, 'they came back by another window before the answer was here').toHaveLength(1);
  });

  it('asks how much is unread when a mark was counted at another revision', () => {
    const server = new Server();
    for (let i = 0; i < 3; i += 1) server.post();
    const state = client(server);
    state.windows.drop(CHANNEL);
    const asked: number[] = [];
    state.channels.onUnreadUnknown = (id) => asked.push(id);
    const mark = { channel: CHANNEL, number: 1, step: 1, unread: 3, mentions: 0, channel_revision: 4 };
    state.channels.applyReadMark(mark);
    expect(asked).toEqual([CHANNEL]);
    expect(state.channels.find(CHANNEL)?.read_step).toBe(1);
    state.channels.applyReadMark({ ...mark, number: 4, step: 2, unread: 0 });
    expect(asked, 'what is still to come was counted').toHaveLength(1);
    state.channels.applyReadMark({ ...mark, number: 2, step: 3, unread: 0, mentions: 0, channel_revision: 2 });
    expect(asked, 'what came since was not').toHaveLength(2);
  });

  it('takes a change of the membership from before a mark whose answer came first', () => {
    const server = new Server();
    for (let i = 0; i < 3; i += 1) server.post();
    const state = client(server);
    const before = { ...server.info(), host: true, own_revision: 4 };
    state.channels.merge(before);
    // They are no host any more with 5, and read with 6.
    const mark = { channel: CHANNEL, number: 3, step: 6, unread: 0, mentions: 0, channel_revision: 3 };
    state.channels.applyReadMark(mark);
    const now = (): unknown[] => {
      const { host, read_number, unread: count } = state.channels.find(CHANNEL) as Channel;
      return [host, read_number, count];
    };
    state.channels.merge({ ...before, host: false, own_revision: 5 });
    expect(now(), 'the mark stays').toEqual([false, 3, 0]);
    state.channels.merge(before);
    state.channels.merge({ ...server.info(3), host: false, own_revision: 6, read_step: 6 });
    expect(now()).toEqual([false, 3, 0]);
  });

  it('takes a membership and a mark that come in one answer', () => {
    const server = new Server();
    for (let i = 0; i < 3; i += 1) server.post();
    const state = client(server);
    state.channels.merge({ ...server.info(), host: true, own_revision: 4 });
    state.channels.applyReadMark({ channel: CHANNEL, number: 3, step: 6, unread: 0, mentions: 0, channel_revision: 3 });
    state.channels.merge({ ...server.info(3), host: false, own_revision: 6, read_step: 6 });
    expect(state.channels.find(CHANNEL)?.host).toBe(false);
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
    channels.mark(CHANNEL, 1, 'mark', { unread: 2, mentions: 0 });
    const first = channels.pendingMark(CHANNEL) as PendingMark;
    channels.mark(CHANNEL, 2, 'read', { unread: 1, mentions: 0 });
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
    state.channels.mark(CHANNEL, 1, 'read', { unread: 2, mentions: 0 });
    apply(state, read(1, 3, server));
    expect(state.channels.find(CHANNEL)).toMatchObject({ read_number: 3, unread: 0 });
  });

  it('counts nothing down for what is deleted below a mark that the server has not heard of', () => {
    const server = new Server();
    for (let i = 0; i < 3; i += 1) server.post();
    const state = client(server);
    state.channels.mark(CHANNEL, 2, 'read', { unread: 1, mentions: 0 });
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
    expect(state.channels.find(CHANNEL)?.last_message?.number).toBe(2);
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
    const changed = { ...facts(server.info()), topic: 'new', revision: 2 };
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
