/** The sentences about people and the place: the page of owners and moderators, cards, statuses, pictures. */
import type { Catalogue } from '..';
import { en } from './en';
import { zh } from './zh';

export const people: Catalogue<typeof en> = { en, zh };
