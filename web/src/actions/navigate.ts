/** Navigation: the address, the browser's history, and what has to be loaded for a page. */
import * as api from '../api';
import { Layers } from '../layers';
import { addressOf, jumpOf, parseRoute, routeOf, threadOf, threadRoute, type Route } from '../route';
import { unread } from '../state/counting';
import type { MessageRun } from '../state/messages.svelte';
import type { Channel, Message, MessagePage, Page } from '../wire';
import { explain, type Core } from './core';

/** How many messages before the wanted one are loaded with it. */
const BEFORE_JUMP = 50;
/** Of so many addresses it is known where somebody was there. */
const MOST_PLACES = 100;

export class Navigator {
  /** Counts navigations, so that a late answer for an earlier one is not shown. */
  #visit = 0;
  /** The address of the page that is shown. */
  #address = '';
  /** The address of a thread was put over that of its channel: the step back leads there. */
  #overChannel = false;
  /** Where the reader was when they left an address. The latest stands last. */
  readonly #places = new Map<string, Place>();
  /** What lies over the page, as steps of the history. */
  readonly layers = new Layers(window, () => this.#moved());

  constructor(private readonly core: Core) {}

  /** Follows the browser's back and forward. */
  listen(): void {
    this.#address = here();
    this.layers.listen();
  }

  /** Shows the first page, with the content that the server embedded. */
  begin(page: Page): void {
    const route = parseRoute(location.pathname, location.search);
    if (page.kind === 'sign_in') return this.#show({ kind: 'sign_in', next: page.next });
    if (route.kind === 'sign_in' || route.kind === 'home') return this.arrive({ kind: 'home' }, page);
    this.#settle(route, page);
  }

  /** Shows the page to come to after signing in. Home is the channel visited last, or the list of channels. */
  arrive(route: Route, page: Page): void {
    const place = route.kind === 'home' ? this.#home() : route;
    this.#address = addressOf(place);
    history.replaceState(null, '', this.#address);
    this.#settle(place, page);
  }

  /** Goes to a route, as a new step of the history. `exact` is the address to show, if it is another than the route's. */
  go(route: Route, exact: string | null = null): void {
    const place = route.kind === 'home' ? this.#home() : route;
    const address = exact ?? addressOf(place);
    if (address !== this.#address) {
      this.#notePlace();
      this.layers.leave(address);
    }
    this.#address = address;
    this.#overChannel = false;
    this.#enter(place);
  }

  /** Opens the search, from a channel in that channel. */
  search(channel?: Channel): void {
    this.go({ kind: 'search', query: channel === undefined ? '' : `?in=${channel.id}` });
  }

  /** Opens the thread of a message beside its channel, as a step of the history. */
  openThread(channel: Channel, root: number): void {
    const { shownChannel, view } = this.core.state;
    const over = shownChannel?.id === channel.id && view.thread === null;
    this.go(threadRoute(channel, root));
    this.#overChannel = over;
  }

  /** Closes the thread; the channel stays as it is. */
  closeThread(): void {
    const { shownChannel, view } = this.core.state;
    if (view.thread === null) return;
    view.thread = null;
    if (this.#overChannel) history.back();
    else if (shownChannel !== undefined) this.readdress(shownChannel);
  }

  /** Follows a link if it leads to a page of the app. Returns whether it does. */
  follow(href: string): boolean {
    const url = new URL(href, location.origin);
    const route = parseRoute(url.pathname, url.search);
    if (url.origin !== location.origin || url.hash !== '') return false;
    const ours = /^\/(?:channels?|c|settings|activity|saved|threads|search|login)?(?:\/|$)/.test(url.pathname);
    const [root, channel] = [threadOf(route), this.core.state.channels.at(route)];
    if (root !== null && channel !== undefined) this.openThread(channel, root);
    else if (ours) this.go(route, route.kind === 'home' ? null : url.pathname + url.search);
    return ours;
  }

  /** The channel that is shown has another address by now: it was renamed, or made public or private. */
  readdress(channel: Channel): void {
    const { thread } = this.core.state.view;
    this.correct(thread === null ? routeOf(channel) : threadRoute(channel, thread.root));
  }

  /** The page that is shown has another address, in the same step of the history. */
  correct(route: Route): void {
    this.core.state.view.route = route;
    this.#address = addressOf(route);
    this.layers.readdress(this.#address);
  }

  /** Loads the present page again. */
  retry(): void {
    this.#enter(this.core.state.view.route);
  }

  /** The browser went back or forward: to another page, or only from under a layer. */
  #moved(): void {
    if (this.#address === here()) return;
    this.#notePlace();
    this.#address = here();
    this.#overChannel = false;
    this.#enter(parseRoute(location.pathname, location.search), this.#places.get(this.#address), true);
  }

  /** Notes where the reader is, for the way back to the present address. */
  #notePlace(): void {
    const { shownChannel, windows } = this.core.state;
    const run = windows.find(shownChannel?.id ?? 0);
    if (run?.loaded !== true) return;
    this.#places.delete(this.#address);
    this.#places.set(this.#address, { number: run.reading, offset: run.readingFrom });
    for (const oldest of this.#places.keys()) {
      if (this.#places.size <= MOST_PLACES) break;
      this.#places.delete(oldest);
    }
  }

  #home(): Route {
    const { session, channels } = this.core.state;
    const last = channels.find(session.me?.last_channel ?? 0);
    return last === undefined ? { kind: 'channels' } : routeOf(last);
  }

  /** Shows a route whose content is already here. */
  #settle(route: Route, page: Page): void {
    const { state } = this.core;
    if (page.kind === 'missing_channel') {
      this.#show(route);
      state.view.missing = page.name;
      return;
    }
    const number = jumpOf(route);
    if (page.kind !== 'channel' || number === undefined) return this.#enter(route);
    this.#show(route);
    const channel = state.channels.find(page.channel);
    if (channel === undefined) return this.#enter(route);
    // The address may spell the name differently, or be an old one.
    const root = threadOf(route);
    state.view.route = root === null ? routeOf(channel, number) : threadRoute(channel, root);
    this.#fill(state.windows.open(channel.id), page.messages);
    this.#mark(channel, page.read_number);
    state.session.setLastChannel(channel.id);
    if (root !== null) this.#showThread(channel, root, Number(/^#m(\d+)$/.exec(location.hash)?.[1] ?? 0) || null);
    if (number !== null) void this.#jump(channel, number, this.#visit, root !== null).catch(() => undefined);
  }

  #show(route: Route): void {
    this.#visit += 1;
    const { view } = this.core.state;
    view.route = route;
    view.missing = null;
    view.trouble = null;
    view.thread = null;
  }

  /** `place` is where the reader was at that address before, if they come back to it by a step of the history. */
  #enter(route: Route, place?: Place, stepped = false): void {
    if (this.core.state.session.me === null && route.kind !== 'sign_in') {
      return this.#show({ kind: 'sign_in', next: addressOf(route) });
    }
    const before = this.core.state.shownChannel?.id;
    const aside = this.core.state.view.thread !== null || threadOf(this.core.state.view.route) !== null;
    this.#show(route);
    if (route.kind === 'home') this.go(route);
    const number = jumpOf(route);
    if (number !== undefined)
      void this.#enterChannel(route, number, { visit: this.#visit, before, place, closed: aside && stepped });
  }

