/**
 * One browser of a person with the whole app, over a line of its own. It begins anew when the app wants to, as a page that is
 * loaded again, and signs in again when its session was ended.
 */
import * as api from '../../src/api';
import { App } from '../../src/app';
import { Directory } from '../../src/views/channels/directory.svelte';
import type { Channel } from '../../src/wire';
import { pause, type Chance } from '../random';
import { signInAgain } from './person';
import { Proxy } from './proxy';
import { line } from './surroundings';

export class Browser {
  app = new App(null);
  /** What the app reached for when it wanted to begin anew, and is not done yet. */
  #beginning: Promise<void> | null = null;

  constructor(
    readonly server: string,
    readonly name: string,
    /** The id of the person. */
    readonly id: number,
    readonly proxy: Proxy,
    readonly chance: Chance,
    /** What the person is called now: they know it, and sign in by it. */
    private readonly calledNow: () => Promise<string>,
    /** Public channels that are there from the beginning. */
    readonly listed: readonly { readonly id: number; readonly name: string }[],
    /** The letters that an open page of the directory looks for: what other histories make beside this one goes on changing. */
    private readonly letters: string,
  ) {
    proxy.reload = () => {
      this.#beginning ??= this.#begin().finally(() => (this.#beginning = null));
    };
  }

  /** A page of the directory, as it is now. */
  async directory(): Promise<Directory> {
    const page = new Directory(this.app);
    page.order = 'name';
    page.letters = this.letters;
    await page.load();
    return page;
  }

  as<T>(work: () => Promise<T> | T): Promise<T> {
    return line.run(this.proxy, async () => work());
  }

  get channels(): readonly Channel[] {
    return this.app.state.channels.list;
  }

  /** Loads the page, after the one that is being loaded. Somebody whose session was ended signs in again first. */
  async begin(): Promise<void> {
    if (this.#beginning === null) this.proxy.reload();
    await this.#beginning;
  }

  /** Whether the app can be used: it is loaded, and somebody is signed in. */
  get ready(): boolean {
    return this.#beginning === null && this.app.state.session.me !== null;
  }

  async #begin(): Promise<void> {
    this.app.stop();
    let first = await patiently(() => api.state(null));
    while (first.me === null) {
      const cookie = await signInAgain(this.server, await this.calledNow(), this.proxy.cookie);
      if (cookie !== null) this.proxy.cookie = cookie;
      await pause(50);
      first = await patiently(() => api.state(null));
    }
    this.app = new App(null);
    this.app.start(first);
  }

  close(): void {
    this.app.stop();
    this.proxy.close();
  }
}

/** Asks until there is an answer. */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof api.ApiError) || !error.passing) throw error;
      await pause(50);
    }
  }
  throw new Error('no answer, however often it was tried');
}
