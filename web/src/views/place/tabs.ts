/** The parts of the page *People and place*: what is listed here is shown, for those whom it is for. */
import type { Component } from 'svelte';
import type { Me } from '../../wire';
import MembersTab from './MembersTab.svelte';

export interface Tab {
  /** Its part of the address. */
  readonly id: string;
  /** Under which heading it is listed. */
  readonly group: 'people' | 'place';
  readonly icon: string;
  readonly label: 'people.members';
  readonly for: (role: Me['role']) => boolean;
  readonly view: Component;
}

export const TABS: readonly Tab[] = [
  {
    id: 'members',
    group: 'people',
    icon: 'users',
    label: 'people.members',
    for: () => true,
    view: MembersTab,
  },
];
