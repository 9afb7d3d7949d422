/** The REST interface of lists of pinned and saved messages. It is loaded with the views that it serves. */
import { call } from './api';
import type { Pins, SavedPage } from './wire';

export const pins = (channel: number): Promise<Pins> => call('GET', `/api/channels/${channel}/pins`);
/** A part of what the reader saved, the newest first: what comes after `before`, which an answer told as `next`. */
export const saved = (before: number | null): Promise<SavedPage> =>
  call('GET', `/api/me/saved${before === null ? '' : `?before=${before}`}`);
