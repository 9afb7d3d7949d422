/**
 * What the reader wants of messages that are stored, and the server has not confirmed: reactions and edits. Each is about one
 * subject, and is shown over what the server said until it is settled. What keeps and sends them is `outbox/wishes.ts`.
 */
import type { Message } from '../wire';

/** An emoji is to be there, or not. */
export interface ReactionWish {
  readonly kind: 'reaction';
  readonly channel: number;
  readonly number: number;
  readonly emoji: string;
  readonly on: boolean;
}

/** A message is to say something else. */
export interface EditWish {
  readonly kind: 'edit';
  readonly channel: number;
  readonly number: number;
  readonly text: string;
  /** The ids of the files that stay; null for all. */
  readonly files: readonly string[] | null;
  /** The thread that it is in, if it is in that alone. */
  readonly root?: number | undefined;
  /** How often it was edited when the writer began: if that is another number, somebody else was first. */
  readonly edits: number;
}

export type Wanted = ReactionWish | EditWish;

/** A wish as it is kept. */
export type Wish = Wanted & {
  /** Which wish it is: another one about the same subject has another key. */
  readonly key: string;
  /** What it is about: a later wish about that replaces it. */
  readonly subject: string;
  /** The state of the server's data that it is for. */
  readonly epoch: string;
  /** An edit that came second: its writer has to decide. It is not sent, nor shown in place of what is there. */
  readonly second: boolean;
};

/** The messages with what is wanted of them; one that nothing is wanted of stays the same object. */
export type Overlay = (messages: readonly Message[], wishes: readonly Wish[]) => readonly Message[];

export class WishState {
  /** In the order in which they go out. Replaced, never changed in place. */
  list: readonly Wish[] = $state.raw([]);
  /** Comes with the script that makes wishes. */
  overlay: Overlay = (messages) => messages;

  /** How many messages are to say something else. */
  get edits(): number {
    return this.list.filter(({ kind }) => kind === 'edit').length;
  }

  /** A channel's messages as they are to be seen. */
  over(channel: number, messages: readonly Message[]): readonly Message[] {
    const wishes = this.list.filter((wish) => wish.channel === channel && !wish.second);
    return wishes.length === 0 ? messages : this.overlay(messages, wishes);
  }
}
