/**
 * What the reader wants of messages that are stored, and of channels, and the server has not confirmed: reactions, edits, pins,
 * what is saved, and levels. Each is about one subject, and is shown over what the server said until it is settled. What keeps
 * and sends them is `outbox/wishes.ts`.
 */
import type { Channel, Level, Message, Pin } from '../wire';

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

/** A message is to be pinned for all, as it will be shown, or taken down. */
export interface PinWish {
  readonly kind: 'pin';
  readonly channel: number;
  readonly number: number;
  readonly pin: Pin | null;
}

/** A message is to be saved for oneself, or taken out. */
export interface SaveWish {
  readonly kind: 'save';
  readonly channel: number;
  readonly number: number;
  readonly kept: boolean;
  /** The note to it; null leaves it as it is. */
  readonly note: string | null;
}

/** Of a channel one wants to be told so much. */
export interface LevelWish {
  readonly kind: 'level';
  readonly channel: number;
  readonly level: Level;
}

export type Wanted = ReactionWish | EditWish | PinWish | SaveWish | LevelWish;

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

  /** How much of a channel the reader wants to be told of. */
  levelOf({ id, level }: Pick<Channel, 'id' | 'level'>): Level {
    return this.#level(id) ?? level;
  }

  #level(channel: number): Level | undefined {
    const wish = this.list.find((one) => one.kind === 'level' && one.channel === channel);
    return wish?.kind === 'level' ? wish.level : undefined;
  }

  /** Whether a message is to be pinned (`pin`) or saved; undefined if nothing is wanted of that. */
  wants(kind: 'pin' | 'save', channel: number, number: number): boolean | undefined {
    const about = this.list.find((one) => one.kind === kind && one.channel === channel && one.number === number);
    if (about?.kind === 'pin') return about.pin !== null;
    return about?.kind === 'save' ? about.kept : undefined;
  }

  /** The note that a saved message is to have; undefined if nothing is wanted of that. */
  noteOf(channel: number, number: number): string | undefined {
    const about = this.list.find((one) => one.kind === 'save' && one.channel === channel && one.number === number);
    return about?.kind === 'save' && about.kept ? (about.note ?? undefined) : undefined;
  }

  /** A channel's messages as they are to be seen. */
  over(channel: number, messages: readonly Message[]): readonly Message[] {
    const wishes = this.list.filter((wish) => wish.channel === channel && !wish.second && wish.kind !== 'level');
    return wishes.length === 0 ? messages : this.overlay(messages, wishes);
  }
}
