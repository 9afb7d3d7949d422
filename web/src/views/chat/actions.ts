/** What can be done with a row; the page does it, the rows and the sheet only offer it. */
import type { Attachment, Channel } from '../../wire';
import type { Row } from './rows';

export interface RowActions {
  /** Where the rows are. */
  readonly channel: Channel;
  retry(row: Row): void;
  discard(row: Row): void;
  /** Takes what was refused back into the composer. */
  edit(row: Row): void;
  remove(row: Row): void;
  /** Whether the reader runs the channel, and removes messages of others. */
  readonly runs: boolean;
  removeOther(row: Row): void;
  /** Mutes its author in the channel. */
  mute(row: Row): void;
  report(row: Row): void;
  /** Why a message was removed. */
  why(row: Row): void;
  quote(row: Row): void;
  copy(row: Row): void;
  copyLink(row: Row): void;
  /** Shows the actions as a sheet, where there is no pointer to hover with. */
  sheet(row: Row): void;
  picture(attachment: Attachment): void;
}
