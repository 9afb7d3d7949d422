/** What stands beside a channel and in place of its composer, with the dialogs of its hosts: one script, loaded when the page is shown. */
import './details.css';

export { default as CreateForm } from './CreateForm.svelte';
export { default as DetailsPane } from './DetailsPane.svelte';
export { default as Shut } from './Shut.svelte';
export { default as SlowNote } from './SlowNote.svelte';
export { default as TopicDialog } from './TopicDialog.svelte';
