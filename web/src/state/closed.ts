/** Why the reader may not write in a channel now. The server decides by the same rules (`model/permissions.rs`). */
import type { Channel, Me } from '../wire';
import { runs } from './rights';

export type Closed = 'archived' | 'muted' | 'locked' | 'allMuted' | 'hostsWrite';

/** `null`: they may write, in the channel or in its threads, also by coming into the channel. */
export function closedFor(channel: Channel, me: Me | null, now: number, inThread = false): Closed | null {
  if (channel.archived) return 'archived';
  if ([channel.muted_until, me?.muted_until].some((end) => end != null && Date.parse(end) > now)) return 'muted';
  if (runs(me, channel)) return null;
  if (channel.locked) return 'locked';
  if (channel.all_muted) return 'allMuted';
  if (channel.posting === 'open_threads') return inThread ? null : 'hostsWrite';
  return channel.posting === 'hosts' ? 'hostsWrite' : null;
}
