/** Lines in a channel, and a channel that is cleared, as a client takes them in. */
import { describe, expect, it } from 'vitest';
import { apply } from './apply';
import { en } from './i18n/en';
import { addSentences, countTranslator, translator, type Language } from './i18n';
import { en as later } from './i18n/later.en';
import { zh as laterChinese } from './i18n/later.zh';
import { sentenceOf } from './views/chat/line-words';
import type { AppState } from './state';
import type { Channel, Line, ServerEvent } from './wire';
import { client, counts } from './test-client';
import { CHANNEL, RAIN, Server } from './test-server';

const shown = (state: AppState): Channel => state.channels.find(CHANNEL) as Channel;
const numbers = (state: AppState): number[] => state.windows.open(CHANNEL).rows.map((row) => row.number);

function tellAll(state: AppState, server: Server): void {
  for (const told of server.events.splice(0)) expect(apply(state, told)).toEqual([]);
}

describe('a line', () => {
  it('makes nothing unread and is nobody’s last message, also when it goes on', () => {
    const server = new Server();
    server.post();
    const state = client(server);
    server.events.length = 0;
    const before = shown(state);
    for (let i = 0; i < 3; i += 1) server.line();
    tellAll(state, server);
    expect(shown(state)).toMatchObject({ unread: 1, last_message: before.last_message, last_number: 2, revision: 4 });
    expect(numbers(state), 'one row').toEqual([1, 2]);
    expect(state.windows.open(CHANNEL).rows[1]?.line?.people).toHaveLength(3);
    expect(state.windows.open(CHANNEL).unreadAbove(0, state.session.reader)?.unread).toBe(1);
  });
});

describe('a channel that is cleared', () => {
  it('loses its rows, and what was unread of them', () => {
    const server = new Server();
    for (let i = 0; i < 4; i += 1) server.post();
    const state = counts(client(server), server);
    server.events.length = 0;
    const late = server.page();
    server.clear(3);
    tellAll(state, server);
    expect(numbers(state)).toEqual([4, 5]);
    expect(shown(state)).toMatchObject({ unread: 1, floor: 3 });
    expect(state.windows.open(CHANNEL).hasOlder).toBe(false);
    server.clear(5);
    tellAll(state, server);
    expect(numbers(state)).toEqual([6]);
    expect(shown(state)).toMatchObject({ unread: 0, last_message: null });
    // An answer from before brings nothing back.
    const run = state.windows.open(CHANNEL);
    run.addOlder(late);
    run.applyAnswer(server.rows[1] as never);
    run.replace(late);
    expect(numbers(state)).toEqual([]);
  });

  it('is asked for from the beginning when nothing of what was held is left', () => {
    const server = new Server();
    for (let i = 0; i < 9; i += 1) server.post();
    const state = client(server);
    const run = state.windows.open(CHANNEL);
    run.replace({ ...server.page(), messages: server.rows.slice(0, 4), has_newer: true });
    let behind = 0;
    state.windows.onBehind = () => (behind += 1);
    server.events.length = 0;
    server.clear(6);
    apply(state, server.events[0] as ServerEvent);
    expect([run.rows.length, run.hasNewer, run.revision, behind]).toEqual([0, false, 0, 1]);
    run.applyChanges(server.changes(0));
    expect(numbers(state)).toEqual([7, 8, 9, 10]);
  });
});

describe('the sentence of a line', () => {
  const say = (line: Line, language: Language = 'en'): string => {
    addSentences('en', later);
    addSentences('zh', laterChinese);
    const words = { t: translator(language), count: countTranslator(language) };
    return sentenceOf(line, 'Ada', words, ({ user }) => user.name)
      .map(({ text, is }) => (is === 'name' ? `[${text}]` : text))
      .join('');
  };
  const people = (...names: string[]) =>
    names.map((name, id) => ({
      user: { id, name: name.slice(1) },
      joined: name.startsWith('+'),
      at: '',
    }));

  it('names two people and counts the others', () => {
    const of = (...names: string[]): string => say({ kind: 'members', people: people(...names) });
    expect(of('+Bob')).toBe('[Bob] joined');
    expect(of('-Bob')).toBe('[Bob] left');
    expect(of('+Bob', '+Cleo')).toBe('[Bob] and [Cleo] joined');
    expect(of('+Bob', '-Cleo')).toBe('[Bob] joined, [Cleo] left');
    expect(of('+Bob', '+Cleo', '+Dan')).toBe('[Bob], [Cleo] and 1 other joined');
    expect(of('+Bob', '+Cleo', '+Dan', '+Eve', '-Fay')).toBe('[Bob], [Cleo] and 2 others joined, 1 left');
    expect(of('-Bob', '-Cleo', '-Dan', '-Eve')).toBe('[Bob], [Cleo] and 2 others left');
    const added = { ...people('+Bob')[0], by: RAIN } as never;
    expect(say({ kind: 'members', people: [added] })).toBe('[Bob] joined, added by [小雨]');
    expect(say({ kind: 'members', people: people('+Bob', '+Cleo', '+Dan', '-Eve') }, 'zh')).toBe(
      '[Bob]、[Cleo] 和另外 1 人加入了频道，1 人离开',
    );
  });

  it('fills nothing in twice: a name may look like a placeholder', () => {
    expect(say({ kind: 'renamed', from: '{to}', to: '{name}' })).toBe(
      '[Ada] renamed the channel from #{to} to #{name}',
    );
    expect(say({ kind: 'topic', to: '{name}' })).toBe('[Ada] changed the topic to {name}');
    expect(say({ kind: 'topic' })).toBe('[Ada] took away the topic');
  });

  it('has one sentence for each kind, in both languages', () => {
    const kinds: Line['kind'][] = ['renamed', 'topic', 'host', 'no_host', 'slow', 'archived', 'brought_back'];
    kinds.push('made_private', 'made_public', 'cleared', 'exported');
    for (const language of ['en', 'zh'] as const) {
      const said = kinds.map((kind) => say({ kind, from: 'a', to: 'b', people: people('+Bob') }, language));
      expect(new Set(said).size).toBe(kinds.length);
      for (const text of said) expect(text).toMatch(/\[Ada\]/);
      expect(said.join()).not.toContain('{');
    }
    expect(Object.keys(en)).not.toContain('line.topic');
  });
});
