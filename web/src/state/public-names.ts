/** The public channels of a list, and their names in lines. No name holds a line break. */
import type { Channel } from '../wire';

export function isPublic({ kind }: Channel): boolean {
  return kind === 'public';
}

export function publicNames(list: readonly Channel[]): string {
  return list
    .filter(isPublic)
    .map(({ name }) => name)
    .join('\n');
}
