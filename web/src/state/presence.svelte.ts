/** Who is here among the people on the screen, and who is typing, as the server told last. Nothing of it is kept. */
import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { LiveEvents, User } from '../wire';
import { placeOf, type Place } from './place';

export type Presence = 'here' | 'away' | 'offline';

/** Somebody who is typing. */
export interface Typist {
  readonly user: User;
  readonly place: Place;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** What somebody said of typing lasts so long. */
export const TYPING_LASTS_MS = 6_000;

export class PresenceState {
  readonly #told = new SvelteMap<number, 'here' | 'away'>();
  /** Whom the server was asked about. Of others nothing is known. */
  readonly #asked = new SvelteSet<number>();
  #typists: readonly Typist[] = $state.raw([]);

  /** How somebody is; `null` when it is not known. */
  of(id: number): Presence | null {
    return this.#told.get(id) ?? (this.#asked.has(id) ? 'offline' : null);
  }

  /** Who is typing in a channel or a thread, in the order in which they began. */
  typing(place: Place): readonly User[] {
    return this.#typists.filter((one) => one.place === place).map(({ user }) => user);
  }

  /** The server answered about these people: whoever it did not name is offline. */
  answered(ids: readonly number[]): void {
    const asked = new Set(ids);
    for (const id of [...this.#asked]) if (!asked.has(id)) this.#asked.delete(id);
    for (const id of ids) this.#asked.add(id);
  }

  take({ whole = false, here = [], away = [], gone = [] }: LiveEvents['presence']): void {
    const named = new Set([...here, ...away]);
    if (whole) for (const id of [...this.#told.keys()]) if (!named.has(id)) this.#told.delete(id);
    for (const id of gone) this.#told.delete(id);
    for (const id of here) this.#told.set(id, 'here');
    for (const id of away) this.#told.set(id, 'away');
  }

  isTyping({ channel, thread, user }: LiveEvents['typing']): void {
    const place = placeOf(channel, thread);
    const timer = setTimeout(() => this.stopped(place, user.id), TYPING_LASTS_MS);
    const at = this.#typists.findIndex((one) => one.place === place && one.user.id === user.id);
    const now = { place, user, timer };
    if (at < 0) this.#typists = [...this.#typists, now];
    else {
      clearTimeout(this.#typists[at]?.timer);
      this.#typists = this.#typists.with(at, now);
    }
  }

  /** Somebody does not type any more: their message is there, or they said nothing for a while. */
  stopped(place: Place, user: number): void {
    const isMeant = (one: Typist): boolean => one.place === place && one.user.id === user;
    for (const { timer } of this.#typists.filter(isMeant)) clearTimeout(timer);
    this.#typists = this.#typists.filter((one) => !isMeant(one));
  }

  /** Forgets everything: nothing is heard any more. */
  clear(): void {
    this.#told.clear();
    this.#asked.clear();
    for (const { timer } of this.#typists) clearTimeout(timer);
    this.#typists = [];
  }
}
