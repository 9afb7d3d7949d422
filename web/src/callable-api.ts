/** Whom somebody who writes may mean. It is loaded with the list that shows it. */
import { call } from './api';
import type { Callable } from './wire';

/** The people whom the letters find in a channel, 10 at most; without letters only those in it. */
export const callable = (channel: number, letters: string): Promise<{ people: Callable[] }> =>
  call('GET', `/api/channels/${channel}/people?${new URLSearchParams({ letters })}`);
