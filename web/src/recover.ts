/**
 * The one way to catch up: after a gap, a reconnection or a quiet hour alike, ask for what changed in a stream since the
 * revision that is known, and apply it.
 */
import * as api from './api';
import { delist, isBehind, isCountBehind, keep, lose, takeFollow } from './apply';
import type { AppState } from './state';
import type { MessageRun } from './state/messages.svelte';
import { isForReading } from './state/seen';
import type { Gap, Stream } from './state/streams.svelte';
import { ThreadRun } from './state/thread-run.svelte';
import type { Changes, Message } from './wire';

/** The pause after a request that failed; the next sign of being behind starts it as well. */
const PAUSE_MS = 2_000;
/** After this many tries it is given up until the next sign of being behind. */
const MOST_TRIES = 100;
/** Where people join and leave all the time, the answer is accepted as it is after this many tries. */
const LIST_TRIES = 4;
/** How many messages before the place where the reader is are loaded with it. */
const BEFORE_READER = 40;
/** After this many changes at once, the channel is compared with the server's. */
const MANY_CHANGES = 50;

export class Recovery {
  /** Streams that are catching up, with the furthest revision that was heard of meanwhile. */
  readonly #running = new Map<Stream, number>();
  /** The look at the list that is on its way. */
  #listing: Promise<void> | null = null;
  /** Channels without rows of which more was heard than is held, with the furthest revision: the list tells of it. */
  readonly #heard = new Map<number, number>();
  /** The look at the threads that are followed, which is on its way. */
  #counting: Promise<void> | null = null;
  /** Something changed since it was asked. */
  #countAgain = false;
  /** Channels whose count is being asked for; true when it has to be asked for once more. */
  readonly #recounting = new Map<number, boolean>();

  constructor(
    private readonly state: AppState,
    /** Called after many changes were caught up with in a channel. */
    private readonly onManyChanges: (channel: number) => void = () => undefined,
  ) {}

