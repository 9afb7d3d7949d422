/** The sentences of the settings, which come with that page. */
import type { Catalogue } from '..';
import { en } from './en';
import { zh } from './zh';

export const settings: Catalogue<typeof en> = { en, zh };
