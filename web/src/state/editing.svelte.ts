/** A message that its writer changes: what is in the field, until it is saved or given up. One for each channel and thread. */
import { channelOf, type Place } from './place';

export class Editing {
  text = $state('');
  /** The ids of the files that stay. */
  files: readonly string[] = $state.raw([]);
  /** Why it cannot be saved as it is. */
  problem: string | null = $state(null);
  /** Somebody else was first, and the writer was told by the server. */
  second = $state(false);

  constructor(
    /** Where its field stands. */
    readonly place: Place,
    readonly number: number,
    /** How often the message was edited when this began. */
    readonly edits: number,
    text: string,
    files: readonly string[],
  ) {
    this.text = text;
    this.files = files;
  }

  get channel(): number {
    return channelOf(this.place);
  }
}
