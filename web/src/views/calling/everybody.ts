/** Before a message calls everybody, the composer says how many that are. */
import type { App } from '../../app';
import { callsEverybody } from '../../state/rights';
import type { Channel } from '../../wire';
import { EVERYBODY, isCalled } from './in-text';

/** Fewer are told without a question. */
const MANY = 6;

/** How many others a text tells, if that is asked about; 0: it is sent at once. In a thread that are those who follow it. */
export function toldBy({ state }: App, channel: Channel, root: number | null, text: string): number {
  const thread = state.threads.of(channel.id);
  const others = root === null ? channel.member_count - 1 : thread?.root === root ? thread.followers : 0;
  const { me, workspace } = state.session;
  const asks = others >= MANY && callsEverybody(me, channel, workspace.callers) && isCalled(text, EVERYBODY);
  return asks ? others : 0;
}
