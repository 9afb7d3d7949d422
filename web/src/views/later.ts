/** The views that come in scripts of their own. */
import { Lazy } from './parts/lazy.svelte';

export const dialogs = new Lazy(() => import('./dialogs'));
/** The pane beside a channel, and what its hosts do. */
export const details = new Lazy(() => import('./details'));
export const settings = new Lazy(() => import('./settings/SettingsPage.svelte'));
