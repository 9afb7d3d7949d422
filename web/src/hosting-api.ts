/** The REST interface of those who run a channel. It is loaded with the pane that it serves. */
import { call } from './api';
import type { ChannelInfo, ChannelPatch, User } from './wire';

export const changeChannel = (channel: number, patch: ChannelPatch): Promise<ChannelInfo> =>
  call('PATCH', `/api/channels/${channel}`, patch);
export const deleteChannel = (channel: number): Promise<void> => call('DELETE', `/api/channels/${channel}`);
export const clearChannel = (channel: number, through: number): Promise<ChannelInfo> =>
  call('DELETE', `/api/channels/${channel}/messages?through=${through}`);
export const addPeople = (channel: number, people: readonly number[]): Promise<void> =>
  call('POST', `/api/channels/${channel}/members`, { people });
export const takeOut = (channel: number, user: number): Promise<void> =>
  call('DELETE', `/api/channels/${channel}/members/${user}`);
export const setHost = (channel: number, user: number, host: boolean): Promise<void> =>
  call(host ? 'PUT' : 'DELETE', `/api/channels/${channel}/hosts/${user}`);
/** `minutes`: `null` for good. */
export const mute = (channel: number, user: number, minutes: number | null): Promise<void> =>
  call('PUT', `/api/channels/${channel}/mutes/${user}`, minutes === null ? {} : { minutes });
export const unmute = (channel: number, user: number): Promise<void> =>
  call('DELETE', `/api/channels/${channel}/mutes/${user}`);
export const keptOut = (channel: number): Promise<{ people: User[] }> =>
  call('GET', `/api/channels/${channel}/kept-out`);
export const keepOut = (channel: number, user: number): Promise<void> =>
  call('PUT', `/api/channels/${channel}/kept-out/${user}`);
export const letBackIn = (channel: number, user: number): Promise<void> =>
  call('DELETE', `/api/channels/${channel}/kept-out/${user}`);
