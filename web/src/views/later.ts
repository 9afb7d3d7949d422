/** The views that come in scripts of their own. */
import { Lazy } from './parts/lazy.svelte';

export const dialogs = new Lazy(() => import('./dialogs'));
export const place = new Lazy(() => import('./place/PlacePage.svelte'));
export const settings = new Lazy(() => import('./settings/SettingsPage.svelte'));
export const search = new Lazy(() => import('./search'));
