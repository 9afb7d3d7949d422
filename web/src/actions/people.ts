/** What a person can do about people: cards, statuses, pictures; and for those in charge roles and who may come in. */
import { call, request } from '../api';
import type { ListedPerson, Me, PeopleList, Person, Profile } from '../wire';
import { attempt, explain, patiently, type Core } from './core';

export type Role = Person['role'];
export type Which = '' | Role | 'deactivated';

/** The card of a person, or why there is none. */
export async function person(core: Core, id: number): Promise<Person | undefined> {
  return attempt(core, () => call<Person>('GET', `/api/people/${id}`));
}

/** Whether somebody's account is deactivated or their data removed. What could not be had counts as no. */
export async function isGone(core: Core, id: number): Promise<boolean> {
  try {
    return (await call<Person>('GET', `/api/people/${id}`)).deactivated;
  } catch (error) {
    explain(core, error);
    return false;
  }
}

/** A part of the list of people; `undefined` when it could not be had, which the list says itself. */
export async function list(
  core: Core,
  query: string,
  which: Which,
  after: number | null,
): Promise<PeopleList | undefined> {
  const asked = new URLSearchParams({ q: query, who: which, ...(after !== null && { after: String(after) }) });
  try {
    return await patiently(core, () => call<PeopleList>('GET', `/api/place/people?${asked}`));
  } catch (error) {
    explain(core, error);
    return undefined;
  }
}

/** Each of these returns whether it worked; a failure was told. */
export const setRole = (core: Core, { id }: ListedPerson, role: Role): Promise<boolean> =>
  done(core, () => call('PUT', `/api/people/${id}/role`, { role }));
export const deactivate = (core: Core, { id }: ListedPerson, lastDay: boolean): Promise<boolean> =>
  done(core, () => call('PUT', `/api/people/${id}/deactivated${lastDay ? '?remove_last_day=true' : ''}`));
export const bringBack = (core: Core, { id }: ListedPerson): Promise<boolean> =>
  done(core, () => call('DELETE', `/api/people/${id}/deactivated`));

/** Mutes a person everywhere for so many minutes, `null` for good. Returns why it did not work, or null. */
export async function muteEverywhere(core: Core, id: number, minutes: number | null): Promise<string | null> {
  try {
    const body = minutes === null ? {} : { minutes };
    await patiently(core, () => call('PUT', `/api/people/${id}/mute`, body));
    return null;
  } catch (error) {
    return explain(core, error);
  }
}

/** Lets a person write again who is muted everywhere. Returns whether it worked; a failure was told. */
export const letWriteAgain = (core: Core, id: number): Promise<boolean> =>
  done(core, () => call('DELETE', `/api/people/${id}/mute`));

/** Replaces what the person says of themselves. Returns why it did not work, or null. */
export async function changeProfile(core: Core, profile: Profile): Promise<string | null> {
  const { status, ...rest } = profile;
  const body = { ...rest, ...(status !== null && { status: withoutNull(status) }) };
  return accounted(core, () => call<Me>('PUT', '/api/me/profile', body));
}

/** Mutes or blocks a person for the reader, or ends that (`null`). */
export async function setAside(core: Core, id: number, kind: 'mute' | 'block' | null): Promise<boolean> {
  const path = `/api/people/${id}/aside`;
  const me = await attempt(core, () => (kind === null ? call<Me>('DELETE', path) : call<Me>('PUT', path, { kind })));
  if (me !== undefined) core.state.session.applyAccount(me);
  return me !== undefined;
}

/** Takes a picture from a file. Returns why it did not work, or null. */
export async function changePicture(core: Core, square: Blob): Promise<string | null> {
  return accounted(core, async () => {
    const sent = await request('POST', '/api/uploads?name=picture', {
      headers: { 'Content-Type': 'application/octet-stream' },
      body: square,
    });
    const { id } = (await sent.json()) as { id: string };
    return call<Me>('PUT', '/api/me/picture', { upload: id });
  });
}

export const removePicture = (core: Core): Promise<string | null> =>
  accounted(core, () => call<Me>('DELETE', '/api/me/picture'));

async function accounted(core: Core, work: () => Promise<Me>): Promise<string | null> {
  try {
    core.state.session.applyAccount(await patiently(core, work));
    return null;
  } catch (error) {
    return explain(core, error);
  }
}

async function done(core: Core, work: () => Promise<void>): Promise<boolean> {
  try {
    await patiently(core, work);
    return true;
  } catch (error) {
    core.state.flashes.show('bad', explain(core, error));
    return false;
  }
}

/** The server takes what is left out for none. */
function withoutNull({ until, ...rest }: NonNullable<Profile['status']>): Record<string, string | boolean> {
  return { ...rest, ...(until !== null && { until }) };
}
