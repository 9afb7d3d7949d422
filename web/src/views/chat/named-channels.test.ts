import { beforeEach, expect, it, vi } from 'vitest';
import type { App } from '../../app';
import { AppState } from '../../state';
import type { Message } from '../../wire';
import { MOST_WORDS, namedChannelsOf, type NamedChannels, wordsIn } from './named-channels';

let asked: string[];
let state: AppState;
let app: App;
let named: NamedChannels;
const say = (text: string): Message => ({ text }) as Message;

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  vi.stubGlobal('fetch', (path: string) => {
    const letters = new URL(path, 'http://x').searchParams.get('letters') ?? '';
    asked.push(letters);
    if (letters === 'broken') return Promise.reject(new TypeError('no network'));
    const channels = letters === 'lost' ? [{ id: 9, name: 'lost and found' }] : [];
    return Promise.resolve(Response.json({ channels, next: null }));
  });
  state = new AppState(null);
  app = { state } as unknown as App;
  named = namedChannelsOf(app);
});

it('asks about words behind a sign that begin no known name', () => {
  const known = new Set(['tea', 'tea time']);
  expect(wordsIn('#tea #tea time, #lost and a#b &#38; x/#c ##d', known)).toEqual(['lost']);
  expect(wordsIn('请看#茶水间的人', known)).toEqual(['茶水']);
  expect(wordsIn('#a #b #c #d #e #f', known)).toHaveLength(5);
});

it('asks about each word once, and notes what it was told until the directory lists it no more', async () => {
  named.look([say('#lost and found'), say('#Lost'), say('#broken'), say('plain')]);
  await vi.advanceTimersByTimeAsync(5_000);
  named.look([say('#lost again'), say('#broken')]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked).toEqual(['lost', 'broken']);
  expect(state.channels.publicNames.has('lost and found')).toBe(true);
  state.channels.delist(9, 5);
  expect(state.channels.publicNames.has('lost and found')).toBe(false);
});

it('another channel asks about nothing again; whoever signs in next asks anew', async () => {
  named.look([say('#lost and found')]);
  await vi.advanceTimersByTimeAsync(5_000);
  namedChannelsOf(app).look([say('#lost there')]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked).toEqual(['lost']);
  state.signedOut();
  namedChannelsOf(app).look([say('#lost here')]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked).toEqual(['lost', 'lost']);
});

it('asks so much and no more', async () => {
  const many = Array.from({ length: MOST_WORDS + 20 }, (_, at) => say(`#w${at}`));
  named.look(many);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(asked).toHaveLength(MOST_WORDS);
});
