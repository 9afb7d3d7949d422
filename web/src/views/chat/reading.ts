/** Where the reader was in each channel, for when she comes back. Lives as long as the page. */

interface Place {
  /** The topmost row in view, and how far into it. */
  readonly key: string;
  readonly offset: number;
}

export const reading = new Map<number, Place>();
