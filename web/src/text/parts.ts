/** How many parts a message may still be made of ({@link MAX_PARTS}); shared by everything that parses one message. */
import { MAX_PARTS } from './tree';

export class Parts {
  left = MAX_PARTS;

  /** Takes one part. What is begun is finished, so the count can end a little below zero. */
  take(count = 1): void {
    this.left -= count;
  }
}
