/** The reactions of a message: kinds of emoji in the order in which they came, each with its number of people. */
import type { Message, Reaction } from '../wire';

/** Whether the reader put this emoji to it. */
export function isMine({ reactions = [] }: Message, emoji: string): boolean {
  return reactions.some((one) => one.emoji === emoji && one.mine);
}

/** The message with one kind as it is now. A new kind comes last, and one that nobody has any more goes. */
export function withReaction(message: Message, now: Reaction): Message {
  const { reactions: before = [], ...rest } = message;
  const there = before.some(({ emoji }) => emoji === now.emoji);
  const all = there ? before.map((one) => (one.emoji === now.emoji ? now : one)) : [...before, now];
  const reactions = all.filter(({ count }) => count > 0);
  return reactions.length === 0 ? rest : { ...rest, reactions };
}
