/**
 * Events on their way into the state. Messages and reactions by others that arrive in quick succession are applied together, because every
 * change of the state costs the same, however small: the window's title, the list of channels, the rows, a frame. Twenty a
 * second would keep a slow phone busy. A message that arrives alone is applied at once, and so is every event that is not
 * simply one more message or read mark. The order of arrival is kept.
 */
import type { ServerEvent } from './wire';

/** Messages that arrive within this time after the last ones wait until it is over. */
export const TOGETHER_MS = 250;
/** At most this many events wait. */
export const MOST_WAITING = 500;

export class Inbox {
  #waiting: ServerEvent[] = [];
  #flushedAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly apply: (incoming: ServerEvent) => void,
    /** Whether an event may wait for the next ones. */
    private readonly mayWait: (incoming: ServerEvent) => boolean,
  ) {}

  receive(incoming: ServerEvent): void {
    this.#waiting.push(incoming);
    const left = this.#flushedAt + TOGETHER_MS - performance.now();
    if (left <= 0 || this.#waiting.length >= MOST_WAITING || !this.mayWait(incoming)) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), left);
  }

  /** Applies the waiting events now. */
  flush(): void {
    const waiting = this.#waiting;
    this.clear();
    if (waiting.length > 0) this.#flushedAt = performance.now();
    for (const incoming of waiting) this.apply(incoming);
  }

  /** Drops the waiting events. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
  }
}

/**
 * Only more of what is there: a message by somebody else, a change of one, a reaction, or a reading mark. All events of streams carry what tells an old
 * one from a new one, so that an answer to a question may overtake them. A number of members has no such thing.
 */
export function isMore(incoming: ServerEvent, me: number | undefined): boolean {
  if (incoming.name === 'message')
    return ['posted', 'edited'].includes(incoming.event.type) && incoming.event.message.author.id !== me;
  return incoming.name === 'reaction' || incoming.name === 'read';
}
