import { beforeEach, expect, it, vi } from 'vitest';
import type { App } from '../../app';
import { AppState } from '../../state';
import { Words } from '../../words.svelte';
import { NOTHING } from './asked';
import { Results } from './results.svelte';

const TEA = { ...NOTHING, words: 'tea "green cup" from:ada' };
/** What the server says to an address; a number is the status of a refusal. */
let answer: (path: string, query: URLSearchParams) => unknown;
let asked: string[];
let results: Results;

const hit = (number: number) => ({ channel: 1, message: { number } });
const page = (numbers: readonly number[], next: string | null = null) => ({
  hits: numbers.map(hit),
  next,
  people: [],
  channels: [],
  query: { words: ['tea', 'green cup'] },
});

beforeEach(() => {
  asked = [];
  vi.stubGlobal('fetch', async (address: string) => {
    const { pathname, searchParams } = new URL(address, 'http://x');
    asked.push(`${pathname} ${searchParams.get('q') ?? searchParams.get('letters') ?? ''}`);
    const said = await answer(pathname, searchParams);
    if (typeof said === 'number') return new Response('{}', { status: said });
    return Response.json(said);
  });
  answer = (path, query) => {
    if (path === '/api/people') return { people: [] };
    if (path !== '/api/search') return { channels: [], next: null };
    return query.has('cursor') ? page([2, 3]) : page([1, 2], '2');
  };
  results = new Results({ state: new AppState(null), words: new Words() } as unknown as App);
});

it('shows a hit once that came to the next page too', async () => {
  await results.load(TEA);
  await results.more('messages');
  expect(results.messages?.hits.map(({ message }) => message.number)).toEqual([1, 2, 3]);
  expect(results.messages?.page.next).toBeNull();
});

it('shows what was found before when an answer is not waited for any more', async () => {
  await results.load(TEA);
  let come: (said: unknown) => void = () => undefined;
  const late = new Promise((resolve) => (come = resolve));
  const first = answer;
  answer = (path, query) => (path === '/api/search' ? late : first(path, query));
  const loading = results.load({ ...NOTHING, words: 'coffee' });
  expect(results.busy).toBe(true);
  results.stop();
  expect(results.busy).toBe(false);
  come(page([9]));
  await loading;
  expect([results.asked, results.messages?.hits.length, results.busy]).toEqual([TEA, 2, false]);
});

it('asks for names together with messages, and shows the messages when names are refused', async () => {
  const first = answer;
  answer = (path, query) => (path === '/api/search' ? first(path, query) : 503);
  const loading = results.load(TEA);
  expect(asked).toHaveLength(6);
  expect(new Set(asked)).toEqual(
    new Set([
      '/api/search tea "green cup" from:ada',
      '/api/people tea',
      '/api/people green cup',
      '/api/directory tea',
      '/api/directory green cup',
    ]),
  );
  await loading;
  expect(results.problem).toBeNull();
  expect(results.messages?.hits).toHaveLength(2);
  expect([results.people, results.places]).toEqual([[], []]);
});
