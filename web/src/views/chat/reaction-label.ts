/** How a reaction is read out: by the name of its emoji and the number of people. */
import type { App } from '../../app';
import { nameOf } from '../../emoji/names.svelte';
import type { Reaction } from '../../wire';
import { QUICK } from './quick-emoji';

/** Nothing where the name is not known: then the emoji is its own label, as a button shows it. */
export function reactionLabel({ words }: Pick<App, 'words'>, { emoji, count }: Reaction): string | undefined {
  const quick = QUICK.find(([char]) => char === emoji)?.[1];
  const name = quick === undefined ? nameOf(emoji, words.language) : words.t(quick);
  return name === undefined ? undefined : words.t('message.reaction', { name, count });
}
