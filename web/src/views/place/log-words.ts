/** What an entry of the log says, in the reader's language. Every act that the server knows has its words here. */
import { clock, date } from '../../i18n/dates';
import type { Key, Translate } from '../../i18n';
import type { Log, LogEntry, Me, Reason, User } from '../../wire';
import { untilText } from '../details/until';
import { REASONS, REASON_WORDS } from '../order/reasons';

type Act = LogEntry['act'];

/** What an act is called in the list of kinds to choose from, in the order in which they are offered. */
export const ACTS = {
  remove_message: 'log.act.remove_message',
  leave_reported: 'log.act.leave_reported',
  mute: 'log.act.mute',
  mute_in_channel: 'log.act.mute_in_channel',
  remove_last_day: 'log.act.remove_last_day',
  clear_channel: 'log.act.clear_channel',
  export: 'log.act.export',
  take_out: 'log.act.take_out',
  keep_out: 'log.act.keep_out',
  let_back_in: 'log.act.let_back_in',
  deactivate: 'log.act.deactivate',
  bring_back: 'log.act.bring_back',
  remove_data: 'log.act.remove_data',
  set_role: 'log.act.set_role',
  become_owner: 'log.act.become_owner',
  name_host: 'log.act.name_host',
  let_in: 'log.act.let_in',
  refuse: 'log.act.refuse',
  end_visit: 'log.act.end_visit',
  free_name: 'log.act.free_name',
  make_invite: 'log.act.make_invite',
  set_invite_door: 'log.act.set_invite_door',
  end_invite: 'log.act.end_invite',
  make_sign_in_link: 'log.act.make_sign_in_link',
  use_sign_in_link: 'log.act.use_sign_in_link',
  end_sign_in_link: 'log.act.end_sign_in_link',
  change_channel: 'log.act.change_channel',
  delete_channel: 'log.act.delete_channel',
  delete_private_channel: 'log.act.delete_private_channel',
  set_place: 'log.act.set_place',
} as const satisfies Record<Act, Key>;

/** A piece of a sentence; a person's name stands out. */
export interface Piece {
  readonly text: string;
  readonly whom?: User;
}

/** What an entry says, and in a second line what else there is to it. */
export interface Said {
  readonly pieces: readonly Piece[];
  readonly more: string;
}

/** What stands for a name in a sentence, until the sentence is taken apart. */
const WHOM = '\u0001';

/** What one entry says. `people` and `channels` of the page have the names. */
export function said(entry: LogEntry, { people, channels }: Pick<Log, 'people' | 'channels'>, t: Translate): Said {
  const whom = people.find(({ id }) => id === entry.whom);
  const where = placeOf(entry, channels, t);
  const [sentence, more] = words(entry, where, t);
  const pieces = sentence.split(WHOM).flatMap((text, at): Piece[] => {
    const name = whom === undefined ? { text: '?' } : { text: whom.name, whom };
    return at === 0 ? [{ text }] : [name, { text }];
  });
  return { pieces: pieces.filter(({ text }) => text !== ''), more };
}

function placeOf(entry: LogEntry, channels: Log['channels'], t: Translate): string {
  const channel = channels.find(({ id }) => id === entry.channel);
  if (channel === undefined) return t('log.gone');
  return channel.kind === 'direct' && channel.name === '' ? t('log.conversation') : `#${channel.name}`;
}

/** The sentence, with [`WHOM`] for the person, and the second line. */
function words(entry: LogEntry, where: string, t: Translate): [string, string] {
  const { act, detail } = entry;
  const whom = WHOM;
  switch (act) {
    case 'set_role':
      return [t('log.setRole', { whom, role: roleOf(detail, t) }), ''];
    case 'mute': {
      const until = endOf(detail);
      if (until === undefined) return [t('log.unmute', { whom }), ''];
      return [until === null ? t('log.muteForGood', { whom }) : t('log.mute', { whom, time: until }), ''];
    }
    case 'mute_in_channel': {
      const until = endOf(detail);
      if (until === undefined) return [t('log.unmuteHere', { whom, where }), ''];
      return [
        until === null ? t('log.muteHereForGood', { whom, where }) : t('log.muteHere', { whom, where, time: until }),
        '',
      ];
    }
    case 'deactivate':
      return [t('log.deactivate', { whom }), detail];
    case 'bring_back':
      return [t('log.bringBack', { whom }), ''];
    case 'take_out':
      return [t('log.takeOut', { whom, where }), ''];
    case 'keep_out':
      return [t('log.keepOut', { whom, where }), ''];
    case 'let_back_in':
      return [t('log.letBackIn', { whom, where }), ''];
    case 'name_host':
      return [t(detail === 'host' ? 'log.makeHost' : 'log.endHost', { whom, where }), ''];
    case 'change_channel':
      return changeOf(detail, where, t);
    case 'delete_channel':
      return [t('log.deleteChannel', { name: detail }), ''];
    case 'delete_private_channel':
      return [t('log.deletePrivate'), ''];
    case 'remove_message':
      return [t('log.removeMessage', { whom, where }), groundsOf(detail, t)];
    case 'become_owner':
      return [entry.by === null ? t('log.nameOwner', { whom }) : t('log.becomeOwner'), ''];
    case 'set_place':
      return [t('log.setPlace'), placeDetail(detail, t)];
    case 'make_invite':
      return [t('log.makeInvite'), detail];
    case 'set_invite_door':
      return [t('log.setInviteDoor'), wayOf(detail, t)];
    case 'end_invite':
      return [t('log.endInvite'), detail];
    case 'let_in':
      return [t('log.letIn', { whom }), ''];
    case 'refuse':
      return [t('log.refuse', { name: detail }), ''];
    case 'make_sign_in_link':
      return [t('log.makeLink', { whom }), ''];
    case 'use_sign_in_link':
      return [t('log.useLink'), ''];
    case 'end_sign_in_link':
      return [t('log.endLink', { whom }), ''];
    case 'free_name':
      return [t('log.freeName', { name: detail }), ''];
    case 'remove_last_day':
      return [t('log.removeLastDay', { whom }), ''];
    case 'remove_data':
      return [t('log.removeData', { whom }), ''];
    case 'clear_channel':
      return [t('log.clearChannel', { where }), ''];
    case 'export':
      return [t('log.export', { where }), ''];
    case 'end_visit':
      return [t('log.endVisit', { whom }), ''];
    case 'leave_reported':
      return [t('log.leaveReported', { where }), ''];
    default:
      return unknown(act, detail);
  }
}

