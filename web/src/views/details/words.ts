/** The words of these views: they come with their script, and not with the first message. */
import { fill, type Language } from '../../i18n';
import { en, type Key } from '../../i18n/details/en';
import { zh } from '../../i18n/details/zh';

export type DetailKey = Key;
export type Say = (key: Key, params?: Readonly<Record<string, string | number>>) => string;

export function detailWords(language: Language): Say {
  const catalogue: Readonly<Record<Key, string>> = language === 'zh' ? zh : en;
  return (key, params) => fill(catalogue[key], params);
}
