/** The REST interface of what concerns the reader. It is loaded with the views that it serves. */
import { call } from './api';
import type { ActivityPage, ActivityPart, NewCalls } from './wire';

export interface Part {
  /** What an answer told as `next`; null for the beginning. */
  readonly before: number | null;
  readonly onlyNew: boolean;
  readonly only: ActivityPart | null;
}

/** A part of what concerns the reader, the newest first. */
export function activity({ before, onlyNew, only }: Part): Promise<ActivityPage> {
  const query = new URLSearchParams({
    ...(before !== null && { before: String(before) }),
    ...(onlyNew && { new: 'true' }),
    ...(only !== null && { only }),
  });
  return call('GET', `/api/me/activity?${query}`);
}

export const newCalls = (): Promise<NewCalls> => call('GET', '/api/me/activity/new');
/** The reader has seen all up to that turn. */
export const seeAll = (through: number): Promise<unknown> => call('PUT', '/api/me/activity/seen', { through });
/** The reader has seen that this message calls them. */
export const see = (channel: number, number: number): Promise<unknown> =>
  call('PUT', `/api/channels/${channel}/messages/${number}/seen`);
