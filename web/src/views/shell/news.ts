/** What the sidebar shows as new. */
import type { AppState } from '../../state';
import { calling, showing } from '../../state/counting';
import type { Channel } from '../../wire';

/** How many messages are new; none in the channel whose end somebody looks at. */
export function news({ view, wishes }: AppState, channel: Channel): number {
  return view.attended === channel.id ? 0 : showing(channel, wishes.levelOf(channel));
}

/** How many of them call the person. */
export function newCalls({ view, wishes }: AppState, channel: Channel): number {
  return view.attended === channel.id ? 0 : calling(channel, wishes.levelOf(channel));
}

/** The rows of a section: when it is shut, those that call, and where one is. */
export function rowsOf(
  state: AppState,
  list: readonly Channel[],
  shut: boolean,
  current: number | null,
): readonly Channel[] {
  return shut ? list.filter((channel) => channel.id === current || news(state, channel) > 0) : list;
}
