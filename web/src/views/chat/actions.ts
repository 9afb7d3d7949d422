/** What can be done with a row; the page does it, the rows and the sheet only offer it. */
import type { Attachment, Channel } from '../../wire';
import type { Row } from './rows';

/** What opens beside a message, or from the bottom of a small screen. */
export interface Opened {
  readonly what: 'menu' | 'react' | 'emoji' | 'who' | 'versions';
  readonly row: Row;
  /** What it opens beside, which gets the focus back. */
  readonly beside: HTMLElement;
  /** Where the pointer was, if that says more. */
  readonly at?: { readonly x: number; readonly y: number } | undefined;
  /** Of `who`: which emoji was pressed. */
  readonly emoji?: string | undefined;
}

export interface RowActions {
  /** Where the rows are. */
  readonly channel: Channel;
  retry(row: Row): void;
  discard(row: Row): void;
  /** Takes what was refused back into the composer. */
  edit(row: Row): void;
  remove(row: Row): void;
  /** Whether the reader reacts to messages here. */
  readonly answers: boolean;
  /** Whether the reader may change this message now. */
  mayChange(row: Row): boolean;
  /** Opens it for editing. */
  change(row: Row): void;
  /** Whether it can be answered in a thread, from here. */
  mayReply(row: Row): boolean;
  /** Opens its thread, or that which it is in. */
  reply(row: Row): void;
  /** Whether the rows are those of a thread. */
  readonly isThread: boolean;
  /** The element of a row, as long as it is drawn. */
  elementOf(row: Row): HTMLElement | null;
  /** Puts an emoji to it, or takes it back. */
  react(row: Row, emoji: string): void;
  open(opened: Opened): void;
  /** Whether the reader runs the channel, and removes messages of others. */
  readonly runs: boolean;
  removeOther(row: Row): void;
  /** Mutes its author in the channel. */
  mute(row: Row): void;
  report(row: Row): void;
  /** Why a message was removed. */
  why(row: Row): void;
  /** Whether the reader may write here. */
  readonly writes: boolean;
  /** The next message quotes it. */
  quote(row: Row): void;
  copy(row: Row): void;
  copyLink(row: Row): void;
  /** Asks where a copy of it is to go. */
  forward(row: Row): void;
  /** Whether the reader has a read mark here, which can be put before this message. */
  mayMarkUnread(row: Row): boolean;
  /** The message and what follows it is unread again. */
  markUnread(row: Row): void;
  /** Shows the actions as a sheet, where there is no pointer to hover with. */
  sheet(row: Row): void;
  picture(attachment: Attachment): void;
}
