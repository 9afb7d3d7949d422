/** What is drawn of a row and hangs on nothing else, worked out in one go: apart, each piece would be watched apart. */
import { clock, exact } from '../../i18n/dates';
import { langOf, type EastAsian } from '../../text/han';
import { hueOf, initialOf } from '../parts/people';
import type { Row } from './rows';

export interface RowLook {
  readonly classes: string;
  readonly hue: number | 'own';
  readonly initial: string;
  readonly nameLang: EastAsian | undefined;
  readonly clock: string;
  readonly exact: string;
  /** Files, or that it is not sent. */
  readonly more: boolean;
}

/** `name` is the author's name of now; `folded` is a row of somebody whom the reader set aside. */
export function lookOf(row: Row, name: string, folded = false): RowLook {
  const time = new Date(row.at);
  const { state, own, lead, author } = row;
  const unsent = state === 'failed' || state === 'pending';
  const classes = ['msg'];
  if (state === 'deleted' || folded) classes.push('msg-sys');
  else if (lead) classes.push('msg-lead');
  if (own && state !== 'deleted') classes.push('msg-own');
  if (row.editedAt !== undefined) classes.push('msg-edited');
  if (row.calls && !folded) classes.push('msg-call');
  if (unsent) classes.push(state === 'failed' ? 'msg-fail' : 'msg-pend');
  return {
    classes: classes.join(' '),
    hue: own ? 'own' : hueOf(author.id),
    initial: lead ? initialOf(name) : '',
    nameLang: langOf(name),
    clock: clock(time),
    exact: exact(time),
    more: unsent || row.attachments.length > 0 || row.files.length > 0,
  };
}
