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
export { default as RemoveDialog } from './order/RemoveDialog.svelte';
export { default as ReportDialog } from './order/ReportDialog.svelte';
export { default as WhyDialog } from './order/WhyDialog.svelte';
export { default as KeysDialog } from './shell/KeysDialog.svelte';
export { default as LeaveDialog } from './shell/LeaveDialog.svelte';
export { default as Switcher } from './shell/Switcher.svelte';
export { default as UnsentDialog } from './shell/UnsentDialog.svelte';
export { default as PersonCard } from './people/PersonCard.svelte';
export { default as StatusDialog } from './people/StatusDialog.svelte';
export { default as AskDialog } from './place/AskDialog.svelte';
