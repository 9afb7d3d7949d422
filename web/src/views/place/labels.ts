/** What an invite is called, for those who keep it. */
import type { Invite } from '../../wire';
import type { Words } from '../../words.svelte';

export function labelOf(t: Words['t'], invite: Invite): string {
  return invite.label === '' ? t('ways.unnamed', { name: invite.made_by.name }) : invite.label;
}
