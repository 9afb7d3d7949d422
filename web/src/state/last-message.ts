/** What a list knows of a channel's newest message, after a change. */
import type { Channel, Message, MessageSummary } from '../wire';

/** A change of a channel's content, as an event or an answer tells it. */
export interface Change {
  readonly since: number;
  readonly revision: number;
  readonly message: Message;
  /** With a deletion, the newest message that is left; `undefined` where that is not known. */
  readonly last_message?: MessageSummary | null | undefined;
}

/** The newest message that is left. */
export function lastAfter(known: Channel, { message, last_message }: Change): MessageSummary | null {
  if (last_message !== undefined) return last_message;
  if (message.deleted_at !== null || message.number < known.last_number) return known.last_message;
  const { number, created_at } = message;
  return { number, created_at };
}
