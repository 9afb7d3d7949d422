import { describe, expect, it } from 'vitest';
import type { Message } from '../wire';
import { MessageRun } from './messages.svelte';
import { quoteOf } from './quotes';

function message(shape: Pick<Message, 'number' | 'revision' | 'text'>): Message {
  return {
    channel: 7,
    key: `key-${shape.number}`,
    author: { id: 1, name: 'Ada' },
    created_at: '2026-03-18T09:00:00.000Z',
    deleted_at: null,
    removed: false,
    attachments: [],
    ...shape,
  };
}

const original = message({ number: 1, revision: 1, text: 'The early ferry' });
const answer = { ...message({ number: 2, revision: 2, text: 'is full' }), quote: quoteOf(original) };

function run(...rows: Message[]): MessageRun {
  const loaded = new MessageRun(7);
  const last = rows.at(-1)?.number ?? 0;
  loaded.replace({
    channel: 7,
    revision: last,
    last_number: last,
    messages: rows,
    has_older: (rows[0]?.number ?? 1) > 1,
    has_newer: false,
  });
  return loaded;
}

const edited = (revision: number, edits: number, text: string): Message => ({ ...original, revision, edits, text });
const deleted: Message = { ...original, revision: 4, text: '', deleted_at: '2026-03-18T10:00:00.000Z' };

describe('quotes', () => {
  it('show an edit of the original, also of one that is not loaded', () => {
    for (const held of [run(original, answer), run(answer)]) {
      held.applyEvent({ since: 2, revision: 3 }, edited(3, 1, 'The last ferry'), 'edited');
      expect(held.at(2)?.quote).toEqual(quoteOf(edited(3, 1, 'The last ferry')));
      expect(held.revision).toBe(3);
    }
  });

  it('show that the original was deleted, live and after catching up', () => {
    const live = run(original, answer);
    live.applyEvent({ since: 2, revision: 3 }, { ...deleted, revision: 3 }, 'deleted');
    expect(live.at(2)?.quote?.original).toMatchObject({ beginning: '', deleted_at: deleted.deleted_at });
    const slept = run(answer);
    slept.applyChanges({ messages: [deleted], reached: 4 } as never);
    expect(slept.at(2)?.quote).toEqual(quoteOf(deleted));
  });

  it('do not go back to an older form', () => {
    const held = run(answer);
    held.applyChanges({ messages: [deleted], reached: 4 } as never);
    held.applyChanges({ messages: [edited(3, 1, 'The last ferry')], reached: 4 } as never);
    expect(held.at(2)?.quote?.original?.deleted_at).toBe(deleted.deleted_at);
    const twice = run({ ...answer, quote: quoteOf(edited(5, 2, 'second')) });
    twice.applyChanges({ messages: [edited(3, 1, 'first')], reached: 5 } as never);
    expect(twice.at(2)?.quote?.original?.beginning).toBe('second');
  });

  it('lose an original that is not kept any more', () => {
    const held = run(original, answer);
    held.raise(1);
    expect(held.rows.map(({ number, quote }) => [number, quote])).toEqual([[2, { number: 1 }]]);
  });

  it('leave every other row the same object', () => {
    const other = message({ number: 3, revision: 3, text: 'other' });
    const held = run(original, answer, other);
    held.applyEvent({ since: 3, revision: 4 }, edited(4, 1, 'x'), 'edited');
    expect(held.at(3)).toBe(other);
  });

  it('cut a text where the server does, and name a file only where there is no text', () => {
    const long = quoteOf({ ...original, text: '🎉'.repeat(201) });
    expect([...(long.original?.beginning ?? '')]).toHaveLength(200);
    const look = { type: 'image/png', width: null, height: null, moving: false, thumbnail: false };
    const file = { id: 'a', name: 'pier.png', size: 1, ...look };
    expect(quoteOf({ ...original, attachments: [file] }).original?.file).toBeUndefined();
    expect(quoteOf({ ...original, text: '', attachments: [file] }).original?.file).toBe('pier.png');
  });
});
