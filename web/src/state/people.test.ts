import { afterEach, describe, expect, it, vi } from 'vitest';
import { apply } from '../apply';
import { Recovery } from '../recover';
import type { Me, ServerEvent } from '../wire';
import { AppState } from './index';
import { MEMBER } from '../test-shapes';

const ADA = { id: 1, name: 'Ada' };
const RAIN = { id: 2, name: '小雨' };
const ME: Me = {
  ...ADA,
  ...MEMBER,
  created_at: '2026-03-18T09:00:00.000Z',
  has_password: false,
  last_channel: null,
  settings: { language: 'en', theme: 'auto', enter_sends: false, invisible: false },
  revision: 0,
};

const named = (name: string, since: number, revision = since + 1): ServerEvent => ({
  name: 'person',
  event: { since, revision, user: { ...RAIN, name } },
});

function begin(): AppState {
  const state = new AppState(null);
  state.session.applyAccount(ME);
  return state;
}

afterEach(() => vi.unstubAllGlobals());

describe('who has which name', () => {
  it('shows what was read before under the name that somebody has now', () => {
    const state = begin();
    expect(state.person(RAIN)).toEqual(RAIN);
    expect(apply(state, named('大雨', 0))).toEqual([]);
    expect(state.person(RAIN)).toEqual({ id: 2, name: '大雨' });
    expect(apply(state, named('小雨', 1))).toEqual([]);
    expect(state.person({ id: 2, name: '大雨' })).toEqual(RAIN);
    expect(state.person({ id: 3, name: 'Linus' })).toEqual({ id: 3, name: 'Linus' });
  });

  it('names whoever was here and whose data is removed in the language of the page', () => {
    const state = begin();
    const former = { id: 3, name: 'Former member 3' };
    expect(state.person(former)).toEqual(former);
    state.people.chinese = true;
    expect(state.person(former)).toEqual({ id: 3, name: '前成员 3' });
    expect(state.person({ id: 4, name: 'Former member' })).toEqual({ id: 4, name: 'Former member' });
  });

  it('knows the own name from the account', () => {
    const state = begin();
    state.session.applyAccount({ ...ME, name: 'Countess', revision: 1 });
    expect(state.person(ADA)).toEqual({ id: 1, name: 'Countess' });
    state.signedOut();
    expect(state.person(ADA)).toEqual(ADA);
  });

  it('asks for what changed when an event was lost', async () => {
    const state = begin();
    const gaps = apply(state, named('大雨', 1));
    expect(gaps).toEqual([{ stream: 'place', revision: 2 }]);
    expect(state.person(RAIN)).toEqual(RAIN);
    const people = [{ ...RAIN, name: '大雨' }];
    const answer = { revision: 2, reached: 2, people, channels: [], delisted: [], complete: true };
    vi.stubGlobal('fetch', async () => Promise.resolve(new Response(JSON.stringify(answer))));
    new Recovery(state).catchUp(gaps);
    await vi.waitFor(() => expect(state.streams.place).toBe(2));
    expect(state.person(RAIN).name).toBe('大雨');
  });

  it('lets no older answer win over a later event', () => {
    const state = begin();
    apply(state, named('first', 0));
    apply(state, named('second', 1));
    state.people.apply({ ...RAIN, name: 'first' }, 1);
    expect(state.person(RAIN).name).toBe('second');
  });

  it('forgets everybody with the person who signed out', () => {
    const state = begin();
    apply(state, named('大雨', 0));
    state.signedOut();
    expect(state.person(RAIN)).toEqual(RAIN);
  });
});
