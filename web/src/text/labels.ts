/** What the buttons in a message say, in the reader's language. */
export interface Labels {
  /** Copies a block of code. */
  readonly copy: string;
  readonly copied: string;
  /** Opens a long message that is folded, and folds it again. */
  readonly unfold: string;
  readonly fold: string;
  /** The box of a task. */
  readonly done: string;
  readonly open: string;
}
