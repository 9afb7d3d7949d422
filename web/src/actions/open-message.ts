/** Going to a message, wherever it is and however old: from a pin, from what is saved, from a line. */
import type { App } from '../app';
import { routeOf, type Addressed } from '../route';

export function openMessage({ navigator, state }: App, channel: Addressed, number: number): void {
  const isHere = state.shownChannel?.id === channel.id && state.windows.find(channel.id)?.at(number) !== undefined;
  // What stands beside the channel stays.
  if (isHere) state.view.jumpTo(channel.id, number);
  else navigator.go(routeOf(channel, number));
}
