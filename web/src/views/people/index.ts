/** What is shown about one person: one script, which is loaded when it is wanted. */
export { default as PersonCard } from './PersonCard.svelte';
export { default as StatusDialog } from './StatusDialog.svelte';