  async #enterChannel(route: Route, number: number | null, from: From): Promise<void> {
    const { visit } = from;
    const channel = this.core.state.channels.at(route);
    if (channel === undefined) return this.#find(route, visit);
    const stays = from.before === channel.id;
    const root = threadOf(route);
    if (root !== null) this.#showThread(channel, root, null);
    // A thread came or went beside a channel, which stays as it is.
    if (stays && (root !== null || from.closed) && this.core.state.windows.find(channel.id)?.loaded === true) return;
    // Whoever goes from one message to another, or back, is in the channel all the time.
    if (!stays || (number === null && from.place === undefined)) this.#mark(channel, channel.read_number);
    const run = this.core.state.windows.open(channel.id);
    this.core.state.session.setLastChannel(channel.id);
    const visited = api.visit(channel.id).then((answer) => this.core.state.channels.merge(answer));
    // Both fail when the network does; one of them is enough to act upon.
    visited.catch(() => undefined);
    try {
      if (number !== null) await this.#jump(channel, number, visit, root !== null);
      else if (!run.loaded) {
        const page = await api.messages(channel.id);
        if (!run.loaded) this.#fill(run, page);
      } else if (stays && from.place !== undefined) await this.#goBack(run, from.place, visit);
      await visited;
    } catch (error) {
      // What is shown stays, so the reader is told beside it.
      if (number !== null && run.loaded) this.core.state.flashes.show('bad', explain(this.core, error));
      else this.#trouble(error, visit);
    }
  }

  /** Asks the server for a channel that is not here: the person is not in it, it is spelt differently, or does not exist. */
  async #find(route: Route, visit: number): Promise<void> {
    try {
      const found = await api.found(route);
      if (visit !== this.#visit) return;
      this.core.state.channels.mergeAll(found.others, found);
      this.#settle(this.core.state.view.route, found.page);
    } catch (error) {
      this.#trouble(error, visit);
    }
  }

  /**
   * Brings a message into view and marks it, loading its surroundings when they are not there. `aside`: its thread is shown beside,
   * so that it is not marked. A reply that is in a thread alone is shown in its thread.
   */
  async #jump(channel: Channel, number: number, visit: number, aside: boolean): Promise<void> {
    const { state, words } = this.core;
    const run = state.windows.open(channel.id);
    if (number > channel.floor && !holds(run.rows, number)) {
      const page = await this.#around(channel.id, number);
      if (visit !== this.#visit) return;
      if (number > page.last_number) return void (state.view.missing = '');
      // What is missing in its place was cleared meanwhile.
      if (holds(page.messages, number)) this.#fill(run, page);
    }
    if (holds(run.rows, number)) return state.view.jumpTo(channel.id, number, aside ? 'middle' : 'found');
    if (!aside && number > channel.floor) {
      const thread = await api.thread(channel.id, number, { limit: 1 }).catch(() => null);
      if (visit !== this.#visit) return;
      if (thread !== null) return this.#leadTo(channel, thread.number, number);
    }
    if (!run.loaded) this.#fill(run, await api.messages(channel.id));
    state.flashes.show('info', words.t('clear.notKept'));
  }

  /** The address named a reply: it becomes that of the thread. */
  async #leadTo(channel: Channel, root: number, reply: number): Promise<void> {
    this.#showThread(channel, root, reply);
    this.readdress(channel);
    const run = this.core.state.windows.open(channel.id);
    if (!run.loaded) this.#fill(run, await api.messages(channel.id));
  }

  #showThread(channel: Channel, root: number, reply: number | null): void {
    this.core.state.view.thread = { channel: channel.id, root, reply };
  }

  /** The reader comes back to an address of the channel that is shown: to where they were. */
  async #goBack(run: MessageRun, { number, offset }: Place, visit: number): Promise<void> {
    if (number !== null && !holds(run.rows, number)) {
      const page = await this.#around(run.channel, number);
      if (visit !== this.#visit || !holds(page.messages, number)) return;
      this.#fill(run, page);
    }
    this.core.state.view.jumpTo(run.channel, number, 'top', offset);
  }

  #around(channel: number, number: number): Promise<MessagePage> {
    return api.messages(channel, { after: Math.max(0, number - BEFORE_JUMP) });
  }

  /** A run begins with a page, which may be older than what the list says of the channel. */
  #fill(run: MessageRun, page: MessagePage): void {
    run.replace(page);
    const { channels } = this.core.state;
    channels.onRevision(run.channel, channels.revision(run.channel) ?? 0);
  }

  #mark(channel: Channel, read: number): void {
    const { view } = this.core.state;
    // Nothing counts as unread for somebody who is not a member.
    view.newLine = unread(channel) > 0 ? { channel: channel.id, after: read } : null;
  }

  #trouble(error: unknown, visit: number): void {
    const reason = explain(this.core, error);
    if (visit === this.#visit) this.core.state.view.trouble = reason;
  }
}

/** Where a reader was: at the top of the view, or with `null` at the newest message. */
interface Place {
  readonly number: number | null;
  readonly offset: number;
}

/** How a channel is come to. */
interface From {
  readonly visit: number;
  /** The channel that was shown before. */
  readonly before: number | undefined;
  readonly place: Place | undefined;
  /** A step of the history closed the thread beside it. */
  readonly closed: boolean;
}

function holds(rows: readonly Message[], number: number): boolean {
  return rows.some((row) => row.number === number);
}

function here(): string {
  return location.pathname + location.search;
}
