/** The one way to a message from anywhere: a link, a pin, what is saved, a line or a search leads there by this. */
import { routeOf } from '../route';
import type { AppState } from '../state';
import type { Navigator } from './navigate';

/**
 * Opens a message of any age in its channel, as a new step of the history; what the reader may not see is "not found". To a
 * message that is here already the view only goes, and what stands beside the channel stays.
 */
export function openMessage(
  { state, navigator }: { readonly state: AppState; readonly navigator: Navigator },
  channel: number,
  number: number,
): void {
  if (state.shownChannel?.id === channel && state.windows.find(channel)?.at(number) !== undefined)
    return state.view.jumpTo(channel, number, 'found');
  const { thread } = state.view;
  if (thread?.channel === channel && state.threads.of(channel)?.at(number) !== undefined)
    return void (state.view.thread = { ...thread, reply: number });
  const known = state.channels.find(channel);
  // An id leads to a public channel too, which then has its own address.
  navigator.go(known === undefined ? { kind: 'private', id: channel, number } : routeOf(known, number));
}
