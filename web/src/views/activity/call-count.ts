import type { AppState } from '../../state';
import { newCalls } from '../shell/news';

/**
 * How much is new of what calls the reader: messages by their name or to everybody, direct messages, and threads that they follow
 * with new replies. Each counts once: what calls them in a conversation or a thread is counted as that.
 */
export function callCount(state: AppState): number {
  const { activity, channels, follows } = state;
  const calls = activity.newIn((id) => channels.find(id));
  const inChannels = calls.filter(({ channel }) => channels.find(channel)?.kind !== 'direct').length;
  const direct = channels.list.filter(({ kind }) => kind === 'direct');
  const { unread, mentions } = follows.waiting;
  return direct.reduce((sum, channel) => sum + newCalls(state, channel), inChannels + unread - mentions);
}
