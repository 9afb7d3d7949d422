// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import cases from './channels.cases.json';
import { channelsIn } from './channels';
import { inlinesIn } from './inlines';

describe('channels in a text', () => {
  it('are found as they are written, the longest name first', () => {
    for (const { text, names, found } of cases) {
      const places = channelsIn(text, new Set(names));
      expect(
        places.map(({ start, end }) => text.slice(start, end)),
        text,
      ).toEqual(found);
    }
  });

  it('are looked for in bounded steps', () => {
    let asked = 0;
    const names = { has: () => ((asked += 1), false) } as unknown as ReadonlySet<string>;
    channelsIn('#中 '.repeat(5_000), names);
    expect(asked).toBe(200 * 64);
    expect(channelsIn('#a '.repeat(5_000), new Set(['a']))).toHaveLength(200);
  });

  it('are links, but not within a link or code', () => {
    const paragraph = document.createElement('p');
    const chips = { me: undefined, open: () => undefined, channels: () => new Set(['a b']) };
    const label = { kind: 'text', text: '#a b' } as const;
    inlinesIn(
      [
        { kind: 'text', text: 'see #a b!' },
        { kind: 'code', text: '#a b' },
        { kind: 'strong', children: [label] },
        { kind: 'link', href: 'https://x.example/', labelled: true, title: '', children: [label] },
      ],
      chips,
    )(paragraph);
    const links = [...paragraph.querySelectorAll('a')].map((a) => [a.getAttribute('href'), a.textContent]);
    expect(links).toEqual([
      ['/channel/a%20b', '#a b'],
      ['/channel/a%20b', '#a b'],
      ['https://x.example/', '#a b'],
    ]);
    expect(paragraph.textContent).toBe('see #a b!#a b#a b#a b');
  });
});
