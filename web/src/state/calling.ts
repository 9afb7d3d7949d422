/** Whom a message calls. Nobody calls themselves. */
import type { Message } from '../wire';
import { isAside } from './aside';

/** Whether a message stands in somebody's Activity: in a thread alone, everybody are its followers, who find it there. */
export function standsInActivity(message: Message, me: number | undefined): boolean {
  return !isAside(message) || message.mentions?.some(({ user }) => user === me) === true;
}

/** Whether a message calls somebody: by their name, or with everybody in the channel. */
export function callsReader({ mentions, author, deleted_at }: Message, me: number | undefined): boolean {
  if (mentions === undefined || deleted_at !== null || author.id === me) return false;
  return mentions.some(({ user }) => user === undefined || user === me);
}
