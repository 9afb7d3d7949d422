/** Navigation: the address, the browser's history, and what has to be loaded for a page. */
import * as api from '../api';
import { Layers } from '../layers';
import { addressOf, jumpOf, parseRoute, routeOf, type Route } from '../route';
import { unread } from '../state/channels.svelte';
import type { MessageRun } from '../state/messages.svelte';
import type { Channel, MessagePage, Page } from '../wire';
import { explain, type Core } from './core';

/** How many messages before the wanted one are loaded with it. */
const BEFORE_JUMP = 50;

export class Navigator {
  /** Counts navigations, so that a late answer for an earlier one is not shown. */
  #visit = 0;
  /** The address of the page that is shown. */
  #address = '';
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
    if (address !== this.#address) this.layers.leave(address);
    this.#address = address;
    this.#enter(place);
  }

  /** Follows a link if it leads to a page of the app. Returns whether it does. */
  follow(href: string): boolean {
    const url = new URL(href, location.origin);
    const route = parseRoute(url.pathname, url.search);
    if (url.origin !== location.origin || url.hash !== '') return false;
    const ours = /^\/(?:channels?|c|settings|saved|login)?(?:\/|$)/.test(url.pathname);
    if (ours) this.go(route, route.kind === 'home' ? null : url.pathname + url.search);
    return ours;
  }

  /** The channel that is shown has another address by now: it was renamed, or made public or private. */
  readdress(channel: Channel): void {
    const { view } = this.core.state;
    view.route = routeOf(channel);
    this.#address = addressOf(view.route);
    this.layers.readdress(this.#address);
  }

  /** Loads the present page again. */
  retry(): void {
    this.#enter(this.core.state.view.route);
  }

  /** The browser went back or forward: to another page, or only from under a layer. */
  #moved(): void {
    if (this.#address === here()) return;
    this.#address = here();
    this.#enter(parseRoute(location.pathname, location.search));
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
    state.view.route = routeOf(channel, number);
    this.#fill(state.windows.open(channel.id), page.messages);
    this.#mark(channel, page.read_number);
    state.session.setLastChannel(channel.id);
    if (number !== null) void this.#jump(channel, number, this.#visit);
  }

  #show(route: Route): void {
    this.#visit += 1;
    const { view } = this.core.state;
    view.route = route;
    view.missing = null;
    view.trouble = null;
  }

  #enter(route: Route): void {
    if (this.core.state.session.me === null && route.kind !== 'sign_in') {
      return this.#show({ kind: 'sign_in', next: addressOf(route) });
    }
    this.#show(route);
    if (route.kind === 'home') this.go(route);
    const number = jumpOf(route);
    if (number !== undefined) void this.#enterChannel(route, number, this.#visit);
  }

  async #enterChannel(route: Route, number: number | null, visit: number): Promise<void> {
    const channel = this.core.state.channels.at(route);
    if (channel === undefined) return this.#find(route, visit);
    this.#mark(channel, channel.read_number);
    const run = this.core.state.windows.open(channel.id);
    this.core.state.session.setLastChannel(channel.id);
    const visited = api.visit(channel.id).then((answer) => this.core.state.channels.merge(answer));
    // Both fail when the network does; one of them is enough to act upon.
    visited.catch(() => undefined);
    try {
      if (!run.loaded) {
        const page = await api.messages(channel.id);
        if (!run.loaded) this.#fill(run, page);
      }
      if (number !== null) await this.#jump(channel, number, visit);
      await visited;
    } catch (error) {
      this.#trouble(error, visit);
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

  /** Brings a message into view, loading its surroundings when they are not there. */
  async #jump(channel: Channel, number: number, visit: number): Promise<void> {
    const { state, words } = this.core;
    if (number <= channel.floor) {
      // A page that was just loaded has not all sentences yet.
      await import('../i18n/later');
      return state.flashes.show('info', words.t('clear.notKept'));
    }
    const run = state.windows.open(channel.id);
    if (!run.rows.some((row) => row.number === number)) {
      const page = await api.messages(channel.id, { after: Math.max(0, number - BEFORE_JUMP) });
      if (page.messages.length === 0) return;
      this.#fill(run, page);
    }
    if (visit === this.#visit) state.view.jumpTo(channel.id, number);
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

function here(): string {
  return location.pathname + location.search;
}
