/**
 * Who looks how now: their name and picture. Rows and answers carry both as they were when they were read; what changed since
 * is told once, in the place's stream, and holds for all of them.
 */
import { SvelteMap } from 'svelte/reactivity';
import type { User } from '../wire';

interface Known {
  readonly user: User;
  /** The place's revision as of which they look like that. */
  readonly revision: number;
}

export class People {
  /** Those who are new, or of whom something changed, since the state was loaded. */
  /** The server says in English who was here and whose data is removed; the page says it in its language. */
  chinese = $state(false);
  readonly #known = new SvelteMap<number, Known>();

  /** How somebody looks, as of a revision of the place; of two the later one holds. */
  apply(user: User, revision: number): void {
    if ((this.#known.get(user.id)?.revision ?? 0) <= revision) this.#known.set(user.id, { user, revision });
  }

  /** Somebody as they look now, who was read as they looked then. */
  now(read: User): User {
    const user = this.#known.get(read.id)?.user ?? read;
    const former = this.chinese && /^Former member (\d+)$/.exec(user.name);
    return former ? { ...user, name: `前成员 ${former[1]}` } : user;
  }

  /** The revision with which somebody changed last since the state was loaded: a card is asked for again with each. */
  changedAt(id: number): number {
    return this.#known.get(id)?.revision ?? 0;
  }

  clear(): void {
    this.#known.clear();
  }
}
