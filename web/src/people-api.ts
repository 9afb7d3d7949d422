/** The people of the place. It is loaded with what shows them. */
import { call } from './api';
import type { User } from './wire';

/** People whose name, or its reading, the query begins or who have it in their name, 50 at most; all when it is empty. */
export const people = (query: string): Promise<{ people: User[] }> =>
  call('GET', `/api/people?q=${encodeURIComponent(query)}`);
