/** How views get the app: by Svelte's context, typed. */
import { getContext, setContext } from 'svelte';
import type { App } from '../app';

const KEY = Symbol('app');

export function provideApp(app: App): void {
  setContext(KEY, app);
}

export function useApp(): App {
  return getContext<App>(KEY);
}
