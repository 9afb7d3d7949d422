/** Whether the reader may react in a channel, and change what they wrote. The server decides by the same rules. */
import type { Channel, Me, Workspace } from '../wire';
import { closedFor } from './closed';

const QUARTER_MS = 15 * 60_000;
const HOUR_MS = 60 * 60_000;
/** How long a message can be edited. */
const FOR_MS: Readonly<Record<Workspace['editing'], number>> = {
  always: Infinity,
  day: 24 * HOUR_MS,
  hour: HOUR_MS,
  quarter: QUARTER_MS,
  never: 0,
};

/** Also where only hosts begin to write. */
export function mayAnswer(channel: Channel, me: Me | null, now: number): boolean {
  const closed = closedFor(channel, me, now);
  return channel.member && (closed === null || closed === 'hostsWrite');
}

/** Whether a message that was written then can still be edited. */
export function isEditable(writtenAt: string, editing: Workspace['editing'], now: number): boolean {
  return now - Date.parse(writtenAt) < FOR_MS[editing];
}
