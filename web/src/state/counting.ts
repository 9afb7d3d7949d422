/** How a message that was posted, changed or deleted changes how much is unread above a mark. */
import type { Message } from '../wire';
import type { Counts } from './seen';

/** So many unread messages stand for "that many and more". */
export const MANY_UNREAD = 1_000;

export interface Told {
  readonly message: Message;
  readonly isNew: boolean;
  /** Whether the reader wrote it, or is called by it. */
  readonly own: boolean;
  readonly calls: boolean;
}

export function countedWith({ unread, mentions }: Counts, mark: number, { message, isNew, own, calls }: Told): Counts {
  if (own || message.number <= mark) return { unread, mentions };
  const by = message.deleted_at === null ? Number(isNew) : -Number(!isNew && message.line === undefined);
  return {
    // More than can be counted stays so, until the server says otherwise.
    unread: unread >= MANY_UNREAD ? unread : Math.max(0, unread + by),
    mentions: isNew && calls ? Math.min(mentions + 1, MANY_UNREAD) : mentions,
  };
}
