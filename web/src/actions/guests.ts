/** What hosts do about their guests: the door by which they come, and the end of their visits. It is loaded later. */
import { call } from '../api';
import type { ChannelDoor, EndedVisits, Invite } from '../wire';
import { attempt, explain, patiently, type Core } from './core';

/** The door of a channel. What could not be had stays as it was. */
export async function channelDoor(core: Core, channel: number): Promise<ChannelDoor | undefined> {
  try {
    return await call<ChannelDoor>('GET', `/api/channels/${channel}/door`);
  } catch (error) {
    explain(core, error);
    return undefined;
  }
}

export function setDoor(core: Core, { id }: Invite, door: Invite['door']): Promise<Invite | undefined> {
  return attempt(core, () => call<Invite>('PATCH', `/api/invites/${id}`, { door }));
}

/** Ends the visits of a channel's guests. Returns how many there were, or why it did not work. */
export async function endVisits(
  core: Core,
  channel: number,
  close: boolean,
): Promise<{ guests: number } | { problem: string }> {
  try {
    const path = `/api/channels/${channel}/guests?close=${close}`;
    return await patiently(core, () => call<EndedVisits>('DELETE', path));
  } catch (error) {
    return { problem: explain(core, error) };
  }
}

/** Ends the visit of a guest of a channel. */
export function endVisitIn(core: Core, channel: number, user: number): Promise<boolean> {
  return done(core, `/api/channels/${channel}/guests/${user}`);
}

/** Ends the visit of a guest, wherever it is; for those who keep order in the place. */
export function endVisit(core: Core, user: number): Promise<boolean> {
  return done(core, `/api/people/${user}/visit`);
}

async function done(core: Core, path: string): Promise<boolean> {
  const worked = await attempt(core, async () => {
    await call('DELETE', path);
    return true;
  });
  return worked === true;
}

/** Where the form goes that makes a transcript, with times as this browser shows them. */
export function transcriptAddress(channel: number): string {
  return `/api/channels/${channel}/transcript?offset=${-new Date().getTimezoneOffset()}`;
}
