/**
 * The dialogs that the first message does not need. They are one script, which is loaded as soon as the page is shown, so that
 * it is there before somebody opens one, also without a network.
 */
import '../i18n/later';

export { default as DeleteDialog } from './chat/DeleteDialog.svelte';
export { default as Lightbox } from './chat/Lightbox.svelte';
export { default as MembersDialog } from './chat/MembersDialog.svelte';
export { default as Sheet } from './chat/Sheet.svelte';
export { default as TopicDialog } from './chat/TopicDialog.svelte';
export { DirectActions } from '../actions/direct';
export { default as Beginning } from './direct/Beginning.svelte';
export { default as Conversations } from './direct/Conversations.svelte';
export { default as DirectDialog } from './direct/DirectDialog.svelte';
export { default as KeysDialog } from './shell/KeysDialog.svelte';
export { default as LeaveDialog } from './shell/LeaveDialog.svelte';
export { default as Switcher } from './shell/Switcher.svelte';
export { default as UnsentDialog } from './shell/UnsentDialog.svelte';
