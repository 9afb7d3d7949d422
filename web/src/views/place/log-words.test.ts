import { describe, expect, it } from 'vitest';
import { translator } from '../../i18n';
import '../../i18n/later';
import type { Log, LogEntry } from '../../wire';
import { ACTS, said } from './log-words';

const PAGE: Pick<Log, 'people' | 'channels'> = {
  people: [
    { id: 1, name: 'Ada' },
    { id: 2, name: 'Bob {where}' },
  ],
  channels: [
    { id: 7, name: 'tea', kind: 'public' },
    { id: 9, name: '', kind: 'direct' },
  ],
};
const ENTRY: LogEntry = {
  id: 1,
  at: '2026-03-18T10:08:31.000Z',
  by: 1,
  address: '203.0.113.7',
  act: 'remove_message',
  whom: 2,
  channel: 7,
  number: 3,
  detail: 'spam third time',
};
const [en, zh] = [translator('en'), translator('zh')];

function text(entry: Partial<LogEntry>, t = en): string {
  const { pieces, more } = said({ ...ENTRY, ...entry }, PAGE, t);
  return [pieces.map((piece) => piece.text).join(''), more].filter(Boolean).join(' | ');
}

describe('an entry of the log', () => {
  it('says who did what to whom, and where, in both languages', () => {
    expect(text({})).toBe('Removed a message by Bob {where} in #tea | Advertising or spam · third time');
    expect(text({}, zh)).toBe('移除 Bob {where} 在 #tea 的消息 | 广告或垃圾信息 · third time');
    const { pieces } = said(ENTRY, PAGE, en);
    expect(pieces.map(({ whom }) => whom?.id)).toEqual([undefined, 2, undefined]);
  });

  it('says until when somebody is muted, for good, and that it ended', () => {
    const until = String(new Date(2999, 0, 2, 3, 4).getTime());
    expect(text({ act: 'mute', detail: until })).toBe('Muted Bob {where} everywhere until 2999-01-02 03:04');
    expect(text({ act: 'mute', detail: '253402300799999' })).toBe('Muted Bob {where} everywhere for good');
    expect(text({ act: 'mute', detail: '' })).toBe('Let Bob {where} write again everywhere');
    expect(text({ act: 'mute_in_channel', detail: '' })).toBe('Let Bob {where} write again in #tea');
  });

  it('says which fact of a channel changed', () => {
    const change = (detail: string): string => text({ act: 'change_channel', whom: null, detail });
    expect(change('name: coffee: black')).toBe('Renamed #tea | coffee: black');
    expect(change('slow: 30 s')).toBe('Set slow mode in #tea | 30 s');
    expect(change('locked: true')).toBe('Locked #tea');
    expect(change('something: new')).toBe('Changed #tea | something: new');
  });

  it('knows what is gone, what has no name, and whom the operator named', () => {
    expect(text({ act: 'leave_reported', channel: 8 })).toContain('a channel that is gone');
    expect(text({ act: 'leave_reported', channel: 9 })).toContain('a direct message');
    expect(text({ act: 'become_owner', by: null, whom: 1 })).toBe('Made Ada an owner | spam third time'.split(' |')[0]);
    expect(text({ act: 'set_place', detail: 'Harbour · East · invite' })).toContain('Harbour · East · ');
  });

  it('has words for every act, in both languages, that leave no placeholder', () => {
    for (const act of Object.keys(ACTS) as LogEntry['act'][]) {
      for (const t of [en, zh]) {
        const shown = said({ ...ENTRY, act, whom: 1, detail: 'x' }, PAGE, t).pieces.map((piece) => piece.text);
        expect(shown.join(''), act).not.toMatch(/[{}]|^$|\p{Cc}/u);
        expect(t(ACTS[act]), act).not.toBe('');
      }
    }
  });
});
