/** How much is unread in a channel and calls the reader, and how a message changes that. */
import type { Channel, Level, Message } from '../wire';
import type { Counts } from './seen';

/** So many unread messages stand for "that many and more". */
export const MANY_UNREAD = 1_000;

export interface Told {
  readonly message: Message;
  readonly isNew: boolean;
  /** Whether the reader wrote it, or is called by it. */
  readonly own: boolean;
  readonly calls: boolean;
}

/** What a message that was posted, changed or deleted makes of the counts above a mark. */
export function countedWith({ unread, mentions }: Counts, mark: number, { message, isNew, own, calls }: Told): Counts {
  if (own || message.number <= mark) return { unread, mentions };
  const by = message.deleted_at === null ? Number(isNew) : -Number(!isNew && message.line === undefined);
  return {
    // More than can be counted stays so, until the server says otherwise.
    unread: unread >= MANY_UNREAD ? unread : Math.max(0, unread + by),
    mentions: isNew && calls ? Math.min(mentions + 1, MANY_UNREAD) : mentions,
  };
}

/** Counts as they are told: more than can be counted stands for that many and more. */
export function capped({ unread, mentions }: Counts): Counts {
  return { unread: Math.min(unread, MANY_UNREAD), mentions: Math.min(mentions, MANY_UNREAD) };
}

/** How many messages the person has not seen; `MANY_UNREAD` stands for that many and more. */
export function unread(channel: Pick<Channel, 'member' | 'unread'>): number {
  return channel.member ? channel.unread : 0;
}

/** How many of the unread messages show in the list: of a quiet channel only those that call the person by name. */
export function showing(channel: Counted, level: Level): number {
  return level === 'nothing' ? (channel.member ? channel.mentions : 0) : unread(channel);
}

/** How many of them call the person there; in a direct conversation all do, if it is not quiet. */
export function calling(channel: Counted, level: Level): number {
  if (!channel.member) return 0;
  return channel.kind === 'direct' && level !== 'nothing' ? channel.unread : channel.mentions;
}

/** How many of them the title of the window tells: as much as the person wants to be told of the channel. */
export function telling(channel: Counted, level: Level): number {
  if (!channel.member || level === 'nothing') return 0;
  return level === 'all' ? channel.unread : channel.mentions;
}

type Counted = Pick<Channel, 'member' | 'unread' | 'mentions' | 'kind'>;

/** A count of unread messages as short text. */
export function unreadText(count: number): string {
  return count >= MANY_UNREAD ? `${MANY_UNREAD - 1}+` : String(count);
}
