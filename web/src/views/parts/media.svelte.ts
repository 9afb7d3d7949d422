/** What kind of screen it is, for the few things that CSS alone cannot do. */
import { MediaQuery } from 'svelte/reactivity';

/** Fingers, no mouse. */
export const touch = new MediaQuery('(pointer: coarse)', false);
/** One pane with a drawer: menus come up as sheets. */
export const phone = new MediaQuery('(max-width: 47.99rem)', false);
/** One pane with a drawer, or fingers: actions come up as a sheet. */
export const sheets = new MediaQuery('(pointer: coarse), (max-width: 47.99rem)', false);

/** ⌘ on Apple's, Ctrl elsewhere. */
export const commandKey = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl+';
