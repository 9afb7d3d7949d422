/** The REST interface of threads, but for what the first script asks. It is loaded with the views that it serves. */
import { call, type Sender } from './api';
import type { MarkKind } from './state/channels.svelte';
import type { Follow, ThreadsPage } from './wire';

const thread = (channel: number, root: number): string => `/api/channels/${channel}/threads/${root}`;

/** Whether the reader follows a thread. */
export const follow = (channel: number, root: number, following: boolean, sender: Sender | null): Promise<Follow> =>
  call(following ? 'PUT' : 'DELETE', `${thread(channel, root)}/follow`, undefined, sender);
/** Moves the read mark of a thread that the reader follows; by `read` never down. */
export const markRead = (
  channel: number,
  root: number,
  { number, kind }: { number: number; kind: MarkKind },
  sender: Sender | null,
): Promise<Follow> => call('PUT', `${thread(channel, root)}/read`, { number, kind }, sender);
/** The threads that the reader follows, unread ones first; `after` is what the part before told as `next`. */
export function threads(after: string | null, mine: boolean): Promise<ThreadsPage> {
  const query = new URLSearchParams({ ...(after !== null && { after }), ...(mine && { mine: 'true' }) });
  return call('GET', `/api/me/threads?${query}`);
}
