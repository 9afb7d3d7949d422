/** People who are not in the channel in which they were looked for: whoever calls them is told so. */
import { SvelteMap } from 'svelte/reactivity';
import type { Callable, User } from '../../wire';
import { isCalled } from './in-text';

/** So many are remembered; beyond that the oldest is forgotten. */
const MOST = 50;

export class Outsiders {
  /** By the channel and the person. */
  readonly #known = new SvelteMap<string, { readonly channel: number; readonly user: User }>();

  /** They were found, in the channel or not. */
  met(channel: number, people: readonly Callable[]): void {
    for (const person of people) {
      if (person.inside) this.#known.delete(`${channel}:${person.id}`);
      else this.#known.set(`${channel}:${person.id}`, { channel, user: person });
    }
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST && oldest !== undefined) this.#known.delete(oldest);
  }

  /** They are in the channel now. */
  came(channel: number, people: readonly User[]): void {
    for (const { id } of people) this.#known.delete(`${channel}:${id}`);
  }

  /** Those whom a text for the channel calls. */
  calledIn(channel: number, text: string): readonly User[] {
    if (!text.includes('@')) return [];
    const here = [...this.#known.values()].filter((one) => one.channel === channel);
    return here.map(({ user }) => user).filter(({ name }) => isCalled(text, [name]));
  }
}

/** Those whom this page met. */
export const outsiders = new Outsiders();
