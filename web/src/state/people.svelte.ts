/**
 * Who has which name now. Rows and answers carry a name as it was when they were read; one that changed since is told once,
 * in the place's stream, and holds for all of them.
 */
import { SvelteMap } from 'svelte/reactivity';
import type { User } from '../wire';

interface Named {
  readonly name: string;
  /** The place's revision as of which it is the name. */
  readonly revision: number;
}

export class People {
  /** Those who took a name, a first or another one, since the state was loaded. */
  readonly #named = new SvelteMap<number, Named>();

  /** Somebody's name, as of a revision of the place; of two the later one holds. */
  apply({ id, name }: User, revision: number): void {
    if ((this.#named.get(id)?.revision ?? 0) <= revision) this.#named.set(id, { name, revision });
  }

  /** The name of somebody who was read under another one. */
  nameOf({ id, name }: User): string {
    return this.#named.get(id)?.name ?? name;
  }

  clear(): void {
    this.#named.clear();
  }
}
