/** What the list under the search field offers for the word at the caret. */
import type { App } from '../../app';
import { directory } from '../../directory-api';
import { people } from '../../people-api';
import { find, ranked, type Hit, type Parts, type Readable } from '../../text/finding';
import type { Channel, ListedChannel, User } from '../../wire';
import { named } from '../finding/named';
import { channelIcon } from '../parts/channel-icon';
import { HAS, IS, type Filter } from './asked';
import { beginningOf, dayBefore, isDay } from './days';
import { kindsIn, VALUES, wordIn, type Kind, type TypedWord } from './filter-words';

/** What is done when an option is picked: the word becomes a filter, or the beginning of one. */
export type Choosing =
  | { readonly filter: Filter; readonly name: string | null }
  | { readonly begin: string }
  /** All that is typed is looked for as it is. */
  | { readonly search: true };

export interface Suggestion {
  readonly key: string;
  readonly picture: { readonly user: User } | { readonly icon: string } | null;
  readonly name: Parts;
  readonly why: Parts;
  /** The name is a word that is typed. */
  readonly code?: boolean;
  readonly pick: Choosing;
}

export interface SuggestionGroup {
  readonly title: string;
  readonly options: readonly Suggestion[];
}

/** More than this nobody reads. */
const MOST = 6;
/** Fewer letters begin too much. */
const LEAST_LETTERS = 2;

/** What may be meant by the word; `text` is all that is typed. */
export async function suggest(app: App, word: TypedWord | null, text: string): Promise<readonly SuggestionGroup[]> {
  if (word === null) return text.trim() === '' ? [kinds(app, '')] : [];
  if (word.kind === null) return word.letters.length < LEAST_LETTERS ? [] : [kinds(app, word.letters)];
  const options = await values(app, word.kind, word.letters);
  const { t } = app.words;
  const whole: Suggestion = {
    key: 'whole',
    picture: { icon: 'search' },
    name: [t('search.asWords', { text: text.trim() })],
    why: [],
    pick: { search: true },
  };
  const found: readonly SuggestionGroup[] = [
    { title: t(`search.group.${word.kind}`), options },
    { title: t('search.or'), options: word.letters === '' ? [] : [whole] },
  ];
  return found.filter((group) => group.options.length > 0);
}

/** The filters that letters begin; all of them without letters. */
function kinds(app: App, letters: string): SuggestionGroup {
  const { t, language } = app.words;
  const all = kindsIn(language);
  const begun = find(all, letters).filter(({ rank }) => rank < MOST_RANK);
  const options = begun.map(({ item, name, reading }): Suggestion => ({
    key: item.kind,
    picture: null,
    name: [...name.slice(0, -1), `${name.at(-1) ?? ''}:`],
    why: reading.length > 0 ? reading : [t(`search.what.${item.kind}`)],
    code: true,
    pick: { begin: `${item.name}:` },
  }));
  return { title: t('search.narrow'), options };
}
/** What is found behind the first word of a name, or inside of one, is no beginning. */
const MOST_RANK = 100;

async function values(app: App, kind: Kind, letters: string): Promise<readonly Suggestion[]> {
  switch (kind) {
    case 'from':
      return from(app, letters);
    case 'in':
      return inside(app, letters);
    case 'before':
    case 'after':
      return days(app, kind, letters);
    case 'has':
      return coded(app, letters, HAS, (what) => ({ kind: 'has', what }));
    case 'is':
      return coded(app, letters, IS, (what) => ({ kind: 'is', what }));
    case 'mentions':
      return coded(app, letters, ['me'], () => ({ kind: 'mentions' }));
  }
}

async function from(app: App, letters: string): Promise<readonly Suggestion[]> {
  const { me } = app.state.session;
  const found = await people(letters).catch(() => ({ people: [] }));
  const myself = find([{ ...wordIn(VALUES.me, app.words.language) }], letters).filter(
    () => me !== null && letters !== '',
  );
  const people_ = ranked(found.people, letters).map(({ item, name, reading }): Suggestion => ({
    key: String(item.id),
    picture: { user: item },
    name,
    why: reading,
    pick: { filter: { kind: 'from', id: item.id }, name: item.name },
  }));
  const own = myself.map(({ name, reading }): Suggestion => ({
    key: 'me',
    picture: me === null ? null : { user: me },
    name,
    why: reading,
    pick: { filter: { kind: 'from', id: me?.id ?? 0 }, name: me?.name ?? null },
  }));
  return [...own, ...people_].slice(0, MOST);
}

async function inside(app: App, letters: string): Promise<readonly Suggestion[]> {
  const { channels } = app.state;
  type Target = Readable & { readonly id: number } & (
      { readonly channel: Channel } | { readonly channel: Pick<ListedChannel, 'posting'> & { kind: 'public' } }
    );
  const here = channels.joined.map((channel): Target => ({ ...named(app, channel), id: channel.id, channel }));
  const listed =
    letters === ''
      ? []
      : await directory({ letters, limit: MOST }).then(
          (page) => page.channels,
          () => [],
        );
  const others = listed
    .filter(({ id }) => !here.some((one) => one.id === id))
    .map((one): Target => ({ ...one, channel: { posting: one.posting, kind: 'public' } }));
  return find([...here, ...others], letters)
    .slice(0, MOST)
    .map(({ item, name, reading }: Hit<Target>) => ({
      key: String(item.id),
      picture: { icon: channelIcon(item.channel) },
      name,
      why: reading,
      pick: { filter: { kind: 'in', id: item.id }, name: item.name },
    }));
}

function days(app: App, kind: 'before' | 'after', letters: string): readonly Suggestion[] {
  const { t } = app.words;
  const named: readonly (Readable & { readonly day: string })[] = [
    { name: t('search.today'), reading: 'jin tian', day: dayBefore(0) },
    { name: t('search.yesterday'), reading: 'zuo tian', day: dayBefore(1) },
    { name: t('search.week'), reading: 'yi zhou qian', day: dayBefore(7) },
    { name: t('search.month'), reading: 'yi ge yue qian', day: dayBefore(30) },
  ];
  const typed = isDay(letters) ? [{ name: letters, day: letters }] : [];
  return [...typed, ...find(named, letters).map(({ item }) => item)].map(({ name, day }) => ({
    key: `${name} ${day}`,
    picture: { icon: 'calendar' },
    name: [name],
    why: name === day ? [] : [day],
    pick: { filter: { kind, day: beginningOf(day) }, name: null },
  }));
}

function coded<Code extends keyof typeof VALUES>(
  app: App,
  letters: string,
  codes: readonly Code[],
  filter: (code: Code) => Filter,
): readonly Suggestion[] {
  const all = codes.map((code) => ({ ...wordIn(VALUES[code], app.words.language), code }));
  // What is typed in the other language is found too.
  const found = find(all, letters);
  const other = codes.filter(
    (code) =>
      letters !== '' && [VALUES[code].en, VALUES[code].zh.name].some((word) => word.startsWith(letters.toLowerCase())),
  );
  const more = all.filter(({ code }) => other.includes(code) && !found.some(({ item }) => item.code === code));
  return [...found, ...ranked(more, letters)].map(({ item, name, reading }) => ({
    key: item.code,
    picture: null,
    name,
    why: reading,
    code: true,
    pick: { filter: filter(item.code), name: null },
  }));
}
