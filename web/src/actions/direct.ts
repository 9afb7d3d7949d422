/** What a person can do with direct conversations. */
import * as api from '../api';
import { routeOf } from '../route';
import type { Channel } from '../wire';
import { attempt, explain, patiently, type Core } from './core';
import type { Navigator } from './navigate';

/** The most people of a direct conversation, oneself among them. */
export const MOST_PEOPLE = 8;

export class DirectActions {
  constructor(private readonly core: Core & { readonly navigator: Navigator }) {}

  /** Opens the conversation with these people; one that is known is shown at once. Returns why it did not work, or null. */
  async open(people: readonly number[]): Promise<string | null> {
    const known = this.#known(people);
    if (known !== undefined) this.core.navigator.go(routeOf(known));
    if (known?.hidden === false) return null;
    try {
      const opened = await patiently(this.core, () => api.openDirect(people));
      this.core.state.channels.merge(opened);
      if (known === undefined) this.core.navigator.go(routeOf(opened));
      return null;
    } catch (error) {
      return explain(this.core, error);
    }
  }

  /** Hides a conversation until somebody writes in it. */
  async hide(id: number): Promise<void> {
    const { state, words } = this.core;
    const hidden = await attempt(this.core, () => api.hideDirect(id, true));
    if (hidden === undefined) return;
    state.channels.merge(hidden);
    if (state.shownChannel?.id === id) this.core.navigator.go({ kind: 'channels' });
    state.flashes.show('ok', words.t('direct.hidden'), {
      label: words.t('chat.rejoin'),
      run: () => void this.#showAgain(id),
    });
  }

  async #showAgain(id: number): Promise<void> {
    const shown = await attempt(this.core, () => api.hideDirect(id, false));
    if (shown === undefined) return;
    this.core.state.channels.merge(shown);
    this.core.navigator.go(routeOf(shown));
  }

  #known(people: readonly number[]): Channel | undefined {
    const { channels, session } = this.core.state;
    const wanted = new Set([...people, session.me?.id ?? 0]);
    return channels.list.find(
      ({ people: theirs = [], kind, member }) =>
        kind === 'direct' && member && theirs.length === wanted.size && theirs.every(({ id }) => wanted.has(id)),
    );
  }
}
