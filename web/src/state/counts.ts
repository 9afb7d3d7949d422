/** How much of a channel is unread, as its counts say. */
import type { Channel } from '../wire';

/** So many unread messages stand for "that many and more". */
export const MANY_UNREAD = 1_000;

/** How many messages the person has not seen; `MANY_UNREAD` stands for that many and more. */
export function unread(channel: Pick<Channel, 'member' | 'unread'>): number {
  return channel.member ? channel.unread : 0;
}

/** How many unread messages call the person; in a direct conversation all do. */
export function calling(channel: Pick<Channel, 'member' | 'unread' | 'mentions' | 'kind'>): number {
  if (!channel.member) return 0;
  return channel.kind === 'direct' ? channel.unread : channel.mentions;
}

/** A count of unread messages as short text. */
export function unreadText(count: number): string {
  return count >= MANY_UNREAD ? `${MANY_UNREAD - 1}+` : String(count);
}
