/** What the reader may do, as far as the app has to know to show it. The server decides (docs/permissions.md). */
import type { Channel, Me, Workspace } from '../wire';

/** Whether somebody runs a channel that they see: its hosts, and whoever keeps order in the place. */
export function runs(me: Me | null, channel: Channel): boolean {
  if (me === null || channel.kind === 'direct') return false;
  const keepsOrder = me.role === 'moderator' || me.role === 'owner';
  return channel.host || (keepsOrder && (channel.kind === 'public' || channel.member));
}

/** Whether somebody calls everybody in a channel, as the owner says. In a direct conversation all are alike. */
export function callsEverybody(me: Me | null, channel: Channel, callers: Workspace['callers']): boolean {
  if (me === null || me.role === 'guest' || !channel.member) return false;
  return channel.kind === 'direct' || callers === 'members' || runs(me, channel);
}
