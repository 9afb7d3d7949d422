/** The entry: takes the state from the page and mounts the app. */
import { mount } from 'svelte';
import { state as fetchState } from './api';
import { App } from './app';
import './css/index.css';
import { handOver } from './handover';
import { parseRoute } from './route';
import type { BrowserStore } from './state/browser-store';
import type { State } from './wire';
import Root from './views/Root.svelte';

/** What the server put into the page. */
function embedded(): State | null {
  const text = document.querySelector('#state')?.textContent;
  return text === undefined || text === null ? null : (JSON.parse(text) as State);
}

/** The development server puts no state into the page, so it is fetched. */
function asked(): Promise<State> {
  const route = parseRoute(location.pathname, location.search);
  return fetchState(route);
}

/** The browser may forbid its storage. */
function storage(): BrowserStore | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

function begin(state: State): void {
  const target = document.querySelector('#app');
  if (target === null) return;
  const app = new App(storage());
  app.start(state);
  mount(Root, { target, props: { app } });
  const view = document.querySelector<HTMLElement>('#first');
  if (view !== null) handOver(view, target, app.state);
}

const state = embedded();
if (state !== null) begin(state);
else void asked().then(begin);
