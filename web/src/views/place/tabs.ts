/** The parts of the page *People and place*: what is listed here is shown, for those whom it is for. */
import type { Component } from 'svelte';
import type { Me } from '../../wire';
import EntryTab from './EntryTab.svelte';
import InvitesTab from './InvitesTab.svelte';
import LogTab from './LogTab.svelte';
import MembersTab from './MembersTab.svelte';
import OpenReports from '../order/OpenReports.svelte';
import ReportsTab from './ReportsTab.svelte';
import WaitingCount from './WaitingCount.svelte';
import WaitingTab from './WaitingTab.svelte';

export interface Tab {
  /** Its part of the address. */
  readonly id: string;
  /** Under which heading it is listed. */
  readonly group: 'people' | 'place';
  readonly icon: string;
  readonly label: 'people.members' | 'ways.waiting' | 'ways.invites' | 'order.reports' | 'log.title' | 'ways.entry';
  readonly for: (role: Me['role']) => boolean;
  readonly view: Component;
  /** How many things wait there, beside its name. */
  readonly waits?: Component;
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
  {
    id: 'waiting',
    group: 'people',
    icon: 'clock',
    label: 'ways.waiting',
    for: () => true,
    view: WaitingTab,
    waits: WaitingCount,
  },
  {
    id: 'invites',
    group: 'people',
    icon: 'mail',
    label: 'ways.invites',
    for: () => true,
    view: InvitesTab,
  },
  {
    id: 'reports',
    group: 'people',
    icon: 'flag',
    label: 'order.reports',
    for: () => true,
    view: ReportsTab,
    waits: OpenReports,
  },
  {
    id: 'log',
    group: 'people',
    icon: 'log',
    label: 'log.title',
    for: () => true,
    view: LogTab,
  },
  {
    id: 'entry',
    group: 'place',
    icon: 'sliders',
    label: 'ways.entry',
    for: (role) => role === 'owner',
    view: EntryTab,
  },
];
