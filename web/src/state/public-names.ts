/** The names of the public channels of a list, in lines. No name holds a line break. */
import type { Channel } from '../wire';

export function publicNames(list: readonly Channel[]): string {
  const open = list.filter(({ kind }) => kind === 'public');
  return open.map(({ name }) => name).join('\n');
}
