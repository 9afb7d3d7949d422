/** The run of a channel is its messages without the replies that are in threads alone. */
import type { Message } from '../wire';

/** Whether a message is in a thread alone. */
export function isAside({ root, also }: { root?: number | undefined; also?: boolean | undefined }): boolean {
  return root !== undefined && also !== true;
}

/** The number of the row of the run that stands before a row: the server says it where others have numbers between. */
export function before({ number, previous }: Pick<Message, 'number' | 'previous'>): number {
  return previous ?? number - 1;
}
