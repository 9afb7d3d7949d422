import { describe, expect, it } from 'vitest';
import { apply, settledBy } from './apply';
import { MOST_CHANNELS } from './state/windows.svelte';
import { MOST_ROWS, spanOf } from './state/messages.svelte';
import type { Channel, Mention, Message, ServerEvent } from './wire';
import { counts, client, random, heads, recover } from './test-client';
import { ADA, RAIN, CHANNEL, Server, channel, facts } from './test-server';

/** Whom a message calls, by chance: nobody, Ada, somebody else, or everybody. */
function called(chance: number): Mention[] {
  const at = { start: 0, length: 4 };
  if (chance < 0.4) return [];
  if (chance < 0.6) return [{ ...at, user: ADA.id }];
  return chance < 0.8 ? [{ ...at, user: RAIN.id }] : [at];
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
      const state = counts(client(server), server);
      let delivered = server.events.length;
      const held: ServerEvent[] = [];
      for (let step = 0; step < 60; step += 1) {
        const what = next();
        if (what < 0.5 || server.rows.length === 0)
          server.post(next() < 0.5 ? ADA : RAIN, `text ${step}`, called(next()));
        else if (what < 0.6) server.call(server.floor + 1 + pick(server.kept.length), called(next()));
        else if (what < 0.75) server.line();
        else if (what < 0.77) server.clear(pick(server.rows.length + 1));
        else if (what < 0.83) server.edit(server.floor + 1 + pick(server.kept.length), `edited ${step}`);
        else if (what < 0.94)
          server.react(
            server.floor + 1 + pick(server.kept.length),
            next() < 0.5 ? ADA : RAIN,
            next() < 0.5 ? '👍' : '🎉',
            next() < 0.6,
          );
        else server.remove(server.floor + 1 + pick(server.kept.length));
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
      const listed = (of: Channel | undefined) => [of?.unread, of?.mentions, of?.last_message?.number, of?.floor];
      expect(listed(state.channels.find(CHANNEL)), `seed ${seed}`).toEqual(listed(server.info()));
    }
  });

  it('tells how many reports are open, by its event and by heads, and heads without it say nothing of them', () => {
    const state = client(new Server());
    const at = (): number => state.session.reports.open;
    apply(state, { name: 'reports', event: { open: 3 } });
    expect(at()).toBe(3);
    apply(state, heads([CHANNEL, 1]));
    expect(at()).toBe(3);
    apply(state, { name: 'heads', event: { instance: 'x', epoch: 'y', heads: [], members: [], reports: 0 } });
    expect(at()).toBe(0);
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
    const reader = { me: ADA.id, calls: () => false };
    expect(run.unreadAbove(15, reader)).toBeNull();
    run.replace({ ...server.page(), messages: server.rows.slice(10), has_older: true });
    expect([run.unreadAbove(9, reader), run.unreadAbove(10, reader)?.unread]).toEqual([null, 20]);
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
