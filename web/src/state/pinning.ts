/** Whether the reader may pin messages in a channel, and take them down. The server decides by the same rules. */
import type { Channel, Me } from '../wire';
import { closedFor } from './closed';
import { runs } from './rights';

export function mayPin(channel: Channel, me: Me | null, now: number): boolean {
  if (!channel.member || me === null || me.role === 'guest') return false;
  if (channel.hosts_pin && !runs(me, channel)) return false;
  // Where only hosts begin to write, others answer.
  return [null, 'hostsWrite'].includes(closedFor(channel, me, now));
}
