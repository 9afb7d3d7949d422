/** How much was found of what, as a sentence. */
import type { SearchPage } from '../../wire';
import type { Words } from '../../words.svelte';

interface About {
  readonly kind: 'messages' | 'files';
  /** The only channel that is searched. */
  readonly place: string | null;
  /** One of the words is enough. */
  readonly any: boolean;
}

/** In parts, of which every second is a word that was looked for. */
export function told({ t, count: counted }: Words, page: SearchPage, { kind, place, any }: About): readonly string[] {
  const count = counted(kind === 'files' ? 'search.foundFiles' : 'search.found', page.count).replace(
    /[\d,]+/,
    (digits) => digits + (page.is_more ? '+' : ''),
  );
  if (kind === 'files') return [count];
  const words = page.query.words.map((word) => `\0${word}\0`).join(t(any ? 'search.anyOf' : 'search.and'));
  if (place === null) return (words === '' ? count : t('search.with', { count, words })).split('\0');
  return (words === '' ? t('search.in.only', { count, place }) : t('search.in.with', { count, place, words })).split(
    '\0',
  );
}

/** A number as it stands beside the name of a tab. */
export function numberOf({ language }: Words, { count, is_more }: SearchPage): string {
  return `${new Intl.NumberFormat(language).format(count)}${is_more ? '+' : ''}`;
}
