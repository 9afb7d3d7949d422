/** A client of the small server that tests of `apply` need, and what recovery does with it. */
import { AppState } from './state';
import type { Gap } from './state/streams.svelte';
import type { Server } from './test-server';
import { ADA, CHANNEL, MEMBER } from './test-shapes';
import type { Me, ServerEvent } from './wire';

export function client(server: Server): AppState {
  const state = new AppState(null);
  const settings = { language: 'auto', theme: 'auto', enter_sends: false, invisible: false } as const;
  const me: Me = { ...ADA, ...MEMBER, created_at: '', has_password: false, last_channel: null, settings, revision: 0 };
  state.session.applyAccount(me);
  state.channels.replace([server.info()]);
  state.windows.open(CHANNEL).replace(server.page());
  return state;
}

/** Counts what is unread as the app does: by the rows, or by asking. */
export function counts(state: AppState, server: Server): AppState {
  state.channels.countInRows = (id, above, revision) => {
    const run = state.windows.find(id);
    return run?.revision === revision ? run.unreadAbove(above, state.session.reader) : null;
  };
  state.channels.onUnreadUnknown = () => state.channels.merge(server.info());
  return state;
}

/** Mulberry32: the same numbers for the same seed. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function heads(...list: [number, number][]): ServerEvent {
  return { name: 'heads', event: { instance: 'i', epoch: 'e', heads: list, members: [] } };
}

/** A read mark of Ada's as the server sends it: the step is the revision of the person's own stream. */
export function read(step: number, number: number, server: Server): ServerEvent {
  const { unread: count, mentions, revision } = server.info(number);
  const state = { channel: CHANNEL, number, step, unread: count, mentions, channel_revision: revision };
  return { name: 'read', event: { since: step - 1, revision: step, ...state } };
}

/** What recovery does with a gap, without the network in between. */
export function recover(state: AppState, server: Server, gaps: readonly Gap[]): void {
  if (gaps.length === 0) return;
  const changes = server.changes(Math.min(...state.holders(CHANNEL).map(({ revision }) => revision)));
  const run = state.windows.open(CHANNEL);
  if (run.raise(changes.info.floor)) return recover(state, server, gaps);
  run.applyChanges(changes);
  const thread = state.threads.of(CHANNEL);
  thread?.raise(changes.info.floor);
  thread?.applyChanges(changes);
  state.channels.merge(changes.info);
}
