import { afterEach, expect, it, vi } from 'vitest';
import { client } from '../test-client';
import { channel, CHANNEL, facts, Server } from '../test-server';
import { Words } from '../words.svelte';
import { HostActions } from './hosting';

afterEach(() => vi.unstubAllGlobals());

it('the answer to a change that changed nothing does not hide a message that was not heard', async () => {
  const server = new Server();
  server.post();
  const state = client(server);
  server.post();
  // The channel is archived already: the answer is its newest revision, which is that of the message.
  const info = { ...facts(channel()), revision: server.revision };
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify(info))));
  const heard: number[] = [];
  state.channels.onRevision = (_id, revision) => heard.push(revision);
  const core = { state, words: new Words(), ended: () => undefined, flushInbox: () => undefined };
  expect(await new HostActions(core).change(CHANNEL, { archived: true })).toBe(null);
  expect(state.windows.find(CHANNEL)?.revision, 'the message is still to come').toBe(1);
  expect(heard, 'and is asked for').toEqual([2]);
});
