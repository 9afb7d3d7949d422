/** Emoji behind `:`, by their codes, by words, or by Pinyin. `:ship:` becomes its emoji with its second colon. */
import type { App } from '../../app';
import { loadEmoji, type Emoji } from '../../emoji/data';
import { isDrawn } from '../../emoji/drawn';
import { byCode, findEmoji, type FoundEmoji } from '../../emoji/find';
import { withTone } from '../../emoji/tones';
import type { Option, Source } from '../completing/source';
import { rememberedEmoji } from './remembered';

const MOST = 8;
/** A single letter behind a colon is a face, such as `:D`. */
const LETTERS = /^(?:[\p{L}\p{N}_+-]{2,}:?|\p{Script=Han}+)$/u;

export function emojiSource(app: App): Source {
  const remembered = rememberedEmoji(app);

  function option(emoji: Emoji, said: Pick<Option, 'name' | 'why'>): Option {
    const text = emoji.hasTones ? withTone(emoji.char, remembered.tone) : emoji.char;
    return { key: emoji.char, picture: { emoji: text }, ...said, text, onpick: () => remembered.picked(emoji.char) };
  }

  return {
    sign: ':',
    fits: (letters) => LETTERS.test(letters),
    find: async (letters) => {
      const { language, t } = app.words;
      const found = findEmoji(await loadEmoji(language), letters).filter(({ emoji }) => isDrawn(emoji));
      const options = found.slice(0, MOST).map((one) => option(one.emoji, said(one, language === 'en')));
      const query = letters.replace(/:$/, '');
      return options.length === 0 ? [] : [{ title: t('emoji.for', { query }), options }];
    },
    whole: async (letters) => {
      if (!letters.endsWith(':')) return undefined;
      const emoji = byCode(await loadEmoji(app.words.language), letters.slice(0, -1));
      return emoji === undefined ? undefined : option(emoji, { name: [], why: [] });
    },
  };
}

/** In English the code is the name and the other language stands beside it; in Chinese the name comes before the code. */
function said({ emoji, by, parts }: FoundEmoji, english: boolean): Pick<Option, 'name' | 'why'> {
  const [code] = emoji.codes;
  const written = by === 'code' ? around(parts) : [`:${code}:`];
  if (english) {
    if (by === 'code') return { name: written, why: [emoji.otherLabel] };
    return { name: written, why: parts };
  }
  if (by === 'label') return { name: parts, why: written };
  if (by === 'code') return { name: [emoji.label], why: written };
  return { name: [emoji.label], why: [...parts.slice(0, -1), `${parts.at(-1) ?? ''} · :${code}:`] };
}

/** A code with its colons. */
function around(parts: readonly string[]): string[] {
  return parts.map((part, at) => (at === 0 ? ':' : '') + part + (at === parts.length - 1 ? ':' : ''));
}