  /** Catches up with streams in which something was missed. */
  catchUp(gaps: readonly Gap[]): void {
    if (gaps.some((gap) => isCountBehind(this.state, gap))) void this.follows();
    for (const { stream, revision } of gaps) {
      if (typeof stream !== 'number' || this.#isOpen(stream)) void this.#catchUpStream(stream, revision);
      else this.#heard.set(stream, Math.max(this.#heard.get(stream) ?? 0, revision));
    }
    if (this.#heard.size === 0) return;
    // What was missed may call the reader.
    this.state.activity.doubt();
    void this.refreshList();
  }

  /** Notes that a channel has reached this revision, and catches up if what is held of it is older. */
  catchUpTo(channel: number, revision: number): void {
    const floor = this.state.channels.find(channel)?.floor ?? 0;
    for (const run of this.state.holders(channel)) {
      run.noteRevision(revision);
      run.raise(floor);
    }
    this.state.follows.raise(channel, floor);
    const gap = { stream: channel, revision };
    if (this.#isOpen(channel) && isBehind(this.state, gap)) void this.#catchUpStream(channel, revision);
  }

  /**
   * Whether the server's data went back, where heads tell of less than is held: a data folder may be replaced by an earlier
   * copy together with its epoch. An answer may also have overtaken the heads, so the server is asked again.
   */
  async hasGoneBack(heads: readonly Gap[]): Promise<boolean> {
    for (const { stream, revision } of heads) {
      const held = this.#held(stream);
      if (revision < held && (await revisionNow(stream, held).catch(() => held)) < held) return true;
    }
    return false;
  }

  /** Asks for a channel again, to get a count of unread messages that fits both its content and its read mark. */
  async recount(channel: number): Promise<void> {
    if (this.#recounting.has(channel)) return void this.#recounting.set(channel, true);
    this.#recounting.set(channel, true);
    for (let tries = 0; tries < LIST_TRIES && this.#recounting.get(channel) === true; tries += 1) {
      this.#recounting.set(channel, false);
      const answer = await afterTrouble(() => api.channel(channel));
      if (answer !== null) this.state.channels.merge(answer);
    }
    this.#recounting.delete(channel);
  }

  /** Asks which threads the reader follows, and how much is unread in each; again while events overtake the answers. */
  follows(): Promise<void> {
    this.#countAgain = true;
    this.#counting ??= this.#follows().finally(() => (this.#counting = null));
    return this.#counting;
  }

  async #follows(): Promise<void> {
    for (let tries = 0; tries < LIST_TRIES && this.#countAgain; tries += 1) {
      this.#countAgain = false;
      const answer = await afterTrouble(api.follows);
      if (answer === null) return;
      if (!this.state.follows.replace(answer.follows)) this.#countAgain = true;
    }
  }

  /**
   * The list of channels anew. An answer that was on its way while more was heard of a channel may be older than that, and
   * so may one that was on its way while somebody came or went, as numbers of members have no revision to tell by: it is
   * asked for again.
   */
  refreshList(): Promise<void> {
    this.#listing ??= this.#list().finally(() => (this.#listing = null));
    return this.#listing;
  }

  /** Channels after those that are there: a state holds as many as fit into one answer. */
  async restOfList(after: number): Promise<void> {
    let last = after;
    for (let complete = false; !complete;) {
      const answer = await api.channels(last).catch(() => null);
      if (answer === null) return;
      this.state.channels.mergeAll(answer.channels, answer);
      complete = answer.complete;
      last = answer.channels.at(-1)?.id ?? last;
    }
  }

  async #list(): Promise<void> {
    const { channels } = this.state;
    for (let tries = 1; tries <= LIST_TRIES; tries += 1) {
      const before = channels.memberCountEvents;
      const answer = await afterTrouble(api.channels);
      if (answer === null) break;
      if (channels.memberCountEvents !== before && tries < LIST_TRIES) continue;
      channels.mergeAll(answer.channels, answer);
      if (!answer.complete) await this.restOfList(answer.channels.at(-1)?.id ?? 0);
      if (![...this.#heard].some(([stream, revision]) => isBehind(this.state, { stream, revision }))) break;
    }
    this.#heard.clear();
  }

  #isOpen(channel: number): boolean {
    return this.state.holders(channel).some(({ loaded }) => loaded);
  }

  async #catchUpStream(stream: Stream, revision: number): Promise<void> {
    const wanted = this.#running.get(stream);
    this.#running.set(stream, Math.max(wanted ?? 0, revision));
    if (wanted !== undefined) return;
    // A refusal (left meanwhile, signed out) ends it; whoever acts on that hears of it from elsewhere.
    await this.#untilThere(stream).catch(() => undefined);
    this.#running.delete(stream);
  }

  async #untilThere(stream: Stream): Promise<void> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      if (!isBehind(this.state, { stream, revision: this.#running.get(stream) ?? 0 })) return;
      const before = this.#held(stream);
      const pauseMs = await this.#step(stream).catch((error: unknown) => {
        if (error instanceof api.ApiError && error.passing) return Math.max(PAUSE_MS, error.retryAfterMs ?? 0);
        throw error;
      });
      // A node that is behind itself answers with nothing: ask again a little later, not at once.
      const waitMs = this.#held(stream) === before ? Math.max(pauseMs, PAUSE_MS) : pauseMs;
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }

  /** The revision up to which everything that is held of a stream is right. */
  #held(stream: Stream): number {
    if (typeof stream !== 'number') return this.state.streams[stream];
    const held = this.#loaded(stream).map(({ revision }) => revision);
    return held.length > 0 ? Math.min(...held) : (this.state.channels.revision(stream) ?? 0);
  }

  /** Catches up by one answer. Returns how long to wait before the next one, in ms. */
  async #step(stream: Stream): Promise<number> {
    if (stream === 'own') await this.#own();
    else if (stream === 'place') await this.#place();
    else await this.#channel(stream);
    return 0;
  }

  async #own(): Promise<void> {
    const { streams, channels, session } = this.state;
    const changes = await api.ownChanges(streams.own);
    if (changes.reached < streams.own) return;
    if (changes.me !== null) session.applyAccount(changes.me);
    channels.mergeAll(changes.channels);
    if (changes.channels.some(({ id }) => channels.find(id) === undefined)) void this.refreshList();
    for (const saved of changes.saved) keep(this.state, saved);
    if (changes.activity !== null || changes.channels.length > 0) this.state.activity.doubt();
    // Of a channel whose membership changed, all threads that the reader stands to are told.
    this.state.follows.keepOf(new Set(changes.channels.map(({ id }) => id)), changes.follows);
    for (const follow of changes.follows) takeFollow(this.state, follow);
    for (const { id, member } of changes.channels) if (!member) this.state.follows.forget(id);
    for (const channel of changes.lost) lose(this.state, { channel, revision: changes.reached });
    streams.advanceTo('own', changes.reached);
  }

  async #place(): Promise<void> {
    const { streams, channels, people } = this.state;
    const changes = await api.placeChanges(streams.place);
    // Events went further while it was on its way: nothing is missing up to there, and they are later than it.
    if (changes.reached < streams.place) return;
    for (const person of changes.people) people.apply(person, changes.revision);
    for (const info of changes.channels) channels.listed(info);
    for (const channel of changes.delisted) delist(this.state, { channel, revision: changes.reached });
    streams.advanceTo('place', changes.reached);
  }

  async #channel(channel: number): Promise<void> {
    const runs = this.#loaded(channel);
    // What was missed may call the reader.
    this.state.activity.doubt();
    if (runs.length === 0) return this.refreshList();
    // The channel itself comes along as it is now: what is held of it in the list may stand before the rows.
    const changes = await api.changes(channel, Math.min(...runs.map(({ revision }) => revision)));
    this.state.kept.changes += 1;
    const isWhole = changes.complete || changes.messages.length < api.CHANGES;
    for (const run of runs) {
      if (!this.state.holders(channel).includes(run)) continue;
      if (run instanceof ThreadRun) await this.#thread(run, changes, isWhole);
      else if (isWhole) this.#inPlace(run, changes);
      else await this.#anew(run);
    }
    if (changes.messages.length >= MANY_CHANGES) this.onManyChanges(channel);
  }

  /** What is held of a channel's messages, as far as it is loaded. */
  #loaded(channel: number): readonly MessageRun[] {
    return this.state.holders(channel).filter(({ loaded }) => loaded);
  }

  /** Brings a thread up to date: where too much changed, it begins with its newest replies. */
  async #thread(run: ThreadRun, changes: Changes, isWhole: boolean): Promise<void> {
    if (run.raise(changes.info.floor)) return;
    if (isWhole) run.applyChanges(changes);
    else run.begin(await api.thread(run.channel, run.root), null);
    if (changes.complete) this.state.channels.merge(changes.info);
  }

  #inPlace(run: MessageRun, changes: Changes): void {
    // What is left may be nothing: then the answer is about rows that are not here.
    if (run.raise(changes.info.floor)) return;
    const last = run.rows.at(-1)?.number ?? 0;
    const wasRead = this.state.channels.find(run.channel)?.unread === 0;
    run.applyChanges(changes);
    if (changes.complete) this.state.channels.merge(changes.info);
    if (wasRead) this.#underLine(run, last);
  }

  /** What was missed in the channel that is shown stands under the line, where nothing before it was unread. */
  #underLine({ channel, rows }: MessageRun, last: number): void {
    const { view, channels, session } = this.state;
    if (channels.at(view.route)?.id !== channel) return;
    const isMissed = (row: Message): boolean => row.number > last && isForReading(row, session.me?.id);
    if (rows.some(isMissed)) view.newLine = { channel, after: last };
  }

  /**
   * More changed than can be put in place. Who reads further up stays there, with the newer messages to be loaded on the
   * way down; who was at the end gets the newest, and is told where they were.
   */
  async #anew(run: MessageRun): Promise<void> {
    const { channel, reading } = run;
    const last = run.rows.at(-1)?.number ?? 0;
    const where = reading === null ? { countAbove: last } : { after: Math.max(0, reading - BEFORE_READER) };
    const page = await api.messages(channel, where);
    run.replace(page);
    const count = page.above ?? 0;
    if (reading === null && last > 0 && count > 0) this.state.view.left = { channel, number: last, count };
    await this.refreshList();
  }
}

/** The revision at which a stream stands on the server. */
async function revisionNow(stream: Stream, held: number): Promise<number> {
  if (stream === 'own') return (await api.ownChanges(held)).revision;
  if (stream === 'place') return (await api.placeChanges(held)).revision;
  return (await api.channel(stream)).revision;
}

/**
 * Asks until there is an answer: what showed that something is missing is not told again where nothing else happens. `null`: it
 * is refused.
 */
async function afterTrouble<T>(ask: () => Promise<T>): Promise<T | null> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof api.ApiError) || !error.passing) return null;
      await new Promise((resolve) => setTimeout(resolve, Math.max(PAUSE_MS, error.retryAfterMs ?? 0)));
    }
  }
  return null;
}
