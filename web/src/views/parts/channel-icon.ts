/** The icon that tells the kind of a channel. */
import type { ChannelInfo } from '../../wire';

export function channelIcon({ kind, posting }: Pick<ChannelInfo, 'kind' | 'posting'>): string {
  if (kind === 'direct') return 'user';
  if (kind !== 'public') return 'lock';
  return posting === 'everybody' ? 'hash' : 'mega';
}
