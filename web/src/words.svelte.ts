/** The catalogue in the language of the moment; views that read it follow a change. */
import {
  countTranslator,
  partTranslator,
  translator,
  type Catalogue,
  type Language,
  type Translate,
  type TranslateCount,
  type TranslatePart,
} from './i18n';

export class Words {
  language: Language = $state('en');
  readonly #t: Translate = $derived(translator(this.language));
  readonly #count: TranslateCount = $derived(countTranslator(this.language));

  get t(): Translate {
    return this.#t;
  }

  /** The sentences of a part that is loaded later. */
  part<E extends Readonly<Record<string, string>>>(catalogue: Catalogue<E>): TranslatePart<E> {
    return partTranslator(catalogue, this.language);
  }

  /** A sentence that hangs on a number. */
  get count(): TranslateCount {
    return this.#count;
  }
}
