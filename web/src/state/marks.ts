/** The marks of a message: pinned for all, saved by the reader. One that has them already stays the same object. */
import type { Message, Pin } from '../wire';

export function withSaved(message: Message, saved: boolean): Message {
  if ((message.saved === true) === saved) return message;
  const marked: Message = { ...message };
  if (saved) marked.saved = true;
  else delete marked.saved;
  return marked;
}

export function withPin(message: Message, pin: Pin | null): Message {
  const marked: Message = { ...message };
  if (pin !== null) marked.pin = pin;
  else delete marked.pin;
  return marked;
}
