/** Which calls are new: by events, by answers and by read marks, in any order. */
import { describe, expect, it } from 'vitest';
import { apply } from '../apply';
import type { AppState } from '../state';
import { client, counts } from '../test-client';
import { ADA, CHANNEL, RAIN, Server } from '../test-server';
import type { ServerEvent } from '../wire';
import { MOST_CALLS } from './activity.svelte';
import { showing, telling, calling } from './counting';

const last = (server: Server): ServerEvent => server.events.at(-1) as ServerEvent;
const me = { start: 0, length: 4, user: ADA.id };
const all = { start: 0, length: 4 };

function begin(): { server: Server; state: AppState } {
  const server = new Server();
  server.post();
  const state = client(server);
  counts(state, server);
  return { server, state };
}

function news({ activity, channels }: AppState): number[] {
  return activity.newIn((id) => channels.find(id)).map(({ number }) => number);
}

describe('calls that are new', () => {
  it('come with messages that call the reader or everybody, and go with them', () => {
    const { server, state } = begin();
    server.post(RAIN, '@Ada', [me]);
    apply(state, last(server));
    server.post(RAIN, '@all', [all]);
    apply(state, last(server));
    server.post(ADA, '@all', [all]);
    apply(state, last(server));
    server.post();
    apply(state, last(server));
    expect(news(state)).toEqual([3, 2]);
    // In a thread alone, everybody are its followers.
    server.reply(5, RAIN, false, [all]);
    apply(state, last(server));
    expect(news(state)).toEqual([3, 2]);
    server.reply(5, RAIN, false, [me]);
    apply(state, last(server));
    expect(news(state)).toEqual([7, 3, 2]);
    server.remove(7);
    apply(state, last(server));
    apply(state, server.events.at(-3) as ServerEvent);
    expect(news(state), 'the same again').toEqual([3, 2]);
    server.remove(3);
    apply(state, last(server));
    server.call(2, []);
    apply(state, last(server));
    expect(news(state)).toEqual([]);
    server.call(2, [me]);
    apply(state, last(server));
    expect(news(state)).toEqual([2]);
  });

  it('are read with the channel, but for those that came late', () => {
    const { server, state } = begin();
    server.post(RAIN, '@Ada', [me]);
    apply(state, last(server));
    state.activity.take(
      [
        { channel: CHANNEL, number: 2, late: false },
        { channel: CHANNEL, number: 1, late: true },
        { channel: 99, number: 5, late: true },
        { channel: 99, number: 6, late: false },
      ],
      9,
    );
    expect(news(state), 'of a channel that is not here only late ones').toEqual([2, 1, 5]);
    state.channels.mark(CHANNEL, 2, 'read', { unread: 0, mentions: 0 });
    expect(news(state)).toEqual([1, 5]);
    state.activity.remove(CHANNEL, 1);
    expect(news(state)).toEqual([5]);
    apply(state, { name: 'lost', event: { since: 0, revision: 1, channel: 99 } });
    expect(news(state)).toEqual([]);
  });

  it('are asked for again where nobody knows, and are bounded', () => {
    const { server, state } = begin();
    const before = state.activity.doubts;
    apply(state, { name: 'activity', event: {} });
    expect(apply(state, { name: 'activity', event: { since: 0, revision: 1 } })).toEqual([]);
    expect(apply(state, { name: 'activity', event: { since: 2, revision: 3 } })).toEqual([
      { stream: 'own', revision: 3 },
    ]);
    expect(state.activity.doubts).toBe(before + 2);
    // A mark that was moved down has more above it than is known.
    const read = { channel: CHANNEL, number: 0, step: 2, unread: 1, mentions: 1, channel_revision: server.revision };
    apply(state, { name: 'read', event: { ...read, since: 1, revision: 2 } });
    expect(state.activity.doubts).toBe(before + 3);
    for (let number = 1; number <= MOST_CALLS + 5; number += 1) state.activity.add(CHANNEL, number);
    expect(state.activity.calls).toHaveLength(MOST_CALLS);
    expect(state.activity.calls[0]?.number).toBe(MOST_CALLS + 5);
  });
});

describe('what a level shows', () => {
  const channel = { member: true, unread: 5, mentions: 2, kind: 'public' } as const;
  const direct = { ...channel, mentions: 0, kind: 'direct' } as const;

  it.each([
    ['all', [5, 2, 5], [5, 5, 5]],
    ['mentions', [5, 2, 2], [5, 5, 0]],
    ['nothing', [2, 2, 0], [0, 0, 0]],
  ] as const)('%s', (level, ofChannel, ofDirect) => {
    expect([showing, calling, telling].map((count) => count(channel, level))).toEqual(ofChannel);
    expect([showing, calling, telling].map((count) => count(direct, level))).toEqual(ofDirect);
    expect([showing, calling, telling].map((count) => count({ ...channel, member: false }, level))).toEqual([0, 0, 0]);
  });
});
