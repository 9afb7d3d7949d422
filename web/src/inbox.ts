/**
 * Events on their way into the state. Messages of others that come thick are taken in together: every change of the state
 * has its price, however small it is: the window's title, the list of channels, the rows, their place, a frame. Twenty a
 * second would keep a slow phone busy with nothing else, and nobody reads that fast. A message that comes alone is taken
 * in at once, and so is everything that is not just more from others. The order stays as it was heard.
 */
import type { ServerEvent } from './wire';

/** Messages that come within this of the last ones wait for its end. */
export const TOGETHER_MS = 250;
/** So many do not wait for more: what is kept here has a bound. */
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

  /** Takes in what waits now: something is to come after it. */
  flush(): void {
    const waiting = this.#waiting;
    this.clear();
    if (waiting.length > 0) this.#flushedAt = performance.now();
    for (const incoming of waiting) this.apply(incoming);
  }

  /** Forgets what waits. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
  }
}

/**
 * Only more of what is there: a message by somebody else, or a reading mark. All events of streams carry what tells an old
 * one from a new one, so that an answer to a question may overtake them. A number of members has no such thing.
 */
export function isMore(incoming: ServerEvent, me: number | undefined): boolean {
  if (incoming.name === 'message') return incoming.event.type === 'posted' && incoming.event.message.author.id !== me;
  return incoming.name === 'read';
}
