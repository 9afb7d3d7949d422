/** What emoji are called. It is known once their data was loaded for something else: nothing loads it only for a name. */
import type { Language } from '../i18n';

type Names = Readonly<Record<Language, string>>;

interface Named {
  readonly char: string;
  readonly label: string;
  readonly otherLabel: string;
}

let names: ReadonlyMap<string, Names> = $state.raw(new Map());

/** Takes the names of all emoji, in the language of their labels and in the other one. */
export function noteNames({ language, all }: { readonly language: Language; readonly all: readonly Named[] }): void {
  names = new Map(
    all.map(({ char, label, otherLabel }): [string, Names] => [
      char,
      language === 'en' ? { en: label, zh: otherLabel } : { en: otherLabel, zh: label },
    ]),
  );
}

/** The name of an emoji. One in a skin tone has none of its own here. */
export function nameOf(emoji: string, language: Language): string | undefined {
  const name = names.get(emoji)?.[language];
  return name === undefined ? undefined : name.charAt(0).toUpperCase() + name.slice(1);
}
