import { describe, expect, it, vi } from 'vitest';
import type { Wanted } from '../state/wishes.svelte';
import { MOST_WISHES, Wishes, type Answer } from './wishes';
import { ADA, calls, furnish, GRACE, Tab, turn, until } from './test-browser';

furnish();

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: Record<string, unknown>;
  readonly sender: string | null;
  answer(status: number, body?: unknown): void;
  drop(): void;
}

/** A tab that also wishes; what it asks of the server waits for the test's answer. */
class Wisher extends Tab {
  readonly answers: Answer[] = [];
  readonly seconds: string[] = [];
  readonly wishes = new Wishes(this.core, this.outbox, {
    settled: (answer) => this.answers.push(answer),
    second: (wish) => this.seconds.push(wish.text),
  });

  get wanted(): unknown[] {
    return this.state.wishes.list.map((wish) => {
      if (wish.kind === 'reaction') return [wish.emoji, wish.on];
      return wish.kind === 'edit' ? wish.text : wish.kind;
    });
  }
}

function listen(): Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
    return new Promise<Response>((resolve, reject) => {
      asked.push({
        method: String(init.method),
        path: decodeURIComponent(path),
        sender: new Headers(init.headers).get('Chinwag-Sender'),
        body: init.body === undefined ? {} : (JSON.parse(String(init.body)) as Record<string, unknown>),
        answer: (status, body = {}) => resolve(new Response(JSON.stringify(body), { status })),
        drop: () => reject(new TypeError('Failed to fetch')),
      });
    });
  });
  return asked;
}

const react = (emoji: string, on = true, number = 1): Wanted => ({ kind: 'reaction', channel: 7, number, emoji, on });
const edit = (text: string, edits = 0): Wanted => ({ kind: 'edit', channel: 7, number: 1, text, files: null, edits });

const save = (kept: boolean): Wanted => ({ kind: 'save', channel: 7, number: 1, kept, note: null });
const pin = (on: boolean): Wanted => ({ kind: 'pin', channel: 7, number: 1, pin: on ? { by: ADA, at: '' } : null });

