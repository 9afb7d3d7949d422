/** Removing what a person wrote: in the last day, with their account, or all that is kept of them. */
import { call } from '../api';
import type { ListedPerson, Written } from '../wire';
import { explain, patiently, type Core } from './core';

/** How much a person wrote, in the last day or ever, where the reader is; `undefined` when that could not be had. */
export async function written(core: Core, { id }: ListedPerson, lastDay: boolean): Promise<Written | undefined> {
  try {
    return await call<Written>('GET', `/api/people/${id}/written${lastDay ? '?last_day=true' : ''}`);
  } catch (error) {
    explain(core, error);
    return undefined;
  }
}

/** Removes a person's data for good. Returns why it did not work, or null. */
export async function removeData(core: Core, { id, name }: ListedPerson): Promise<string | null> {
  try {
    await patiently(core, () => call('POST', `/api/people/${id}/data-removal`, { name }));
    return null;
  } catch (error) {
    return explain(core, error);
  }
}
