/** What those who keep order do with reported messages, and the log of what was done. It is loaded with their page. */
import { ApiError, call } from '../api';
import { takeOut } from '../hosting-api';
import type { Log, LogEntry, ReportedMessage, ReportedMessages } from '../wire';
import { explain, patiently, type Core } from './core';

/** The messages with open reports; `undefined` when they could not be had, which the list says itself. */
export async function reported(core: Core): Promise<readonly ReportedMessage[] | undefined> {
  try {
    return (await patiently(core, () => call<ReportedMessages>('GET', '/api/message-reports'))).messages;
  } catch (error) {
    explain(core, error);
    return undefined;
  }
}

/** Leaves a reported message as it is. `other`: somebody else has dealt with it. A failure was told. */
export async function leave(core: Core, { channel, number }: ReportedMessage): Promise<'left' | 'other' | 'failed'> {
  try {
    await patiently(core, () => call('DELETE', `/api/message-reports/${channel}/${number}`));
    return 'left';
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return 'other';
    core.state.flashes.show('bad', explain(core, error));
    return 'failed';
  }
}

/** Takes the author of a reported message out of its channel. Returns why it did not work, or null. */
export async function takeAuthorOut(core: Core, { channel, author }: ReportedMessage): Promise<string | null> {
  try {
    await patiently(core, () => takeOut(channel, author.id));
    return null;
  } catch (error) {
    return explain(core, error);
  }
}

/** Which entries of the log are asked for. */
export interface LogQuery {
  /** Whoever did it, or to whom it was done. */
  readonly person: number | null;
  readonly act: LogEntry['act'] | '';
  /** From when on; `null` for all. */
  readonly since: Date | null;
  /** Only entries before this one. */
  readonly before: number | null;
}

/** A part of the log; `undefined` when it could not be had, which the list says itself. */
export async function log(core: Core, { person, act, since, before }: LogQuery): Promise<Log | undefined> {
  const asked = new URLSearchParams({
    ...(person !== null && { person: String(person) }),
    ...(act !== '' && { act }),
    ...(since !== null && { since: since.toISOString() }),
    ...(before !== null && { before: String(before) }),
  });
  try {
    return await patiently(core, () => call<Log>('GET', `/api/log?${asked}`));
  } catch (error) {
    explain(core, error);
    return undefined;
  }
}
