/**
 * What this window says of its person and what it asks about others: whether they are here, whom it shows, which channel and
 * which thread are open, and that they are typing. After each reconnection it says everything again.
 */
import type { PresenceState } from './state/presence.svelte';
import { channelOf, placeOf, rootOf, type Place } from './state/place';
import type { Events, LiveEvents } from './wire';

/** Whoever has not moved for this long is away. */
export const IDLE_AFTER_MS = 10 * 60_000;
/** How often is looked whether that is so. */
const LOOK_EVERY_MS = 10_000;
/** What changes together is said together: a list that is scrolled, a page that is changed. */
const GATHER_MS = 300;
/** The server takes as many. */
export const MOST_WATCHED = 240;
/** Typing is said at most so often. */
const TYPING_EVERY_MS = 3_000;
/** The pause after the server took something as too frequent, or could not take it. */
const AGAIN_AFTER_MS = 5_000;
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart', 'scroll'] as const;

interface Said {
  state: 'here' | 'away';
  watch: readonly number[];
  /** The channel, or the thread beside it. */
  open: Place;
}

/** The way to the server. */
export interface Talk {
  readonly connected: boolean;
  on(name: string, heard: (event: unknown) => void): unknown;
  off(name: string, heard: (event: unknown) => void): unknown;
  emit(name: string, what: unknown, answered?: (answer: { ok: boolean; code?: string }) => void): unknown;
}

export class PresenceLine {
  /** How often each person is on the screen. The latest ones count first. */
  readonly #shown = new Map<number, number>();
  /** Lists of people who are counted, whether or not they are on the screen. */
  readonly #counted = new Set<readonly number[]>();
  #said: Partial<Said> = {};
  #open: Place = 0;
  #movedAt = Date.now();
  #typedAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** `null` while there is no way to the server: what is on the screen is noted all the same, and said when it begins. */
  #talk: Talk | null = null;

  constructor(private readonly state: PresenceState) {}

  /** Begins; returns what ends it. */
  start(talk: Talk): () => void {
    this.#talk = talk;
    const ended = new AbortController();
    const { signal } = ended;
    const heard: [string, (event: unknown) => void][] = [
      ['connect', () => this.#sayAgain()],
      ['disconnect', () => clearTimeout(this.#timer)],
      ['presence', (event) => this.state.take(event as LiveEvents['presence'])],
      ['typing', (event) => this.state.isTyping(event as LiveEvents['typing'])],
      [
        'message',
        (event) => {
          const { type, message } = event as Events['message'];
          if (type === 'posted') this.state.stopped(placeOf(message.channel, message.root), message.author.id);
        },
      ],
    ];
    for (const [name, hear] of heard) talk.on(name, hear);
    for (const sign of SIGNS) addEventListener(sign, () => this.#moved(), { signal, capture: true, passive: true });
    document.addEventListener('visibilitychange', () => this.#changed(), { signal });
    const looking = setInterval(() => this.#changed(), LOOK_EVERY_MS);
    if (talk.connected) this.#sayAgain();
    return () => {
      this.#talk = null;
      for (const [name, hear] of heard) talk.off(name, hear);
      ended.abort();
      clearInterval(looking);
      clearTimeout(this.#timer);
      this.state.clear();
    };
  }

  /** Somebody is on the screen until the answer is called. */
  shows(id: number): () => void {
    const count = this.#shown.get(id) ?? 0;
    this.#shown.delete(id);
    this.#shown.set(id, count + 1);
    this.#gather();
    return () => {
      const left = (this.#shown.get(id) ?? 1) - 1;
      if (left > 0) this.#shown.set(id, left);
      else this.#shown.delete(id);
      this.#gather();
    };
  }

  /** These people are counted until the answer is called. */
  counts(ids: readonly number[]): () => void {
    this.#counted.add(ids);
    this.#gather();
    return () => {
      this.#counted.delete(ids);
      this.#gather();
    };
  }

  /** The channel on the page, or the thread beside it; 0 when there is none. */
  opens(place: Place): void {
    this.#open = place;
    this.#gather();
  }

  /** The person is typing in the channel on the page, or in the thread beside it. */
  types(place: Place): void {
    const now = performance.now();
    if (this.#talk?.connected !== true || now - this.#typedAt < TYPING_EVERY_MS) return;
    this.#typedAt = now;
    this.#talk.emit('typing', { channel: channelOf(place), ...threadIn(place) });
  }

  #moved(): void {
    this.#movedAt = Date.now();
    if (this.#said.state === 'away') this.#changed();
  }

  #now(): Said {
    const isHere = !document.hidden && Date.now() - this.#movedAt < IDLE_AFTER_MS;
    const shown = [...this.#shown.keys()].reverse();
    const watch = [...new Set([...shown, ...[...this.#counted].flat()])].slice(0, MOST_WATCHED);
    return { state: isHere ? 'here' : 'away', watch: watch.sort((a, b) => a - b), open: this.#open };
  }

  #sayAgain(): void {
    this.#said = {};
    this.#say();
  }

  #changed(): void {
    if (this.#now().state !== this.#said.state) this.#say();
  }

  #gather(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#say(), GATHER_MS);
  }

  #say(): void {
    if (this.#talk?.connected !== true) return;
    const now = this.#now();
    const news: { state?: Said['state']; watch?: readonly number[]; open?: number; thread?: number } = {};
    if (now.state !== this.#said.state) news.state = now.state;
    if (now.open !== (this.#said.open ?? 0)) Object.assign(news, { open: channelOf(now.open), ...threadIn(now.open) });
    if (now.watch.join() !== (this.#said.watch ?? []).join()) news.watch = now.watch;
    if (Object.keys(news).length === 0) return;
    this.#said = now;
    this.#talk.emit('presence', news, ({ ok, code }) => {
      if (ok && news.watch !== undefined) this.state.answered(news.watch);
      if (code !== 'too_many' && code !== 'unavailable') return;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#sayAgain(), AGAIN_AFTER_MS);
    });
  }
}

function threadIn(place: Place): { thread?: number } {
  const thread = rootOf(place);
  return thread === null ? {} : { thread };
}
