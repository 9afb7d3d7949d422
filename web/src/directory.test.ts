/** Channels that come into the directory and go out of it, told by events and answers that overtake each other. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { apply } from './apply';
import { Recovery } from './recover';
import { AppState } from './state';
import { CHANNEL, channel, facts } from './test-server';
import type { Channel, ServerEvent } from './wire';

const outside: Channel = channel({ member: false, revision: 1 });

/** The channel is in the directory, as of a revision of the place. */
function listed(revision: number): ServerEvent {
  const span = { since: revision - 1, revision, channel_since: revision - 1 };
  return { name: 'channel', event: { type: 'changed', ...span, channel: { ...facts(outside), revision } } };
}

function delisted(revision: number): ServerEvent {
  return { name: 'delisted', event: { since: revision - 1, revision, channel: CHANNEL } };
}

let state: AppState;
let answer: (body: unknown) => Promise<void>;

beforeEach(() => {
  state = new AppState(null);
  state.channels.replace([outside]);
  vi.stubGlobal('fetch', () => {
    return new Promise<Response>((resolve) => {
      answer = async (body) => {
        resolve(new Response(JSON.stringify(body)));
        await new Promise((later) => setTimeout(later));
      };
    });
  });
});
afterEach(() => vi.unstubAllGlobals());

const isKnown = (): boolean => state.channels.find(CHANNEL) !== undefined;

it('an answer that events overtook takes out no channel that came back since', async () => {
  new Recovery(state).catchUp([{ stream: 'place', revision: 2 }]);
  for (const event of [delisted(1), listed(2)]) apply(state, event);
  await answer({ revision: 1, reached: 1, people: [], channels: [], delisted: [CHANNEL], complete: true });
  // It is in the directory, and here again as soon as somebody looks at it.
  state.channels.merge(outside);
  expect([isKnown(), state.streams.place]).toEqual([true, 2]);
});

it('an answer that events overtook brings back no channel that went since', async () => {
  new Recovery(state).catchUp([{ stream: 'place', revision: 2 }]);
  for (const event of [listed(1), delisted(2)]) apply(state, event);
  await answer({ revision: 1, reached: 1, people: [], channels: [facts(outside)], delisted: [], complete: true });
  expect(isKnown()).toBe(false);
});

it('a list from before it was delisted does not bring a channel back, a later one does', async () => {
  const recovery = new Recovery(state);
  let asked = recovery.refreshList();
  apply(state, delisted(1));
  await answer({ channels: [outside], complete: true, own: 0, place: 0 });
  await asked;
  expect(isKnown()).toBe(false);
  state.channels.merge(outside);
  expect(isKnown(), 'nor does an answer about it that was on its way').toBe(false);
  asked = recovery.refreshList();
  await answer({ channels: [outside], complete: true, own: 0, place: 2 });
  await asked;
  expect(isKnown()).toBe(true);
});

it('of a channel that somebody is put into, it counts that they are', () => {
  apply(state, delisted(1));
  state.channels.merge({ ...outside, member: true, own_revision: 1 });
  expect(isKnown()).toBe(true);
});

it('an event that comes late, or once more, does not bring a channel back', () => {
  const late = listed(1);
  for (const event of [late, delisted(2), late]) apply(state, event);
  expect(isKnown()).toBe(false);
});

it('whoever is let back in looks at the list, where the directory took the channel out as well', () => {
  apply(state, { name: 'lost', event: { since: 0, revision: 1, channel: CHANNEL } });
  apply(state, delisted(1));
  const back = { ...outside, own_revision: 2 };
  const gaps = apply(state, { name: 'membership', event: { since: 1, revision: 2, channel: back } });
  expect(gaps).toEqual([{ stream: CHANNEL, revision: 1 }]);
  state.channels.mergeAll([back], { own: 2, place: 1 });
  expect(isKnown()).toBe(true);
});

it('an answer from before somebody was taken out does not put them back in', () => {
  apply(state, { name: 'lost', event: { since: 0, revision: 3, channel: CHANNEL } });
  // It is public now.
  apply(state, listed(1));
  state.channels.merge({ ...outside, member: true, own_revision: 2 });
  expect(state.channels.find(CHANNEL)?.member ?? false).toBe(false);
});
