import { describe, expect, it } from 'vitest';
import { apply } from './apply';
import { client } from './test-client';
import { ADA, CHANNEL, RAIN, Server } from './test-server';
import type { Message, ServerEvent } from './wire';

const row = (state: ReturnType<typeof client>, number = 1): Message | undefined =>
  state.windows.open(CHANNEL).rows.find((one) => one.number === number);

describe('reactions and edits by others', () => {
  it('are put to their message: mine by who did it, new kinds last, and a kind that nobody has goes', () => {
    const server = new Server();
    server.post();
    const state = client(server);
    server.react(1, RAIN, '👍', true);
    server.react(1, RAIN, '🎉', true);
    server.react(1, ADA, '👍', true);
    server.react(1, RAIN, '🎉', false);
    const seen: unknown[] = [];
    for (const event of server.events.slice(1)) {
      expect(apply(state, event)).toEqual([]);
      seen.push(row(state)?.reactions);
    }
    expect(seen).toEqual([
      [{ emoji: '👍', count: 1, mine: false }],
      [
        { emoji: '👍', count: 1, mine: false },
        { emoji: '🎉', count: 1, mine: false },
      ],
      [
        { emoji: '👍', count: 2, mine: true },
        { emoji: '🎉', count: 1, mine: false },
      ],
      [{ emoji: '👍', count: 2, mine: true }],
    ]);
    expect(row(state)?.revision).toBe(5);
    expect(state.channels.find(CHANNEL)?.revision).toBe(5);
  });

  it('of a message that is not loaded only move the revision, and what is missed is a gap', () => {
    const server = new Server();
    server.post();
    const state = client(server);
    server.react(1, RAIN, '👍', true);
    server.react(1, RAIN, '🎉', true);
    const [, first, second] = server.events as [ServerEvent, ServerEvent, ServerEvent];
    expect(apply(state, second)).toEqual([{ stream: CHANNEL, revision: 3 }]);
    expect(row(state)?.reactions).toBeUndefined();
    expect(apply(state, first)).toEqual([]);
    expect(apply(state, second)).toEqual([]);
    expect(apply(state, first), 'once is enough').toEqual([]);
    expect(row(state)?.reactions).toHaveLength(2);
  });

  it('an edit keeps the reactions, and says that it is one', () => {
    const server = new Server();
    server.post();
    server.react(1, RAIN, '👍', true);
    const state = client(server);
    server.edit(1, 'hello again');
    apply(state, server.events.at(-1) as ServerEvent);
    expect(row(state)).toMatchObject({ text: 'hello again', edits: 1, reactions: [{ emoji: '👍', count: 1 }] });
    expect(state.channels.find(CHANNEL)?.unread, 'nothing new to read').toBe(1);
  });

  it('a page that they overtook is asked for again', () => {
    const server = new Server();
    for (let i = 0; i < 10; i += 1) server.post();
    const state = client(server);
    const run = state.windows.open(CHANNEL);
    run.replace({ ...server.page(5), has_older: true });
    const behind: number[] = [];
    state.windows.onBehind = ({ revision }) => behind.push(revision);
    const page = { ...server.page(), messages: server.rows.slice(0, 5) };
    server.react(2, RAIN, '👍', true);
    apply(state, server.events.at(-1) as ServerEvent);
    run.addOlder(page);
    expect(row(state, 2)?.reactions, 'the page did not have it').toBeUndefined();
    expect(behind).toEqual([11]);
    run.applyChanges(server.changes(run.revision));
    expect(row(state, 2)?.reactions).toHaveLength(1);
  });
});
