/** Why the reader may not write in a channel now. The server decides by the same rules (`model/permissions.rs`). */
import type { Channel, Me, User } from '../wire';
import { runs } from './rights';

export type Closed = 'archived' | 'muted' | 'blocked' | 'left' | 'locked' | 'allMuted' | 'hostsWrite';

/** The one other person of a direct conversation; none in a channel, a group, and notes to oneself. */
export function partnerIn({ kind, people }: Channel, me: Me | null): User | undefined {
  if (kind !== 'direct') return undefined;
  const [partner, ...more] = (people ?? []).filter(({ id }) => id !== me?.id);
  return more.length === 0 ? partner : undefined;
}

/** `null`: they may write, in the channel or in its threads, also by coming into the channel. */
export function closedFor(channel: Channel, me: Me | null, now: number, inThread = false): Closed | null {
  if (channel.archived) return 'archived';
  if ([channel.muted_until, me?.muted_until].some((end) => end != null && Date.parse(end) > now)) return 'muted';
  const partner = partnerIn(channel, me);
  if (partner !== undefined && me?.aside.some(({ id, kind }) => id === partner.id && kind === 'block'))
    return 'blocked';
  if (runs(me, channel)) return null;
  if (channel.locked) return 'locked';
  if (channel.all_muted) return 'allMuted';
  if (channel.posting === 'open_threads') return inThread ? null : 'hostsWrite';
  return channel.posting === 'hosts' ? 'hostsWrite' : null;
}
