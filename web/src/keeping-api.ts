/** The REST interface of pinned and saved messages. It is loaded with the views that it serves. */
import { call } from './api';
import type { Message, Pins, Saved, SavedPage } from './wire';

export const pin = (channel: number, number: number, on: boolean): Promise<Message> =>
  call(on ? 'PUT' : 'DELETE', `/api/channels/${channel}/messages/${number}/pin`);
export const pins = (channel: number): Promise<Pins> => call('GET', `/api/channels/${channel}/pins`);
export const save = (channel: number, number: number, note: string): Promise<Saved> =>
  call('PUT', `/api/channels/${channel}/messages/${number}/saved`, { note });
export const unsave = (channel: number, number: number): Promise<Saved> =>
  call('DELETE', `/api/channels/${channel}/messages/${number}/saved`);
/** A part of what the reader saved, the newest first: what comes after `before`, which an answer told as `next`. */
export const saved = (before: number | null): Promise<SavedPage> =>
  call('GET', `/api/me/saved${before === null ? '' : `?before=${before}`}`);
