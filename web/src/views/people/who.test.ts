import { expect, it, vi } from 'vitest';
import { client } from '../../test-client';
import { Server } from '../../test-server';
import { Words } from '../../words.svelte';
import { Who } from './who.svelte';

it('whoever was mentioned under an old name is shown as they are called and look now', async () => {
  const person = { id: 2, name: '张三三', picture: 'abc', role: 'member', deactivated: false };
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json(person)));
  const state = client(new Server());
  const who = new Who({ state, words: new Words() } as never, { id: 2, name: '张三' });
  expect(await who.load()).toBe(true);
  expect(who.shown).toMatchObject({ name: '张三三', picture: 'abc' });
  // What is told later holds.
  state.people.apply({ id: 2, name: '张四' }, 7);
  expect(who.shown.name).toBe('张四');
});
