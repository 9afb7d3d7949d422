/** Pinned and saved messages: by events, by answers, in any order, and for whoever slept through them. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { apply, keep } from './apply';
import { Recovery } from './recover';
import type { AppState } from './state';
import { Kept, MOST_NOTED } from './state/kept.svelte';
import { client, counts, random, recover } from './test-client';
import { CHANNEL, RAIN, Server } from './test-server';
import type { Message, ServerEvent } from './wire';

const rowsOf = (state: AppState): readonly Message[] => state.windows.open(CHANNEL).rows;
const savedOf = (state: AppState): boolean[] => rowsOf(state).map((row) => row.saved === true);

function saved(revision: number, number: number, kept = true): ServerEvent {
  const now = { channel: CHANNEL, number, kept, note: '', at: '', turn: revision, revision };
  return { name: 'saved', event: { since: revision - 1, revision, saved: now } };
}

function begin(count: number): { server: Server; state: AppState } {
  const server = new Server();
  for (let i = 0; i < count; i += 1) server.post();
  return { server, state: client(server) };
}

const last = (server: Server): ServerEvent => server.events.at(-1) as ServerEvent;

describe('pins', () => {
  it('come and go in the stream of the channel, and touch nothing else of the message', () => {
    const { server, state } = begin(2);
    const before = rowsOf(state);
    server.pin(1, RAIN);
    expect(apply(state, last(server))).toEqual([]);
    expect(rowsOf(state)[0]).toMatchObject({ text: 'hello', pin: { by: RAIN }, revision: 3 });
    expect(rowsOf(state)[1]).toBe(before[1]);
    expect(state.windows.open(CHANNEL).revision).toBe(3);
    server.pin(1, null);
    apply(state, last(server));
    expect(rowsOf(state)[0]).not.toHaveProperty('pin');
  });

  it('after a gap are asked for, and are there after it', () => {
    const { server, state } = begin(2);
    server.pin(1, RAIN);
    server.pin(2, RAIN);
    const gaps = apply(state, last(server));
    expect(gaps).toEqual([{ stream: CHANNEL, revision: 4 }]);
    expect(rowsOf(state).some((row) => row.pin !== undefined)).toBe(false);
    recover(state, server, gaps);
    expect(rowsOf(state).every((row) => row.pin !== undefined)).toBe(true);
  });

  it('of a message that is not loaded only move the revision', () => {
    const { server, state } = begin(3);
    state.windows.open(CHANNEL).replace({ ...server.page(1), has_older: true });
    server.pin(1, RAIN);
    expect(apply(state, last(server))).toEqual([]);
    expect(rowsOf(state)).toHaveLength(1);
    expect(state.windows.open(CHANNEL).revision).toBe(4);
  });

  it('in any cut, doubling and order end where a fresh load begins', () => {
    for (let seed = 1; seed <= 100; seed += 1) {
      const next = random(seed);
      const pick = (below: number): number => Math.floor(next() * below);
      const { server, state } = begin(5);
      counts(state, server);
      let delivered = server.events.length;
      const held: ServerEvent[] = [];
      for (let step = 0; step < 40; step += 1) {
        if (next() < 0.3) server.post();
        else if (next() < 0.2) server.remove(1 + pick(server.rows.length));
        else server.pin(1 + pick(server.rows.length), next() < 0.6 ? RAIN : null);
        for (const told of server.events.slice(delivered)) {
          const fate = next();
          if (fate < 0.2) continue;
          if (fate < 0.35) held.push(told);
          else recover(state, server, apply(state, told));
        }
        delivered = server.events.length;
        if (held.length > 0) recover(state, server, apply(state, held.splice(pick(held.length), 1)[0] as ServerEvent));
      }
      recover(state, server, [{ stream: CHANNEL, revision: server.revision }]);
      expect(rowsOf(state), `seed ${seed}`).toEqual(server.page(1000).messages);
    }
  });
});

describe('what the reader saved', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('comes in their own stream; a gap in it is asked for', () => {
    const { state } = begin(2);
    expect(apply(state, saved(1, 2))).toEqual([]);
    expect(savedOf(state)).toEqual([false, true]);
    expect(apply(state, saved(3, 1))).toEqual([{ stream: 'own', revision: 3 }]);
    expect(savedOf(state)).toEqual([false, true]);
    expect(apply(state, saved(2, 2, false))).toEqual([]);
    expect(savedOf(state)).toEqual([false, false]);
  });

  it('stays when an event that leaves it out replaces the message', () => {
    const { server, state } = begin(2);
    state.windows
      .open(CHANNEL)
      .replace({ ...server.page(), messages: server.rows.map((row) => ({ ...row, saved: true })) });
    server.pin(1, RAIN);
    apply(state, last(server));
    server.edit(2, 'other');
    apply(state, last(server));
    expect(rowsOf(state)).toMatchObject([{ pin: { by: RAIN } }, { text: 'other' }]);
    expect(savedOf(state)).toEqual([true, true]);
  });

  it('holds against a page that was read before, and in rows that come later', () => {
    const { server, state } = begin(3);
    const early = server.page();
    apply(state, saved(1, 1));
    apply(state, saved(2, 3));
    apply(state, saved(3, 3, false));
    const run = state.windows.open(CHANNEL);
    run.replace(early);
    expect(savedOf(state)).toEqual([true, false, false]);
    run.replace({
      ...early,
      messages: early.messages.slice(1).map((row) => ({ ...row, saved: true })),
      has_older: true,
    });
    run.addOlder({ ...early, messages: early.messages.slice(0, 1) });
    expect(savedOf(state)).toEqual([true, true, false]);
  });

  it('leaves a message without a change the same object', () => {
    const { state } = begin(1);
    const [row] = rowsOf(state);
    apply(state, saved(1, 1, false));
    expect(rowsOf(state)[0]).toBe(row);
  });

  it('is noted within a bound, the oldest goes', () => {
    const kept = new Kept();
    for (let number = 1; number <= MOST_NOTED + 1; number += 1)
      kept.note({ channel: 1, number, kept: true, revision: number });
    expect([kept.find(1, 1), kept.find(1, 2)]).toEqual([undefined, true]);
  });

  it('an answer that was overtaken by a later event changes nothing', () => {
    const { state } = begin(1);
    apply(state, saved(1, 1));
    apply(state, saved(2, 1, false));
    keep(state, { channel: CHANNEL, number: 1, kept: true, revision: 1 });
    expect(savedOf(state)).toEqual([false]);
  });

  it('of a tab that slept comes with the changes since', async () => {
    const { state } = begin(2);
    keep(state, { channel: CHANNEL, number: 1, kept: true, revision: 4 });
    state.streams.advanceTo('own', 5);
    const rows = [
      { channel: CHANNEL, number: 1, kept: false, note: '', at: '', turn: 5, revision: 6 },
      { channel: CHANNEL, number: 2, kept: true, note: '', at: '', turn: 7, revision: 7 },
    ];
    const answer = {
      revision: 7,
      reached: 7,
      complete: true,
      me: null,
      channels: [],
      activity: null,
      follows: [],
      lost: [],
      saved: rows,
    };
    vi.stubGlobal('fetch', () => Promise.resolve(Response.json(answer)));
    new Recovery(state).catchUp([{ stream: 'own', revision: 7 }]);
    await vi.waitFor(() => expect(savedOf(state)).toEqual([false, true]));
    expect(state.streams.own).toBe(7);
  });
});
