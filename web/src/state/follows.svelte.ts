/**
 * How the reader stands to threads, and how much is unread in each. Who follows what is told by their own stream; what is unread
 * hangs on the channels' streams too: each count says as of which revision it is, and later replies are counted by their events.
 */
import type { Events, Follow, Span } from '../wire';
import { isAside } from './aside';
import type { MarkKind } from './channels.svelte';
import { countedWith, MANY_UNREAD } from './counting';
import type { Counts, Reader } from './seen';
import { follows, type Outcome } from './streams.svelte';

/** A mark that the server has not heard of, and what is left above it. */
export interface ThreadMark extends Counts {
  readonly number: number;
  /** A mark that was set by hand holds below what was read, too. */
  readonly kind: MarkKind;
}

export class Follows {
  /** Counts what may change a list of threads: one that is shown is loaded again. */
  changes = $state(0);
  /** Called when a count has to be asked for. */
  onUnknown: () => void = () => undefined;
  /** By channel and root. Replaced, never changed in place. */
  #all: ReadonlyMap<string, Follow> = $state.raw(new Map());
  #marks: ReadonlyMap<string, ThreadMark> = $state.raw(new Map());
  /** Threads whose count is being asked for: whatever was counted meanwhile, the answer holds. */
  readonly #unsure = new Set<string>();
  /** Up to which revision of a channel everything is counted. */
  readonly #reached = new Map<number, number>();

  /** How the reader stands to a thread, with a mark that is on its way. */
  find(channel: number, root: number): Follow | undefined {
    const follow = this.#all.get(keyOf(channel, root));
    const mark = this.#marks.get(keyOf(channel, root));
    if (follow === undefined || mark === undefined || isReached(mark, follow)) return follow;
    const { number, unread, mentions } = mark;
    return { ...follow, number, unread, mentions };
  }

