/** The public channels of a list, and their names in lines. No name holds a line break. */
import type { Channel } from '../wire';

export const isPublic = ({ kind }: Channel): boolean => kind === 'public';

export function publicNames(list: readonly Channel[]): string {
  const open = list.filter(isPublic);
  return open.map(({ name }) => name).join('\n');
}
