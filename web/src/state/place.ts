/** Where somebody writes: a channel, by its id, or a thread in it, by the channel and the message that begins the thread. */
export type Place = number | `${number}.${number}`;

export function placeOf(channel: number, root: number | null | undefined = null): Place {
  return root == null ? channel : `${channel}.${root}`;
}

export function channelOf(place: Place): number {
  return Number(String(place).split('.')[0]);
}

/** The message that begins the thread; null for the channel itself. */
export function rootOf(place: Place): number | null {
  const root = String(place).split('.')[1];
  return root === undefined ? null : Number(root);
}

/** A place from what it was written as. */
export function parsePlace(text: string): Place {
  const [channel = '', root] = text.split('.');
  return placeOf(Number(channel), root === undefined ? null : Number(root));
}
