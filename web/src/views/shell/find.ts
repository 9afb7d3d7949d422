/** Finding channels by a few letters of their name. */
import { typedName } from '../channels/typed-name';

export interface Hit<T> {
  readonly item: T;
  /** The parts of the name; every second one, beginning with the second, is what was typed. */
  readonly parts: readonly string[];
}

/** Channels whose name contains the query, the ones that begin with it first. */
export function find<T extends { readonly name: string }>(items: readonly T[], query: string): Hit<T>[] {
  const wanted = fold(typedName(query));
  if (wanted === '') return items.map((item) => ({ item, parts: [item.name] }));
  const found = items.flatMap((item) => {
    const at = fold(item.name).indexOf(wanted);
    return at < 0 ? [] : [{ item, at }];
  });
  found.sort((a, b) => Number(a.at > 0) - Number(b.at > 0));
  return found.map(({ item, at }) => ({ item, parts: cut(item.name, at, wanted.length) }));
}

/** Lower case, as long as that keeps the length, so that places in it are places in the name. */
function fold(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text;
}

function cut(name: string, at: number, length: number): string[] {
  return [name.slice(0, at), name.slice(at, at + length), name.slice(at + length)];
}
