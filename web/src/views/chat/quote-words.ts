/** What a quote says: the name of now, and the beginning of the original or what stands in its place. */
import type { App } from '../../app';
import type { User } from '../../wire';
import { hueOf } from '../parts/people';
import type { RowQuote } from './rows';

export interface QuoteWords {
  /** `null` when nothing of the original is shown. */
  readonly author: User | null;
  readonly text: string;
  /** The colour of the author. */
  readonly hue: number | 'own' | undefined;
}

export function quoteWords({ state, words: { t } }: App, { original, elsewhere }: RowQuote): QuoteWords {
  if (original === undefined) return standIn(t(elsewhere === true ? 'quote.earlier' : 'quote.cleared'));
  if (original.deleted_at !== undefined)
    return standIn(t(original.removed === true ? 'message.removed' : 'quote.deleted'));
  const author = state.person(original.author);
  // Whoever is set aside is read when the reader wants it, at its place.
  if (state.session.asideOf(author.id) !== null) return standIn(t('message.folded', { name: author.name }));
  const hue = author.id === state.session.me?.id ? 'own' : hueOf(author.id);
  return { author, text: original.file ?? original.beginning, hue };
}

function standIn(text: string): QuoteWords {
  return { author: null, text, hue: undefined };
}
