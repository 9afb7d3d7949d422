/** What a person does with threads: open one, read on in it, follow it, have it read. It is loaded with the views of threads. */
import * as api from '../api';
import { ApiError } from '../api';
import type { App } from '../app';
import { takeFollow } from '../apply';
import { isAside } from '../state/aside';
import type { ThreadMark } from '../state/follows.svelte';
import { markBySeen, toReadBetween } from '../state/seen';
import type { ThreadRun } from '../state/thread-run.svelte';
import * as threadsApi from '../threads-api';
import type { ThreadPage, ThreadsPage } from '../wire';
import { attempt, endsSession, explain } from './core';

/** How many replies are loaded at once. */
const PAGE = 50;
/** A read mark is sent once reading has paused for this long. */
const READ_PAUSE_MS = 400;
/** After a mark did not get through, the pause before it is sent again. */
const READ_AGAIN_MS = 10_000;
/** So many threads are marked read at once; those beyond stay for another press. */
const MOST_READ = 200;

const made = new WeakMap<App, Threads>();

/** What is done with the threads of an app. */
export function threadsOf(app: App): Threads {
  const known = made.get(app) ?? new Threads(app);
  made.set(app, known);
  return known;
}

export class Threads {
  /** The timers that send marks, by channel and root. */
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** The threads of which a mark is with the server, and the one that goes out behind it. */
  readonly #behind = new Map<string, ThreadMark | null>();
  #loading = false;

  constructor(private readonly app: App) {}

  /**
   * Loads a thread: around a reply that was looked for, from the first unread one, or its end. Returns why there is nothing to be
   * seen, or null.
   */
  async load(run: ThreadRun, reply: number | null): Promise<string | null> {
    const { state } = this.app;
    try {
      let [page, after] = [await this.#page(run, reply === null ? {} : { before: reply + 1 }), null as number | null];
      const { follow } = page;
      if (follow !== null) takeFollow(state, follow);
      const first = page.replies[0]?.number ?? 0;
      if (
        reply === null &&
        follow?.following === true &&
        follow.unread > 0 &&
        page.has_older &&
        first > follow.number
      ) {
        after = follow.number;
        page = await this.#page(run, { after });
      }
      if (state.threads.open !== run) return null;
      if (page.number !== run.root) {
        // The address named a reply of it.
        state.view.thread = { channel: run.channel, root: page.number, reply: run.root };
        const channel = state.channels.find(run.channel);
        if (channel !== undefined) this.app.navigator.readdress(channel);
        return null;
      }
      run.noteRevision(state.channels.revision(run.channel) ?? 0);
      run.begin(page, after);
      return null;
    } catch (error) {
      if (error instanceof ApiError && error.code === 'not_found') return this.app.words.t('thread.missing');
      return explain(this.app, error);
    }
  }

  async older(run: ThreadRun): Promise<void> {
    const [first] = run.rows;
    if (first === undefined || !run.hasOlder) return;
    await this.#once(async () => {
      run.add(await this.#page(run, { before: first.number }), first, 'older');
      run.trimNewest();
    });
  }

