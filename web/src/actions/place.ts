/** What those in charge do about the place: invites, who waits at the door, its name and the way in. */
import { call } from '../api';
import type { AllWaiting, Invite, Invites, InviteUse, NewInvite, Place, SignInLink, Waiting } from '../wire';
import { attempt, explain, type Core } from './core';

/** A list that could not be had says so itself. */
async function read<T>(core: Core, path: string): Promise<T | undefined> {
  try {
    return await call<T>('GET', path);
  } catch (error) {
    explain(core, error);
    return undefined;
  }
}

export const invites = (core: Core): Promise<Invites | undefined> => read(core, '/api/invites');
export const invite = (core: Core, id: number): Promise<InviteUse | undefined> => read(core, `/api/invites/${id}`);
export const waiting = (core: Core): Promise<AllWaiting | undefined> => read(core, '/api/waiting');
export const place = (core: Core): Promise<Place | undefined> => read(core, '/api/place');

/** Makes an invite; or says why not. */
export async function makeInvite(core: Core, wanted: NewInvite): Promise<{ invite: Invite } | { problem: string }> {
  try {
    return { invite: await call<Invite>('POST', '/api/invites', wanted) };
  } catch (error) {
    return { problem: explain(core, error) };
  }
}

export function endInvite(core: Core, { id }: Invite): Promise<Invite | undefined> {
  return attempt(core, () => call<Invite>('DELETE', `/api/invites/${id}`));
}

export async function letIn(core: Core, { id }: Waiting): Promise<boolean> {
  return (await attempt(core, () => done('PUT', `/api/waiting/${id}`))) === true;
}

export async function refuse(core: Core, { id }: Waiting): Promise<boolean> {
  return (await attempt(core, () => done('DELETE', `/api/waiting/${id}`))) === true;
}

async function done(method: string, path: string): Promise<true> {
  await call(method, path);
  return true;
}

/** Changes the place; or says why not. */
export async function setPlace(core: Core, change: Partial<Place>): Promise<{ place: Place } | { problem: string }> {
  try {
    return { place: await call<Place>('PATCH', '/api/place', change) };
  } catch (error) {
    return { problem: explain(core, error) };
  }
}

/** Ends the sign-in link of a person. Returns whether it worked; a failure was told. */
export async function endSignInLink(core: Core, person: number): Promise<boolean> {
  return (await attempt(core, () => done('DELETE', `/api/people/${person}/sign-in-link`))) === true;
}

/** Frees the name of a guest whose visit has ended. Returns whether it worked; a failure was told. */
export async function freeName(core: Core, person: number): Promise<boolean> {
  return (await attempt(core, () => done('DELETE', `/api/people/${person}/name`))) === true;
}

/** A one-time sign-in link for somebody who is locked out. */
export function signInLink(core: Core, person: number): Promise<SignInLink | undefined> {
  return attempt(core, () => call<SignInLink>('POST', `/api/people/${person}/sign-in-link`));
}
