import { beforeEach, expect, it, vi } from 'vitest';
import type { Core } from '../../actions/core';
import { AppState } from '../../state';
import { PeopleSearch } from './people.svelte';

let search: PeopleSearch;
let answers: ((names: readonly string[]) => void)[];

beforeEach(() => {
  answers = [];
  vi.stubGlobal(
    'fetch',
    () =>
      new Promise<Response>((resolve) => {
        answers.push((names) =>
          resolve(Response.json({ people: names.map((name) => ({ id: name.length, name, reading: '' })) })),
        );
      }),
  );
  search = new PeopleSearch({ state: new AppState(null) } as unknown as Core);
});

const found = (): readonly string[] | undefined => search.hits?.map(({ item }) => item.name);

it('until there is an answer, only those are found whom the newer letters find too', async () => {
  const everybody = search.look('');
  answers[0]?.(['Al', 'Bob', 'Boris']);
  await everybody;
  expect(found()).toEqual(['Al', 'Bob', 'Boris']);
  const some = search.look('bo');
  expect(found()).toEqual(['Bob', 'Boris']);
  answers[1]?.(['Bo', 'Bob', 'Boris']);
  await some;
  expect(found()).toEqual(['Bo', 'Bob', 'Boris']);
});

it('nobody is said to be found before the server says so', async () => {
  const first = search.look('');
  answers[0]?.(['Al']);
  await first;
  const second = search.look('zoe');
  expect(found()).toBeUndefined();
  answers[1]?.([]);
  await second;
  expect(found()).toEqual([]);
});