/** An act of a later server, for which this app has no words: its code. */
function unknown(act: never, detail: string): [string, string] {
  return [String(act), detail];
}

function roleOf(code: string, t: Translate): string {
  const roles: readonly Me['role'][] = ['guest', 'member', 'moderator', 'owner'];
  const role = roles.find((one) => one === code);
  return role === undefined ? code : t(`people.${role}`);
}

/** Until when, `null` for good, `undefined` when a mute was ended. */
function endOf(detail: string): string | null | undefined {
  if (detail === '') return undefined;
  const end = new Date(Number(detail));
  return Number.isNaN(end.getTime()) ? detail : untilText(end.toISOString(), { clock, date });
}

/** `spam third time`: the code of the reason, and what was added. */
function groundsOf(detail: string, t: Translate): string {
  const [code = '', ...note] = detail.split(' ');
  const reason: Reason | undefined = REASONS.find((one) => one === code);
  return [reason === undefined ? code : t(REASON_WORDS[reason]), note.join(' ')].filter(Boolean).join(' · ');
}

/** `Harbour · invite`: the name and the way in. */
function placeDetail(detail: string, t: Translate): string {
  const at = detail.lastIndexOf(' · ');
  return [detail.slice(0, Math.max(at, 0)), wayOf(detail.slice(at + 3), t)].filter(Boolean).join(' · ');
}

/** How somebody new comes in, by its code. */
function wayOf(code: string, t: Translate): string {
  const way = WAYS.find(([one]) => one === code);
  return way === undefined ? code : t(way[1]);
}

const WAYS = [
  ['open', 'ways.open'],
  ['invite', 'ways.onlyInvite'],
  ['approval', 'ways.approval'],
  ['closed', 'ways.closed'],
] as const;

/** `slow: 5 s`: which fact of a channel changed, and what it is now. */
function changeOf(detail: string, where: string, t: Translate): [string, string] {
  const at = detail.indexOf(': ');
  const [fact, value] = [detail.slice(0, at), detail.slice(at + 2)];
  const key = CHANGES[detail];
  if (key !== undefined) return [t(key, { where }), ''];
  if (fact === 'name') return [t('log.rename', { where }), value];
  if (fact === 'slow') return [t('log.slow', { where }), t('log.seconds', { count: Number.parseInt(value, 10) })];
  return [t('log.changeChannel', { where }), detail];
}

const CHANGES: Readonly<
  Record<
    string,
    | 'log.makePrivate'
    | 'log.makePublic'
    | 'log.hostsWrite'
    | 'log.openThreads'
    | 'log.allWrite'
    | 'log.lock'
    | 'log.unlock'
    | 'log.archive'
    | 'log.unarchive'
    | 'log.muteAll'
    | 'log.unmuteAll'
    | 'log.newcomers'
    | 'log.noNewcomers'
  >
> = {
  'kind: private': 'log.makePrivate',
  'kind: public': 'log.makePublic',
  'posting: hosts': 'log.hostsWrite',
  'posting: open_threads': 'log.openThreads',
  'posting: everybody': 'log.allWrite',
  'locked: true': 'log.lock',
  'locked: false': 'log.unlock',
  'archived: true': 'log.archive',
  'archived: false': 'log.unarchive',
  'all muted: true': 'log.muteAll',
  'all muted: false': 'log.unmuteAll',
  'newcomers: true': 'log.newcomers',
  'newcomers: false': 'log.noNewcomers',
};
