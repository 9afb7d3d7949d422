/** The sentences about direct messages that no first message needs. */
import type { Catalogue } from '..';
import { en } from './en';
import { zh } from './zh';

export const direct: Catalogue<typeof en> = { en, zh };