describe('wishes', () => {
  it('go out in order, one at a time, and are done with the answer', async () => {
    const asked = listen();
    const tab = await new Wisher().open();
    void tab.wishes.add(react('👍'));
    void tab.wishes.add(edit('better'));
    expect(tab.wanted, 'shown at once').toEqual([['👍', true], 'better']);
    await until(() => asked.length === 1);
    expect(asked[0]).toMatchObject({ method: 'PUT', path: '/api/channels/7/messages/1/reactions/👍' });
    asked[0]?.answer(200, { number: 1 });
    await until(() => asked.length === 2);
    expect(asked[1]).toMatchObject({ method: 'PATCH', body: { text: 'better', edits: 0 } });
    asked[1]?.answer(200, { number: 1, edits: 1 });
    await until(() => tab.wanted.length === 0);
    expect(tab.answers).toHaveLength(2);
  });

  it('about one subject only the newest counts, also while an older one is on its way', async () => {
    const asked = listen();
    const tab = await new Wisher().open();
    void tab.wishes.add(react('👍'));
    await until(() => asked.length === 1);
    for (const on of [false, true, false]) await tab.wishes.add(react('👍', on));
    expect(tab.wanted).toEqual([['👍', false]]);
    asked[0]?.answer(200, { number: 1 });
    await until(() => asked.length === 2);
    expect(asked[1]?.method, 'the last one').toBe('DELETE');
    asked[1]?.answer(200, { number: 1 });
    await until(() => tab.wanted.length === 0);
    await turn();
    expect(asked).toHaveLength(2);
  });

  it('an edit that follows one that was on its way is no second one', async () => {
    const asked = listen();
    const tab = await new Wisher().open();
    void tab.wishes.add(edit('once'));
    await until(() => asked.length === 1);
    await tab.wishes.add(edit('twice'));
    asked[0]?.answer(200, { number: 1, edits: 1 });
    await until(() => asked.length === 2);
    expect(asked[1]?.body).toEqual({ text: 'twice', edits: 1 });
  });

  it('pins, what is saved and levels wait for the connection too; of each the last one counts', async () => {
    const asked = listen();
    const tab = await new Wisher().open();
    const channel = { id: 7, level: 'mentions' } as const;
    void tab.wishes.add(pin(true));
    await until(() => asked.length === 1);
    for (const kept of [true, false, true]) await tab.wishes.add(save(kept));
    for (const level of ['all', 'nothing'] as const) await tab.wishes.add({ kind: 'level', channel: 7, level });
    expect(tab.state.wishes.levelOf(channel)).toBe('nothing');
    expect(tab.state.wishes.levelOf({ id: 8, level: 'all' })).toBe('all');
    expect(tab.state.wishes.wants('save', 7, 1)).toBe(true);
    expect(tab.state.wishes.wants('pin', 7, 2)).toBeUndefined();
    tab.close();
    const later = await new Wisher().open();
    await until(() => asked.length === 2);
    expect(later.wanted, 'as they were kept').toEqual(['pin', 'save', 'level']);
    for (const [at, method, path, body] of [
      [1, 'PUT', '/api/channels/7/messages/1/pin', {}],
      [2, 'PUT', '/api/channels/7/messages/1/saved', {}],
      [3, 'PUT', '/api/channels/7/level', { level: 'nothing' }],
    ] as const) {
      await until(() => asked.length === at + 1);
      expect(asked[at]).toMatchObject({ method, path, body });
      asked[at]?.answer(200, {});
    }
    await until(() => later.wanted.length === 0);
    expect(later.answers.map((answer) => Object.keys(answer))).toEqual([['message'], ['saved'], ['channel']]);
    expect(later.state.wishes.levelOf(channel)).toBe('mentions');
  });

  it('what is wanted back while it is being taken out keeps its note', async () => {
    const asked = listen();
    const tab = await new Wisher().open();
    await tab.wishes.add(save(false));
    await until(() => asked.length === 1);
    await tab.wishes.add(save(true));
    asked[0]?.answer(200, { channel: 7, number: 1, kept: false, note: 'for Monday' });
    await until(() => asked.length === 2);
    expect(asked[1]).toMatchObject({ method: 'PUT', body: { note: 'for Monday' } });
  });

  it('a note to a saved message waits for the connection too, and is shown meanwhile', async () => {
    const asked = listen();
    const tab = await new Wisher().open();
    const note = (text: string): Wanted => ({ kind: 'save', channel: 7, number: 1, kept: true, note: text });
    void tab.wishes.add(pin(true));
    await until(() => asked.length === 1);
    for (const text of ['for Monday', 'for Tuesday']) await tab.wishes.add(note(text));
    tab.close();
    const later = await new Wisher().open();
    await until(() => asked.length === 2);
    const noted = [
      later.state.wishes.noteOf(7, 1),
      later.state.wishes.noteOf(7, 2),
      later.state.wishes.wants('save', 7, 1),
    ];
    expect(noted).toEqual(['for Tuesday', undefined, true]);
    asked[1]?.answer(200, {});
    await until(() => asked.length === 3);
    const body = { note: 'for Tuesday' };
    expect(asked[2]).toMatchObject({ method: 'PUT', path: '/api/channels/7/messages/1/saved', body });
    asked[2]?.answer(200, { channel: 7, number: 1, kept: true, ...body });
    await until(() => later.wanted.length === 0);
    await later.wishes.add(save(false));
    expect(later.state.wishes.noteOf(7, 1)).toBeUndefined();
  });

  it('a list of what is saved is loaded again where a note is refused', async () => {
    const asked = listen();
    const tab = await new Wisher().open();
    const before = tab.state.kept.changes;
    await tab.wishes.add({ ...save(true), note: 'by Friday' } as Wanted);
    await until(() => asked.length === 1);
    expect(tab.state.kept.changes).toBe(before);
    asked[0]?.answer(404, { error: 'not_found' });
    await until(() => tab.wanted.length === 0 && tab.state.kept.changes > before);
  });

  it('say whose they are; when somebody else signed in that moment they are kept for whoever wanted them', async () => {
    const asked = listen();
    const tab = await new Wisher().open();
    void tab.wishes.add(react('👍'));
    await until(() => asked.length === 1);
    expect(asked[0]?.sender).toBe(`${ADA.id} here first`);
    asked[0]?.answer(409, { code: 'other_sender', detail: 'Somebody else is signed in.' });
    await until(() => tab.ended > 0);
    expect([tab.answers, tab.state.flashes.list]).toEqual([[], []]);
    tab.close();
    const later = await new Wisher().open();
    expect(later.wanted).toEqual([['👍', true]]);
  });

  it('are tried again when nobody answers, and kept through a reload', async () => {
    const asked = listen();
    const tab = await new Wisher().open();
    await tab.wishes.add(react('👍'));
    await until(() => asked.length === 1);
    asked[0]?.drop();
    await until(
      () => asked.length === 2,
      () => vi.advanceTimersByTimeAsync(1_000),
    );
    tab.close();
    const later = await new Wisher().open();
    await until(() => asked.length === 3);
    expect(later.wanted).toEqual([['👍', true]]);
    asked[2]?.answer(200, { number: 1 });
    await until(() => later.wanted.length === 0);
  });

  it('that are refused are dropped and said; an edit that came second is its writer’s again, also after a reload', async () => {
    const asked = listen();
    const tab = await new Wisher().open();
    await tab.wishes.add(react('👍'));
    await until(() => asked.length === 1);
    asked[0]?.answer(422, { code: 'too_many', detail: 'There are 20 kinds.' });
    await until(() => tab.wanted.length === 0);
    expect(tab.state.flashes.list.map(({ text }) => text)).toEqual(['There are 20 kinds.']);
    await tab.wishes.add(edit('mine'));
    await until(() => asked.length === 2);
    asked[1]?.answer(409, { code: 'edited_meanwhile', detail: 'Somebody was first.' });
    await until(() => tab.seconds.length === 1);
    expect(tab.state.wishes.over(7, [])).toEqual([]);
    await turn();
    expect(asked, 'not sent again by itself').toHaveLength(2);
    tab.close();
    const later = await new Wisher().open();
    await until(() => later.seconds.includes('mine'));
  });

  it('are sent by one tab, which has those of the others, and both see them settled', async () => {
    const asked = listen();
    const first = await new Wisher().open();
    const second = await new Wisher().open();
    await second.wishes.add(react('👍'));
    await until(() => first.wanted.length === 1);
    await until(() => asked.length === 1);
    asked[0]?.answer(200, { number: 1 });
    await until(() => first.wanted.length === 0 && second.wanted.length === 0);
    expect(asked).toHaveLength(1);
  });

  it('are bounded, belong to a person, and go with what they discard', async () => {
    listen();
    const tab = await new Wisher().open();
    for (let number = 1; number <= MOST_WISHES + 1; number += 1) void tab.wishes.add(react('👍', true, number));
    expect(tab.wanted).toHaveLength(MOST_WISHES);
    expect(tab.state.flashes.list).toHaveLength(1);
    await tab.outbox.discardAll();
    tab.close();
    const again = await new Wisher().open();
    await turn();
    expect(again.wanted).toEqual([]);
    await again.wishes.add(react('🎉'));
    again.close();
    const grace = await new Wisher().open(GRACE);
    await turn();
    expect(grace.wanted).toEqual([]);
    expect(ADA.id).not.toBe(GRACE.id);
    expect(calls).toEqual([]);
  });
});
