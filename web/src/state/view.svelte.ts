/** Where the reader is: the address, and what of the channel there is new since they came. */
import type { Route } from '../route';
import type { User } from '../wire';
import type { Editing } from './editing.svelte';
import type { Place } from './place';

/** Where the line "New since" stands: before the first message by others after this number. */
export interface NewLine {
  readonly channel: number;
  readonly after: number;
  /** The reader put it there: before the very next message, whosever it is. */
  readonly set?: boolean;
}

/** What is to be brought into view, in the channel that is shown. */
export interface Jump {
  readonly channel: number;
  /** Which message; `null` is the newest. */
  readonly number: number | null;
  /** Into the middle of the view, marked as the one that was looked for or not; or back to the top of it. */
  readonly how: 'found' | 'middle' | 'top';
  /** How far into the message the view begins, in pixels, for `top`. */
  readonly offset: number;
}

/** Where the reader was in a channel when more than can be put in place was missed. */
export interface Left {
  readonly channel: number;
  /** The newest message that was there. */
  readonly number: number;
  /** How many came since. */
  readonly count: number;
}

/** The thread that stands beside the channel, and the reply in it that was looked for. */
export interface ShownThread {
  readonly channel: number;
  readonly root: number;
  readonly reply: number | null;
}

export class ViewState {
  thread: ShownThread | null = $state.raw(null);
  route: Route = $state.raw({ kind: 'home' });
  newLine: NewLine | null = $state.raw(null);
  /** The hosts of the channel that is shown, where guests are and it is known; their names carry it. */
  hosts: ReadonlySet<number> | null = $state.raw(null);
  /**
   * The channel whose newest messages are read as they come, as somebody looks at its end and left nothing unread above:
   * a count that would show for one frame is not shown.
   */
  attended: number | null = $state(null);
  /** A channel's name in the address that nothing answers to; empty where the address has no name. */
  missing: string | null = $state(null);
  /** A channel that could not be loaded, and why. */
  trouble: string | null = $state(null);
  /** Each wish is an object of its own: the same wish twice is two wishes. */
  jump: Jump | null = $state.raw(null);
  /** Whose messages wait in this browser for their writer to sign in again. */
  kept: { readonly name: string; readonly count: number } | null = $state.raw(null);
  left: Left | null = $state.raw(null);
  /** The places that the reader may not know of any more since the page was loaded, and what they were called. */
  lost: readonly { readonly channel: number; readonly name: string }[] = $state.raw([]);
  dialog: 'switcher' | 'direct' | 'keys' | 'unsent' | 'leave' | 'lost' | 'status' | null = $state(null);
  /** The messages that are being edited, by where their fields stand. */
  edits: ReadonlyMap<Place, Editing> = $state.raw(new Map());
  /** Whose card is open, beside which element. */
  card: { readonly user: User; readonly beside: Element } | null = $state.raw(null);
  /** Whose profile stands beside the page; what opened it; and what closes the list that it stands over. */
  profile: { readonly user: User; readonly opener?: Element; readonly under?: () => void } | null = $state.raw(null);

  jumpTo(channel: number, number: number | null, how: Jump['how'], offset = 0): void {
    this.jump = { channel, number, how, offset };
  }
}