  async newer(run: ThreadRun): Promise<void> {
    const last = run.rows.at(-1);
    if (last === undefined || !run.hasNewer) return;
    await this.#once(async () => {
      run.add(await this.#page(run, { after: last.number }), last, 'newer');
      run.trimOldest();
    });
  }

  /** Goes to the newest replies, wherever the reader was. */
  async toLatest(run: ThreadRun): Promise<void> {
    if (run.hasNewer) await attempt(this.app, async () => run.begin(await this.#page(run, {}), null));
  }

  /** These replies were on screen, in a window that somebody looks at. */
  wasOnScreen(run: ThreadRun, numbers: readonly number[]): void {
    const { follows, session } = this.app.state;
    const follow = follows.find(run.channel, run.root);
    if (follow?.following !== true || run.markedAt !== null) return;
    run.seen.forgetUpTo(follow.number);
    for (const number of numbers) if (number > follow.number) run.seen.add(number);
    const readable = run.readable(follow.number);
    const mark = markBySeen(follow.number, readable, run.seen, session.me?.id);
    if (mark <= follow.number) return;
    const read = toReadBetween(readable.rows, follow.number, mark, session.reader);
    const moved: ThreadMark = {
      number: mark,
      kind: 'read',
      unread: Math.max(0, follow.unread - read.unread),
      mentions: Math.max(0, follow.mentions - read.mentions),
    };
    this.#mark(run.channel, run.root, moved, READ_PAUSE_MS);
  }

  /** All of a thread is read. */
  markRead(channel: number, root: number): void {
    const { follows, threads } = this.app.state;
    const follow = follows.find(channel, root);
    if (follow === undefined) return;
    const run = threads.of(channel);
    if (run?.root === root) run.markedAt = null;
    this.#mark(channel, root, { number: follow.last_number, kind: 'read', unread: 0, mentions: 0 }, 0);
  }

  /** All threads that the reader follows are read. */
  markAllRead(): void {
    for (const { channel, root } of this.app.state.follows.unread.slice(0, MOST_READ)) this.markRead(channel, root);
  }

  /** A reply and what follows it is unread again, in the thread that is open. */
  markUnreadFrom(channel: number, root: number, number: number): void {
    const { follows, session, threads } = this.app.state;
    const [run, follow] = [threads.of(channel), follows.find(channel, root)];
    if (run?.root !== root || follow?.following !== true) return;
    run.seen.clear();
    run.markedAt = number - 1;
    const above = toReadBetween(run.rows.filter(isAside), number - 1, Infinity, session.reader);
    // Where newer replies are not loaded, there is at least as much as was known.
    const most = (loaded: number, known: number): number => (run.hasNewer ? Math.max(loaded, known) : loaded);
    const [unread, mentions] = [most(above.unread, follow.unread), most(above.mentions, follow.mentions)];
    this.#mark(channel, root, { number: number - 1, kind: 'mark', unread, mentions }, 0);
  }

  async follow(channel: number, root: number, following: boolean): Promise<void> {
    const { flashes } = this.app.state;
    const told = await attempt(this.app, () => threadsApi.follow(channel, root, following, this.app.state.identity));
    if (told === undefined) return;
    takeFollow(this.app.state, told);
    flashes.show('ok', this.app.words.t(following ? 'thread.followed' : 'thread.unfollowed'));
  }

  /** With `mine`, only those that the reader began. */
  list(after: string | null, mine: boolean): Promise<ThreadsPage | undefined> {
    return attempt(this.app, () => threadsApi.threads(after, mine));
  }

  #page(run: ThreadRun, where: { before?: number; after?: number }): Promise<ThreadPage> {
    return api.thread(run.channel, run.root, { ...where, limit: PAGE });
  }

  #mark(channel: number, root: number, mark: ThreadMark, pauseMs: number): void {
    this.app.state.follows.mark(channel, root, mark);
    this.#sendSoon(channel, root, mark, pauseMs);
  }

  #sendSoon(channel: number, root: number, mark: ThreadMark, pauseMs: number): void {
    const key = `${channel}:${root}`;
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => void this.#send(channel, root, mark), pauseMs),
    );
  }

  /** The marks of a thread go out one after another: the server has them in the order in which they were set. */
  async #send(channel: number, root: number, mark: ThreadMark): Promise<void> {
    const key = `${channel}:${root}`;
    this.#timers.delete(key);
    const isSending = this.#behind.has(key);
    this.#behind.set(key, isSending ? mark : null);
    if (isSending) return;
    for (let next: ThreadMark | null = mark; next !== null; next = this.#behind.get(key) ?? null) {
      this.#behind.set(key, null);
      await this.#ask(channel, root, next);
    }
    this.#behind.delete(key);
  }

  async #ask(channel: number, root: number, mark: ThreadMark): Promise<void> {
    const { follows, identity } = this.app.state;
    // A newer one took its place, or what is stored is as far.
    if (!follows.holds(channel, root, mark)) return;
    try {
      takeFollow(this.app.state, await threadsApi.markRead(channel, root, mark, identity));
      if (mark.kind === 'mark') follows.unmark(channel, root, mark);
    } catch (error) {
      if (endsSession(error)) return this.app.ended();
      // Not worth an alert. What does not get through now is sent later, where it is still wanted.
      if (!(error instanceof ApiError) || !error.passing) follows.unmark(channel, root, mark);
      else if (follows.holds(channel, root, mark))
        this.#sendSoon(channel, root, mark, error.retryAfterMs ?? READ_AGAIN_MS);
    }
  }

  /** Loads one page at a time. */
  async #once(work: () => Promise<void>): Promise<void> {
    if (this.#loading) return;
    this.#loading = true;
    await attempt(this.app, work);
    this.#loading = false;
  }
}
