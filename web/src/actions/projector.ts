/** An invite on a projector: showing it, its door, and those who wait by it. */
import { ApiError, call } from '../api';
import type { Invite, Projection } from '../wire';
import { attempt, explain, type Core } from './core';

const of = (id: number): string => `/api/invites/${id}`;

/** Says that the invite is shown. `null` when the reader may not show it, or not any more; a text when it could not be said. */
export async function project(core: Core, id: number): Promise<Projection | string | null> {
  try {
    return await call<Projection>('PUT', `${of(id)}/projector`);
  } catch (error) {
    return error instanceof ApiError && error.status === 404 ? null : explain(core, error);
  }
}

/** Says that it is not shown any more. The server finds that out by itself, a little later. */
export function stopProjecting(id: number): void {
  void fetch(`${of(id)}/projector`, { method: 'DELETE', keepalive: true }).catch(() => undefined);
}

export function setDoor(core: Core, id: number, door: Invite['door']): Promise<Invite | undefined> {
  return attempt(core, () => call<Invite>('PATCH', of(id), { door }));
}
