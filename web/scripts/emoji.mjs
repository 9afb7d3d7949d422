/**
 * The data of the emoji picker, cut out of `emojibase-data` while the app is built: for each language of the interface one
 * file, which the app fetches when the picker opens or somebody types `:`. `src/emoji/data.ts` says what stands in it.
 *
 * `import address from 'emoji:en'` gives the address of the English one, by the hash of what it holds.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { pinyin } from 'pinyin-pro';

const PREFIX = 'emoji:';
const LANGUAGES = ['en', 'zh'];
/** The categories in their order: smileys, people, nature, food, activities, travel, objects, symbols, flags. */
const GROUPS = [0, 1, 3, 4, 6, 5, 7, 8, 9];
/** Emoji of later versions are shown only where the browser can draw them. */
const OLD_VERSION = 13;
const VARIATION = '\ufe0f';
const WRITTEN = fileURLToPath(new URL('../node_modules/.emoji/', import.meta.url));

const require = createRequire(import.meta.url);
const read = (path) => JSON.parse(readFileSync(require.resolve(`emojibase-data/${path}.json`), 'utf8'));

/** What one file holds. */
export function cut(language) {
  const [own, other] = language === 'en' ? ['en', 'zh'] : ['zh', 'en'];
  const labels = new Map(read(`${other}/data`).map(({ hexcode, label }) => [hexcode, label]));
  const [codes, moreCodes] = [read('en/shortcodes/github'), read('en/shortcodes/emojibase')];
  const all = read(`${own}/data`).sort((a, b) => a.order - b.order);
  const groups = GROUPS.map((group) =>
    all
      .filter((emoji) => emoji.group === group)
      .map(({ emoji, hexcode, label, tags = [], skins, version }) => {
        const names = [codes[hexcode] ?? moreCodes[hexcode]].flat();
        const otherLabel = labels.get(hexcode);
        const said = `${label} ${otherLabel} ${names.join(' ')}`.toLowerCase();
        const english = own === 'en' ? label : otherLabel;
        const row = [
          qualified(emoji),
          names.join(' ') === english.replaceAll(' ', '_') ? '' : names.join(' '),
          label,
          otherLabel,
          tags.filter((tag) => !said.includes(tag)).join('|'),
          skins === undefined ? 0 : 1,
        ];
        return version > OLD_VERSION ? [...row, version] : row;
      }),
  );
  return {
    groups,
    readings: readings(groups.flat().flatMap(([, , label, otherLabel, tags]) => [label, otherLabel, tags])),
  };
}

/** The form that Unicode recommends: what is a picture by itself needs no sign that says so. */
function qualified(emoji) {
  const alone = emoji.endsWith(VARIATION) ? emoji.slice(0, -VARIATION.length) : emoji;
  return /^\p{Emoji_Presentation}$/u.test(alone) ? alone : emoji;
}

/** Each syllable of Pinyin with the characters that are read so somewhere in the texts; ü is typed as v or as u. */
function readings(texts) {
  const bySyllable = new Map();
  for (const text of texts) {
    const characters = [...text];
    const spelled = pinyin(text, { toneType: 'none', type: 'array', nonZh: 'spaced', v: true });
    if (spelled.length !== characters.length) throw new Error(`The reading of “${text}” does not fit its characters.`);
    for (const [at, character] of characters.entries()) {
      if (!/\p{Script=Han}/u.test(character)) continue;
      const syllable = spelled[at];
      for (const typed of syllable.includes('v') ? [syllable, syllable.replace('v', 'u')] : [syllable]) {
        if (!bySyllable.has(typed)) bySyllable.set(typed, new Set());
        bySyllable.get(typed).add(character);
      }
    }
  }
  // The first reading of a character is the one that is shown: v before u.
  const order = ([syllable]) => (syllable.includes('v') ? `0${syllable}` : syllable);
  return Object.fromEntries(
    [...bySyllable]
      .sort((a, b) => (order(a) < order(b) ? -1 : 1))
      .map(([syllable, characters]) => [syllable, [...characters].join('')]),
  );
}

/** The plugin of Vite that makes the files and gives their addresses. */
export function emojiFiles() {
  return {
    name: 'emoji-files',
    enforce: 'pre',
    resolveId(source) {
      const language = source.startsWith(PREFIX) ? source.slice(PREFIX.length) : '';
      if (!LANGUAGES.includes(language)) return undefined;
      const file = `${WRITTEN}emoji.${language}.json`;
      mkdirSync(WRITTEN, { recursive: true });
      writeFileSync(file, JSON.stringify(cut(language)));
      return `${file}?url&no-inline`;
    },
  };
}