  /** The threads that the reader follows and that have something unread. */
  get unread(): readonly Follow[] {
    return [...this.#all.values()].flatMap(({ channel, root }) => {
      const follow = this.find(channel, root);
      return follow?.following === true && follow.unread > 0 ? [follow] : [];
    });
  }

  /** How many threads that the reader follows have something unread, and how many of them call the reader. */
  get waiting(): Counts {
    const { unread } = this;
    return { unread: unread.length, mentions: unread.filter(({ mentions }) => mentions > 0).length };
  }

  /** Up to where the counts of a channel's threads are known; `undefined` where there are none. */
  revision(channel: number): number | undefined {
    return this.#reached.get(channel);
  }

  /** Applies a change of a channel, and counts it if it is a reply in a thread that is followed. */
  apply(change: Events['message'], reader: Reader): Outcome {
    const { channel, message, type, revision, head } = change;
    const outcome = this.advance(channel, change);
    if (outcome !== 'applied' || message.root === undefined) return outcome;
    const follow = this.#all.get(keyOf(channel, message.root));
    if (follow === undefined || revision <= follow.channel_revision) return outcome;
    const last_number = head?.thread.last_number ?? follow.last_number;
    // One that was sent to the channel too counts there.
    if (!isAside(message)) {
      this.#set({ ...follow, last_number, channel_revision: revision });
      return outcome;
    }
    const [isNew, own, calls] = [type === 'posted', message.author.id === reader.me, reader.calls(message)];
    const counts = countedWith(follow, follow.number, { message, isNew, own, calls });
    this.#set({ ...follow, ...counts, last_number, channel_revision: revision });
    // What changed above the mark may have called before, or calls only now.
    const above = !isNew && !own && message.number > follow.number;
    if (above && (calls || follow.mentions > 0 || follow.unread >= MANY_UNREAD)) {
      this.#unsure.add(keyOf(channel, follow.root));
      this.onUnknown();
    }
    return outcome;
  }

  /** A change of a channel that is no reply. */
  advance(channel: number, span: Span): Outcome {
    const reached = this.#reached.get(channel);
    if (reached === undefined) return 'known';
    const outcome = follows(reached, span);
    if (outcome === 'applied') this.#reached.set(channel, span.revision);
    return outcome;
  }

  /** What the server says of one thread. Returns whether its count is right by what was heard of the channel. */
  take(follow: Follow): boolean {
    const key = keyOf(follow.channel, follow.root);
    const known = this.#all.get(key);
    const isOld =
      known !== undefined &&
      (known.step > follow.step ||
        (known.step === follow.step && known.channel_revision >= follow.channel_revision && !this.#unsure.has(key)));
    if (isOld) return true;
    this.#set(follow);
    const mark = this.#marks.get(key);
    if (mark !== undefined && isReached(mark, follow)) this.unmark(follow.channel, follow.root);
    const reached = this.#reached.get(follow.channel) ?? 0;
    if (reached === 0) this.#reached.set(follow.channel, follow.channel_revision);
    const isRight = follow.channel_revision >= reached;
    if (isRight) this.#unsure.delete(key);
    else this.#unsure.add(key);
    return isRight;
  }

  /** All threads that the reader follows. Returns whether the counts are right by what was heard of the channels. */
  replace(all: readonly Follow[]): boolean {
    const keys = new Set(all.map(({ channel, root }) => keyOf(channel, root)));
    const gone = [...this.#all].filter(([key, { following }]) => following && !keys.has(key));
    if (gone.length > 0) this.#drop(gone.map(([key]) => key));
    let fits = true;
    for (const follow of all) {
      fits = this.take(follow) && fits;
      const reached = this.#reached.get(follow.channel) ?? 0;
      this.#reached.set(follow.channel, Math.max(reached, follow.channel_revision));
    }
    return fits;
  }

  /** All threads of some channels to which the reader stands: to the others there they do not any more. */
  keepOf(channels: ReadonlySet<number>, told: readonly Follow[]): void {
    const keys = new Set(told.map(({ channel, root }) => keyOf(channel, root)));
    const gone = [...this.#all].filter(([key, { channel }]) => channels.has(channel) && !keys.has(key));
    if (gone.length > 0) this.#drop(gone.map(([key]) => key));
  }

  /** Moves a mark before the server has heard of it. */
  mark(channel: number, root: number, mark: ThreadMark): void {
    this.#marks = new Map(this.#marks).set(keyOf(channel, root), mark);
  }

  /** Whether this mark is still on its way: nothing came that is as far, and none took its place. */
  holds(channel: number, root: number, mark: ThreadMark): boolean {
    return this.#marks.get(keyOf(channel, root)) === mark;
  }

  /** The server answered or refused a mark. With `mark`, only if it is still that one. */
  unmark(channel: number, root: number, mark?: ThreadMark): void {
    const marks = new Map(this.#marks);
    if (mark !== undefined && marks.get(keyOf(channel, root)) !== mark) return;
    if (marks.delete(keyOf(channel, root))) this.#marks = marks;
  }

  /** The reader is not in the channel any more. */
  forget(channel: number): void {
    this.raise(channel, Infinity);
    this.#reached.delete(channel);
  }

  /** Messages up to here are not kept any more, and no threads that begin there. */
  raise(channel: number, floor: number): void {
    const gone = [...this.#all].filter(([, follow]) => follow.channel === channel && follow.root <= floor);
    if (gone.length > 0) this.#drop(gone.map(([key]) => key));
  }

  clear(): void {
    this.#all = new Map();
    this.#marks = new Map();
    this.#reached.clear();
    this.#unsure.clear();
  }

  #drop(keys: readonly string[]): void {
    const all = new Map(this.#all);
    for (const key of keys) {
      all.delete(key);
      this.#unsure.delete(key);
    }
    this.#all = all;
    this.changes += 1;
  }

  #set(follow: Follow): void {
    this.#all = new Map(this.#all).set(keyOf(follow.channel, follow.root), follow);
    this.changes += 1;
  }
}

/** Whether what is stored is as far as a mark that is on its way. */
const isReached = (mark: ThreadMark, { number }: Follow): boolean => mark.kind === 'read' && mark.number <= number;
const keyOf = (channel: number, root: number): string => `${channel}:${root}`;
