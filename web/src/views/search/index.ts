/** The search, as a script of its own: it is loaded when somebody searches. */
import '../../i18n/later';
import './search.css';

export { default } from './SearchPage.svelte';
