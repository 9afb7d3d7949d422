/** Whether a message calls somebody: by their name, or with everybody in the channel. Nobody calls themselves. */
import type { Message } from '../wire';

export function callsReader({ mentions, author, deleted_at }: Message, me: number | undefined): boolean {
  if (mentions === undefined || deleted_at !== null || author.id === me) return false;
  return mentions.some(({ user }) => user === undefined || user === me);
}
