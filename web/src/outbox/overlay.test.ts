import { describe, expect, it } from 'vitest';
import type { Wanted, Wish } from '../state/wishes.svelte';
import { Server } from '../test-server';
import type { Message } from '../wire';
import { overlay } from './overlay';
import { subjectOf } from './wishes';

const wish = (wanted: Wanted): Wish => ({ ...wanted, key: '', subject: subjectOf(wanted), epoch: '', second: false });
const react = (emoji: string, on: boolean): Wish => wish({ kind: 'reaction', channel: 7, number: 1, emoji, on });
const edit = (text: string, edits = 0, files: readonly string[] | null = null): Wish =>
  wish({ kind: 'edit', channel: 7, number: 1, text, files, edits });

function message(change: Partial<Message> = {}): Message {
  return { ...new Server().post(), ...change };
}

function shown(of: Message, ...wishes: Wish[]): Message {
  return overlay([of], wishes)[0] as Message;
}

describe('what is wanted over what is there', () => {
  it('counts the reader in and out, once', () => {
    const others = message({ reactions: [{ emoji: '👍', count: 2, mine: false }] });
    expect(shown(others, react('👍', true)).reactions).toEqual([{ emoji: '👍', count: 3, mine: true }]);
    const own = message({ reactions: [{ emoji: '👍', count: 1, mine: true }] });
    expect(shown(own, react('👍', false)).reactions).toBeUndefined();
    expect(shown(own, react('👍', true)), 'confirmed: nothing flickers').toBe(own);
    expect(shown(message(), react('🎉', true)).reactions).toEqual([{ emoji: '🎉', count: 1, mine: true }]);
    expect(shown(message(), react('🎉', false)).reactions).toBeUndefined();
  });

  it('pins and saves once', () => {
    const pin = { by: { id: 1, name: 'Ada' }, at: '2026' };
    const pinned = (on: boolean): Wish => wish({ kind: 'pin', channel: 7, number: 1, pin: on ? pin : null });
    const saved = (kept: boolean): Wish => wish({ kind: 'save', channel: 7, number: 1, kept, note: null });
    expect(shown(message(), pinned(true), saved(true))).toMatchObject({ pin, saved: true });
    const both = message({ pin, saved: true });
    expect(shown(both, pinned(true), saved(true)), 'confirmed: nothing flickers').toBe(both);
    const neither = shown(both, pinned(false), saved(false));
    expect([neither.pin, neither.saved]).toEqual([undefined, undefined]);
  });

  it('says what the message is to say until somebody edited it since', () => {
    const file = { id: 'a', name: 'a', type: '', size: 1 };
    const before = message({ text: 'before', attachments: [file, { ...file, id: 'b' }] as Message['attachments'] });
    expect(shown(before, edit('after', 0, ['b']))).toMatchObject({
      text: 'after',
      edits: 1,
      attachments: [{ id: 'b' }],
    });
    const since = { ...before, text: 'first', edits: 1 };
    expect(shown(since, edit('after'))).toBe(since);
    expect(shown({ ...before, deleted_at: '' }, edit('after')).text, 'gone is gone').toBe('before');
  });

  it('keeps a row the same object while nothing about it changes', () => {
    const [one, two] = [message(), message({ number: 2 })];
    const wishes = [react('👍', true)];
    const before = overlay([one, two], wishes);
    const after = overlay([one, two], [...wishes]);
    expect(before[1]).toBe(two);
    expect(after[0]).toBe(before[0]);
    expect(overlay([one], [react('👍', true)])[0]).not.toBe(before[0]);
  });
});
