/** People behind `@`: who wrote last in the channel first, then its other members, then others; and everybody at once. */
import type { App } from '../../app';
import { callable } from '../../callable-api';
import { nameOf } from '../../names';
import { callsEverybody } from '../../state/rights';
import { ranked, type Hit } from '../../text/finding';
import type { Callable, Channel } from '../../wire';
import type { Group, Option, Source } from '../completing/source';
import type { Outsiders } from './outsiders.svelte';

/** No name has more words that are worth looking for: what comes behind is the rest of the sentence. */
const LETTERS = /^(?:[^\s@]+(?: [^\s@]+){0,2})?$/u;
const MOST_LETTERS = 40;
/** What is typed for everybody in Chinese. */
const CHINESE = '所有人';
const READING = 'suoyouren';

export function peopleSource(app: App, channelOf: () => Channel, outsiders: Outsiders): Source {
  /** What found nobody: more letters find nobody either. */
  let nobody: string | null = null;

  async function people(channel: Channel, letters: string): Promise<readonly Callable[]> {
    if (nobody !== null && letters.startsWith(nobody)) return [];
    const found = await callable(channel.id, letters);
    nobody = found.people.length === 0 && letters !== '' ? letters : null;
    outsiders.met(channel.id, found.people);
    return found.people;
  }

  function option({ item, name, reading }: Hit<Callable>): Option {
    return {
      key: String(item.id),
      picture: { user: item },
      name,
      why: reading.length > 0 ? reading : [''],
      text: `@${item.name} `,
    };
  }

  /** Who wrote last comes first, as the server has it, however they were found. */
  function hits(found: readonly Callable[], letters: string, inside: boolean): Option[] {
    return found
      .filter((person) => person.inside === inside)
      .flatMap((person) => ranked([person], letters).map(option));
  }

  return {
    sign: '@',
    isNoPunctuation: true,
    whileComposing: true,
    fits: (letters) => letters.length <= MOST_LETTERS && LETTERS.test(letters),
    find: async (letters) => {
      const channel = channelOf();
      const { t } = app.words;
      const found = await people(channel, letters);
      const inside = hits(found, letters, true);
      const outside = hits(found, letters, false);
      const all = everybody(app, channel, letters);
      const isAll = all !== undefined && all.typed;
      const first = all === undefined ? inside : isAll ? [all.option, ...inside] : [...inside, all.option];
      const title = channel.kind === 'direct' ? t('calling.here') : t('calling.people', { name: nameOf(app, channel) });
      const groups: Group[] = [
        { title, options: first },
        { title: t('calling.others'), options: outside },
      ];
      return groups.filter(({ options }) => options.length > 0);
    },
  };
}

/** The call of everybody, if the letters begin it and the reader may; `typed` when they are all of it. */
function everybody(
  { words, state }: App,
  channel: Channel,
  letters: string,
): { readonly option: Option; readonly typed: boolean } | undefined {
  const others = channel.member_count - 1;
  const { me, workspace } = state.session;
  if (others < 2 || !callsEverybody(me, channel, workspace.callers)) return undefined;
  const typed = letters.toLowerCase();
  const isHan = letters !== '' && CHINESE.startsWith(letters);
  const isRead = words.language === 'zh' && READING.startsWith(typed);
  if (!isHan && !isRead && !'all'.startsWith(typed)) return undefined;
  const name = isHan || words.language === 'zh' ? CHINESE : 'all';
  const parts = name.startsWith(letters) && letters !== '' ? ['', letters, name.slice(letters.length)] : [name];
  const why = [words.t('calling.tells', { count: others })];
  const option: Option = { key: 'all', picture: { icon: 'mega' }, name: parts, why, text: `@${name} ` };
  return { option, typed: typed === 'all' || letters === CHINESE };
}
