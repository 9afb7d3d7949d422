/** The sentence of a line, in pieces: what is said, and the names and texts in it. */
import type { Line, LinePassage } from '../../wire';
import type { Words } from '../../words.svelte';

/** A piece of a sentence. A name stands out, and so does what was typed; a message is led to. */
export interface Piece {
  readonly text: string;
  readonly is: 'words' | 'name' | 'typed' | 'message';
}

/** From so many people on, a line shows two of them until it is unfolded. */
export const FOLDS_FROM = 3;

type Say = Pick<Words, 't' | 'count'>;
type NameOf = (passage: Pick<LinePassage, 'user'>) => string;
type Parts = Readonly<Record<string, Piece>>;

const ICONS: Readonly<Record<Line['kind'], string>> = {
  members: 'users',
  renamed: 'edit',
  topic: 'quote',
  host: 'shield',
  no_host: 'shield',
  slow: 'slow',
  archived: 'archive',
  brought_back: 'archive',
  made_private: 'lock',
  made_public: 'hash',
  cleared: 'eraser',
  exported: 'download',
  pinned: 'pin',
};

export const iconOf = (line: Line): string => ICONS[line.kind];

/** What a line says. `by` is the name of whoever did it, `nameOf` a person's of now. */
export function sentenceOf(line: Line, by: string, { t, count }: Say, nameOf: NameOf): readonly Piece[] {
  const { kind, from = '', to = '', people = [] } = line;
  const parts: Parts = {
    name: name(by),
    from: typed(kind === 'renamed' ? `#${from}` : from),
    to: typed(kind === 'renamed' && from !== '' ? `#${to}` : to),
    a: name(people[0] === undefined ? '' : nameOf(people[0])),
  };
  const say = (text: string): readonly Piece[] => pieces(text, parts);
  switch (kind) {
    case 'members':
      return members(people, { t, count }, nameOf);
    case 'renamed':
      if (to === '') return say(t('line.unnamed', { name: '{name}' }));
      if (from === '') return say(t('line.named', { name: '{name}', to: '{to}' }));
      return say(t('line.renamed', { name: '{name}', from: '{from}', to: '{to}' }));
    case 'topic':
      if (to === '') return say(t('line.topicGone', { name: '{name}' }));
      return say(t('line.topic', { name: '{name}', to: '{to}' }));
    case 'host':
      return say(t('line.host', { name: '{name}', a: '{a}' }));
    case 'no_host':
      return say(t('line.noHost', { name: '{name}', a: '{a}' }));
    case 'slow':
      return say(to === '0' ? t('line.slowOff', { name: '{name}' }) : t('line.slow', { name: '{name}', to }));
    case 'archived':
      return say(t('line.archived', { name: '{name}' }));
    case 'brought_back':
      return say(t('line.broughtBack', { name: '{name}' }));
    case 'made_private':
      return say(t('line.madePrivate', { name: '{name}' }));
    case 'made_public':
      return say(t('line.madePublic', { name: '{name}' }));
    case 'cleared':
      return say(t('line.cleared', { name: '{name}' }));
    case 'pinned':
      return pieces(t('line.pinned', { name: '{name}', message: '{message}' }), {
        ...parts,
        message: { text: t('line.aMessage'), is: 'message' },
      });
    case 'exported':
      return say(t('line.exported', { name: '{name}' }));
  }
}

/** What one person of a line did. */
export function stepOf(
  { joined, by, ...passage }: LinePassage,
  { t }: Pick<Say, 't'>,
  nameOf: NameOf,
): readonly Piece[] {
  const parts = { a: name(nameOf(passage)), by: name(by === undefined ? '' : nameOf({ user: by })) };
  if (!joined) return pieces(t('line.left', { a: '{a}' }), parts);
  return pieces(by === undefined ? t('line.joined', { a: '{a}' }) : t('line.added', { a: '{a}', by: '{by}' }), parts);
}

/** Who joined and who left: two by name, the others as a number. */
function members(people: readonly LinePassage[], { t, count }: Say, nameOf: NameOf): readonly Piece[] {
  const [only, ...rest] = people;
  if (only !== undefined && rest.length === 0) return stepOf(only, { t }, nameOf);
  const joined = people.filter((person) => person.joined).map(nameOf);
  const left = people.filter((person) => !person.joined).map(nameOf);
  const two = (names: readonly string[]): Parts => ({ a: name(names[0] ?? ''), b: name(names[1] ?? '') });
  const [a, b] = ['{a}', '{b}'];
  if (joined.length === 0) {
    return pieces(left.length === 2 ? t('line.leftTwo', { a, b }) : count('line.leftMore', left.length - 2), two(left));
  }
  if (joined.length === 1 && left.length === 1) {
    return pieces(t('line.joinedLeft', { a, b }), two([...joined, ...left]));
  }
  const came = [t('line.joined', { a }), t('line.joinedTwo', { a, b })][joined.length - 1];
  const text = came ?? count('line.joinedMore', joined.length - 2);
  return pieces(left.length === 0 ? text : t('line.alsoLeft', { joined: text, count: left.length }), two(joined));
}

const name = (text: string): Piece => ({ text, is: 'name' });
const typed = (text: string): Piece => ({ text, is: 'typed' });

/** Takes a sentence apart at its placeholders. */
function pieces(text: string, parts: Parts): readonly Piece[] {
  return text
    .split(/(\{\w+\})/)
    .filter((part) => part !== '')
    .map((part) => (part.startsWith('{') && parts[part.slice(1, -1)]) || { text: part, is: 'words' });
}
