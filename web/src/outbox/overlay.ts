/** What is wanted of messages, shown over what the server said of them. */
import { withPin, withSaved } from '../state/marks';
import { isMine, withReaction } from '../state/reactions';
import type { Wish } from '../state/wishes.svelte';
import type { Message } from '../wire';

/** What was made of a message, by which wishes: it stays the same object until one of them changes. */
const made = new WeakMap<Message, { readonly by: readonly Wish[]; readonly shown: Message }>();

/** The messages as they are wanted. What the server has confirmed already changes nothing. */
export function overlay(messages: readonly Message[], wishes: readonly Wish[]): readonly Message[] {
  const byNumber = new Map<number, Wish[]>();
  for (const wish of wishes)
    if (wish.kind !== 'level') byNumber.set(wish.number, [...(byNumber.get(wish.number) ?? []), wish]);
  return messages.map((message) => {
    const by = byNumber.get(message.number);
    return by === undefined || message.deleted_at !== null ? message : once(message, by);
  });
}

function once(message: Message, by: readonly Wish[]): Message {
  const known = made.get(message);
  if (known?.by.length === by.length && known.by.every((wish, at) => wish === by[at])) return known.shown;
  const shown = by.reduce(wanted, message);
  made.set(message, { by, shown });
  return shown;
}

function wanted(message: Message, wish: Wish): Message {
  if (wish.kind === 'reaction') {
    const { emoji, on } = wish;
    if (isMine(message, emoji) === on) return message;
    const count = message.reactions?.find((one) => one.emoji === emoji)?.count ?? 0;
    return withReaction(message, { emoji, count: count + (on ? 1 : -1), mine: on });
  }
  if (wish.kind === 'pin')
    return (message.pin !== undefined) === (wish.pin !== null) ? message : withPin(message, wish.pin);
  if (wish.kind === 'save') return withSaved(message, wish.kept);
  if (wish.kind === 'level') return message;
  const { text, files, edits } = wish;
  // It was edited since: by this wish, or by somebody who was first.
  if ((message.edits ?? 0) > edits) return message;
  const attachments = message.attachments.filter(({ id }) => files === null || files.includes(id));
  return { ...message, text, attachments, edits: edits + 1, edited_at: message.edited_at ?? message.created_at };
}
