/** Read marks that somebody sets by hand: all is read, or this is not yet. Both work without a connection, as reading does. */
import type { App } from '../app';
import { unread } from '../state/counting';
import { channelOf, rootOf, type Place } from '../state/place';
import { threadsOf } from './threads';

/** All channels, conversations and threads are read. */
export function markAllRead(app: App): void {
  const { state, messages, words } = app;
  const waiting = state.channels.list.filter((channel) => unread(channel) > 0);
  for (const { id, last_number } of waiting) messages.seen(id, last_number);
  threadsOf(app).markAllRead();
  state.view.newLine = null;
  state.flashes.show('ok', words.t('account.allRead'));
}

/** A message and what follows it is unread again, and the line "New since" stands above it. */
export function markUnreadFrom(app: App, place: Place, number: number): void {
  const { state, messages } = app;
  const [channel, root] = [channelOf(place), rootOf(place)];
  if (root !== null) return threadsOf(app).markUnreadFrom(channel, root, number);
  messages.markAt(channel, number - 1);
  state.view.newLine = { channel, after: number - 1, set: true };
}
