/** What a list above the composer completes: behind its sign, a source finds what somebody may mean. */

import type { Parts } from '../../text/finding';
import type { User } from '../../wire';

export interface Option {
  readonly key: string;
  /** What stands before the name. */
  readonly picture: { readonly emoji: string } | { readonly icon: string } | { readonly user: User };
  readonly name: Parts;
  /** Why it was found, at the right. */
  readonly why: Parts;
  /** What takes the place of the sign and the letters. */
  readonly text: string;
  /** Is told when it was picked. */
  readonly onpick?: () => void;
}

/** Options under a heading. */
export interface Group {
  readonly title: string;
  readonly options: readonly Option[];
}

export interface Source {
  readonly sign: string;
  /** Behind Han, where no spaces are, the sign begins a word with any letters. */
  readonly isNoPunctuation?: boolean;
  /** While an input method composes, its letters are looked for too. Nothing is picked by them. */
  readonly whileComposing?: true;
  /** Whether letters behind the sign may be the beginning of something. */
  fits(letters: string): boolean;
  /** What the letters find, the best first, few enough to read. A failure finds nothing. */
  find(letters: string): Promise<readonly Group[]>;
  /** What the letters stand for when they are all of it: it is put in without a question. */
  whole?(letters: string): Promise<Option | undefined>;
}
