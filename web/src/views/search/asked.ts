/** What somebody searches for: the words of the field and the filters of the pills, as an address has them. */

export const HAS = ['file', 'image', 'link'] as const;
export const IS = ['saved', 'thread'] as const;
export type Has = (typeof HAS)[number];
export type Is = (typeof IS)[number];
export type Tab = 'messages' | 'files' | 'people';

export interface Asked {
  /** What stands in the field. */
  readonly words: string;
  /** The ids of people, and of channels. */
  readonly from: readonly number[];
  readonly in: readonly number[];
  /** The moments with which days begin: then or later, and before then. */
  readonly after: string | null;
  readonly before: string | null;
  readonly has: readonly Has[];
  readonly is: readonly Is[];
  readonly mentions: boolean;
  readonly order: 'newest' | 'best';
  readonly tab: Tab;
  /** One of the words is enough. */
  readonly any: boolean;
}

/** A filter: what a pill says. */
export type Filter =
  | { readonly kind: 'from' | 'in'; readonly id: number }
  | { readonly kind: 'after' | 'before'; readonly day: string }
  | { readonly kind: 'has'; readonly what: Has }
  | { readonly kind: 'is'; readonly what: Is }
  | { readonly kind: 'mentions' };

export const NOTHING: Asked = {
  words: '',
  from: [],
  in: [],
  after: null,
  before: null,
  has: [],
  is: [],
  mentions: false,
  order: 'newest',
  tab: 'messages',
  any: false,
};

/** What an address asks for, by what stands behind its `?`. */
export function askedOf(query: string): Asked {
  const given = new URLSearchParams(query);
  const ids = (name: string): number[] =>
    given
      .getAll(name)
      .map(Number)
      .filter((id) => Number.isSafeInteger(id) && id > 0);
  const [kind, order] = [given.get('kind'), given.get('order')];
  return {
    words: given.get('q') ?? '',
    from: ids('from'),
    in: ids('in'),
    after: given.get('after'),
    before: given.get('before'),
    has: HAS.filter((what) => given.getAll('has').includes(what)),
    is: IS.filter((what) => given.getAll('is').includes(what)),
    mentions: given.get('mentions') === 'me',
    order: order === 'best' ? order : 'newest',
    tab: kind === 'files' || kind === 'people' ? kind : 'messages',
    any: given.get('match') === 'any',
  };
}

/** What stands behind the `?` of its address; empty when nothing is asked. */
export function queryOf(asked: Asked): string {
  const given = new URLSearchParams();
  const words = asked.words.trim();
  if (words !== '') given.set('q', words);
  for (const id of asked.from) given.append('from', String(id));
  for (const id of asked.in) given.append('in', String(id));
  if (asked.after !== null) given.set('after', asked.after);
  if (asked.before !== null) given.set('before', asked.before);
  for (const what of asked.has) given.append('has', what);
  for (const what of asked.is) given.append('is', what);
  if (asked.mentions) given.set('mentions', 'me');
  if (asked.order !== 'newest') given.set('order', asked.order);
  if (asked.tab !== 'messages') given.set('kind', asked.tab);
  if (asked.any) given.set('match', 'any');
  const query = given.toString();
  return query === '' ? '' : `?${query}`;
}

/** How many filters are on. */
export function filters({ from, in: places, after, before, has, is, mentions }: Asked): number {
  return (
    from.length +
    places.length +
    has.length +
    is.length +
    [after, before].filter((day) => day !== null).length +
    Number(mentions)
  );
}

export function isEmpty(asked: Asked): boolean {
  return asked.words.trim() === '' && filters(asked) === 0;
}

/** With a filter more. Of two days of one kind the later holds. */
export function withFilter(asked: Asked, filter: Filter): Asked {
  switch (filter.kind) {
    case 'from':
    case 'in':
      return { ...asked, [filter.kind]: [...asked[filter.kind].filter((id) => id !== filter.id), filter.id] };
    case 'after':
    case 'before':
      return { ...asked, [filter.kind]: filter.day };
    case 'has':
      return { ...asked, has: HAS.filter((what) => what === filter.what || asked.has.includes(what)) };
    case 'is':
      return { ...asked, is: IS.filter((what) => what === filter.what || asked.is.includes(what)) };
    case 'mentions':
      return { ...asked, mentions: true };
  }
}

export function withoutFilter(asked: Asked, filter: Filter): Asked {
  switch (filter.kind) {
    case 'from':
    case 'in':
      return { ...asked, [filter.kind]: asked[filter.kind].filter((id) => id !== filter.id) };
    case 'after':
    case 'before':
      return { ...asked, [filter.kind]: null };
    case 'has':
      return { ...asked, has: asked.has.filter((what) => what !== filter.what) };
    case 'is':
      return { ...asked, is: asked.is.filter((what) => what !== filter.what) };
    case 'mentions':
      return { ...asked, mentions: false };
  }
}

/** With no filter; the words stay. */
export function withoutFilters(asked: Asked): Asked {
  return { ...NOTHING, words: asked.words, order: asked.order, tab: asked.tab };
}
