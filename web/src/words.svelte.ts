/** The catalogue in the language of the moment; views that read it follow a change. */
import { countTranslator, translator, type Language, type Translate, type TranslateCount } from './i18n';

export class Words {
  language: Language = $state('en');
  readonly #t: Translate = $derived(translator(this.language));
  readonly #count: TranslateCount = $derived(countTranslator(this.language));

  get t(): Translate {
    return this.#t;
  }

  /** A sentence that hangs on a number. */
  get count(): TranslateCount {
    return this.#count;
  }
}
