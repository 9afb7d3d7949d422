/** Searching the messages. It is loaded with the page that shows what is found. */
import { call } from './api';
import type { SearchPage } from './wire';

/** A page of hits. `query` is what stands behind the `?`. */
export const search = (query: URLSearchParams): Promise<SearchPage> => call('GET', `/api/search?${query}`);
