/** Going to a message, wherever it is and however old: from a pin, from what is saved, from a line. */
import { routeOf, type Addressed } from '../route';
import type { Navigator } from './navigate';

export function openMessage(navigator: Navigator, channel: Addressed, number: number): void {
  navigator.go(routeOf(channel, number));
}
