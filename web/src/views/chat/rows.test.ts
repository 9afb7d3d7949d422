import { describe, expect, it } from 'vitest';
import type { Unsent } from '../../state/outbox.svelte';
import type { Message } from '../../wire';
/**
 * The same cases as the server's, which draws the first view: authors (1 is the reader), seconds, up to which number is read
 * (nothing: all of it), which rows lead and end a group, and above which one the line stands.
 */
import cases from './rows.cases.json';
import { buildRows, type Row, type Sources } from './rows';

const ADA = { id: 1, name: 'Ada' };
const RAIN = { id: 2, name: '小雨' };

function message(number: number, author = RAIN, minute = number, change: Partial<Message> = {}): Message {
  const created_at = new Date(2026, 2, 18, 9, minute).toISOString();
  return {
    channel: 7,
    number,
    revision: number,
    key: `k${number}`,
    author,
    text: `t${number}`,
    created_at,
    deleted_at: null,
    removed: false,
    attachments: [],
    ...change,
  };
}

function unsent(key: string, change: Partial<Unsent> = {}): Unsent {
  const written_at = new Date(2026, 2, 18, 9, 30).toISOString();
  return {
    key,
    order: 1,
    channel: 7,
    author: ADA,
    epoch: 'e',
    text: 'x',
    files: [],
    written_at,
    state: 'waiting',
    reason: null,
    notBefore: 0,
    kept: 'disk',
    ...change,
  };
}

function rows(change: Partial<Sources>, before: ReadonlyMap<string, Row> = new Map()): Row[] {
  const { messages = [] } = change;
  const original = (number: number): Message | undefined => messages.find((one) => one.number === number);
  const sources = { messages, unsent: [], me: ADA.id, original, hasOlder: false, newAfter: null };
  return buildRows({ ...sources, ...change }, before);
}

describe('the rows of a channel', () => {
  it('lead with a face, then follow without one', () => {
    const built = rows({
      messages: [message(1), message(2), message(3, ADA), message(4, RAIN, 4), message(5, RAIN, 20)],
    });
    expect(built.map((row) => row.lead)).toEqual([true, false, true, true, true]);
    expect(built.map((row) => row.tail)).toEqual([false, true, true, true, true]);
    expect(built.map((row) => row.own)).toEqual([false, false, true, false, false]);
  });

  it('begin anew with a day and around a deleted message', () => {
    const next = message(2, RAIN, 24 * 60 + 1);
    expect(rows({ messages: [message(1), next] }).map((row) => row.day)).toEqual([true, true]);
    const gone = message(2, RAIN, 2, { deleted_at: 'x', text: '' });
    const built = rows({ messages: [message(1), gone, message(3)] });
    expect(built.map((row) => row.state)).toEqual(['sent', 'deleted', 'sent']);
    expect(built.map((row) => row.lead)).toEqual([true, true, true]);
  });

  it('have the line above the first message by others that was not read', () => {
    const messages = [message(1), message(2, ADA), message(3, ADA), message(4)];
    const built = rows({ messages, newAfter: 1 });
    expect(built.map((row) => row.newSince !== null)).toEqual([false, false, false, true]);
    expect(built[3]?.newSince).toBe(messages[2]?.created_at);
    expect(built[3]?.lead).toBe(true);
  });

  it('have no line when the first unread message may be further up', () => {
    expect(rows({ messages: [message(4)], newAfter: 1, hasOlder: true })[0]?.newSince).toBeNull();
    expect(rows({ messages: [message(4)], newAfter: 1 })[0]?.newSince).not.toBeNull();
  });

  it('show what is unsent last, and only once', () => {
    const settled = message(1, ADA, 1, { key: 'a' });
    const built = rows({
      messages: [settled],
      unsent: [unsent('a'), unsent('b'), unsent('c', { state: 'refused', reason: 'no' })],
    });
    expect(built.map((row) => row.state)).toEqual(['sent', 'pending', 'failed']);
  });

  it('keep the key when a message is sent, whatever keys others use', () => {
    const before = rows({ unsent: [unsent('k1')] });
    const after = rows({ messages: [message(1, RAIN, 1, { key: 'k1' }), message(2, ADA, 2, { key: 'k1' })] });
    expect(after[1]?.key).toBe(before[0]?.key);
    expect(after[0]?.key).not.toBe(before[0]?.key);
  });

  it('stay the same objects where nothing changed', () => {
    const messages = [message(1), message(2)];
    const first = rows({ messages });
    const known = new Map(first.map((row) => [row.key, row]));
    const second = rows({ messages: [...messages, message(3, ADA)] }, known);
    expect(second[0]).toBe(first[0]);
    expect(second[1]).toBe(first[1]);
    expect(rows({ messages: [messages[0] as Message, message(2, RAIN, 2, { text: 'other' })] }, known)[1]).not.toBe(
      first[1],
    );
  });

  interface Case {
    readonly name: string;
    readonly messages: readonly {
      readonly by: number;
      readonly at: number;
      readonly deleted?: boolean;
      readonly line?: boolean;
      readonly pinned?: boolean;
      readonly saved?: boolean;
      readonly also?: boolean;
    }[];
    readonly read?: number;
    readonly older?: boolean;
    readonly lead: readonly boolean[];
    readonly tail: readonly boolean[];
    readonly new?: number;
  }

  it.each(cases as readonly Case[])(
    'agree with the first view: $name',
    ({ messages, read, older, lead, tail, new: newAt }) => {
      const built = rows({
        messages: messages.map(({ by, at, deleted, line, pinned, saved, also }, index) =>
          message(index + 1, { id: by, name: `P${by}` }, 0, {
            created_at: new Date(2026, 2, 18, 9, 0, at).toISOString(),
            deleted_at: deleted === true || line === true ? 'x' : null,
            ...(line === true && { line: { kind: 'archived' as const } }),
            ...(pinned === true && { pin: { by: ADA, at: '' } }),
            ...(saved === true && { saved }),
            ...(also === true && { also, root: 1 }),
          }),
        ),
        hasOlder: older ?? false,
        newAfter: read ?? messages.length,
      });
      expect(built.map((row) => row.lead)).toEqual(lead);
      expect(built.map((row) => row.tail)).toEqual(tail);
      expect(built.findIndex((row) => row.newSince !== null)).toBe(newAt ?? -1);
    },
  );
});
