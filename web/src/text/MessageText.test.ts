// @vitest-environment jsdom
import { flushSync, mount, unmount } from 'svelte';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadLanguages } from './colours.svelte';
import MessageText from './MessageText.svelte';

const labels = {
  copy: 'Copy code',
  copied: 'Copied',
  unfold: 'Show all of it',
  fold: 'Show less',
  done: 'Done',
  open: 'To do',
};

beforeAll(loadLanguages);

/** What a message becomes, without the marks that Svelte leaves and without the class that scopes its styles. */
function drawn(text: string): string {
  const target = document.createElement('div');
  const component = mount(MessageText, { target, props: { text, labels } });
  flushSync();
  const html = target.outerHTML.slice('<div>'.length, -'</div>'.length);
  void unmount(component);
  return html.replace(/<!--.*?-->/g, '').replace(/ class="svelte-\w+"| svelte-\w+/g, '');
}

describe('a message is drawn as the design has it', () => {
  it.each([
    ['a **b** *c* ~~d~~ `e`', '<p class="txt" dir="auto">a <strong>b</strong> <em>c</em> <s>d</s> <code>e</code></p>'],
    ['a\nb', '<p class="txt" dir="auto">a\nb</p>'],
    ['早！', '<p class="txt" dir="auto" lang="zh-Hans">早！</p>'],
    ['- a\n- b', '<ul class="txt" dir="auto"><li>a</li><li>b</li></ul>'],
    [
      '- [x] a\n- b',
      '<ul class="txt" dir="auto"><li class="task"><span class="box" role="img" data-done="" aria-label="Done"></span>' +
        '<p class="txt" dir="auto">a</p></li><li>b</li></ul>',
    ],
    [
      '|a|b|\n|-|-:|\n|1|2|',
      '<div class="tbl" tabindex="-1" dir="auto"><table><thead><tr><th>a</th><th style="text-align: end;">b</th></tr></thead>' +
        '<tbody><tr><td>1</td><td style="text-align: end;">2</td></tr></tbody></table></div>',
    ],
    ['3. a', '<ol class="txt" dir="auto" start="3" style="--digits: 1;"><li>a</li></ol>'],
    [
      '998. a\n999. b\n1000. c',
      '<ol class="txt" dir="auto" start="998" style="--digits: 4;"><li>a</li><li>b</li><li>c</li></ol>',
    ],
    [
      '- a\n  - b',
      '<ul class="txt" dir="auto"><li><p class="txt" dir="auto">a</p><ul class="txt" dir="auto"><li>b</li></ul></li></ul>',
    ],
    ['> a', '<blockquote class="quote"><p class="txt" dir="auto">a</p></blockquote>'],
  ])('%j', (text, html) => {
    expect(drawn(text)).toBe(html);
  });

  it('code keeps its lines and has a button', () => {
    const html = drawn('```rust\nlet a = 1;\n\n  b()\n```');
    expect(html).toContain('<span>rust</span>');
    expect(html).toContain('aria-label="Copy code"');
    expect(html).toContain('<code><span class="tk-k">let</span> a = 1;\n\n  <span class="tk-f">b</span>()</code>');
  });

  it('links leave nothing behind', () => {
    expect(drawn('[a](https://b.example/)')).toContain(
      '<a tabindex="-1" href="https://b.example/" title="https://b.example/" target="_blank" rel="noopener noreferrer nofollow">a</a>',
    );
  });
});

/** All nodes below the one that a message is drawn into, when all of it is shown. */
function nodes(text: string): number {
  const target = document.createElement('div');
  const component = mount(MessageText, { target, props: { text, id: 'whole', labels } });
  flushSync();
  target.querySelector<HTMLButtonElement>('button.fold[aria-expanded=false]')?.click();
  flushSync();
  const walker = document.createTreeWalker(target);
  let count = 0;
  while (walker.nextNode() !== null) count += 1;
  void unmount(component);
  return count;
}

describe('the longest texts', () => {
  /** As long as a message may be. */
  const LENGTH = 10_000;
  /** Thirty of them are drawn in well under a second. */
  const MOST_NODES = 4_000;

  it.each([
    ['code with a token a character', '```js\n""a'],
    ['blocks of code', '```\na\n```\n'],
    ['line breaks', 'a\n'],
    ['paragraphs', 'a\n\n'],
    ['emphasis', '*a*b'],
    ['items', '- a\n'],
    ['items in items', '- a\n  - b\n    - c\n'],
    ['quotes', '> a\n\n'],
    ['code spans', '`a`b'],
    ['links', 'http://a '],
    ['stacked marks', 'ก\u0e49\u0e49\u0e49\u0e49\u0e49\u0e49\u0e49\u0e49\u0e49\u0e49'],
  ])('of %s become few nodes', (_, piece) => {
    // Code needs its fence once, everything else is repeated.
    const [head = '', unit = ''] = piece.startsWith('```js') ? ['```js\n', '""a'] : ['', piece];
    const text = head + unit.repeat(LENGTH / unit.length);
    expect(nodes(text)).toBeLessThan(MOST_NODES);
  });

  it('are folded until somebody wants all of it', () => {
    const target = document.createElement('div');
    const text = `${'a\n'.repeat(199)}a`;
    const component = mount(MessageText, { target, props: { text, id: 'long', labels } });
    flushSync();
    const button = target.querySelector<HTMLButtonElement>('button.fold');
    expect(button?.textContent).toBe('Show all of it');
    expect(target.querySelector('.long')?.textContent).toBe(`${'a\n'.repeat(21)}a`);
    button?.click();
    flushSync();
    expect(target.querySelector('.long')?.textContent).toBe('a\n'.repeat(199) + 'a');
    expect(button?.getAttribute('aria-expanded')).toBe('true');
    void unmount(component);
    expect(drawn('a\n'.repeat(20))).not.toContain('fold');
  });
});

describe('hostile text', () => {
  it.each([
    '<img src=x onerror=alert(1)>',
    '</p><script>alert(1)</script>',
    '`<b>` **<b>** [<b>](https://a.example/) \n> <b>\n- <b>',
    '```"><script>\n<b>\n```',
    '[a](https://b.example/"onmouseover="alert(1))',
    'https://b.example/"onmouseover="alert(1)',
  ])('%j makes no element and no attribute of its own', (text) => {
    const html = drawn(text);
    expect(html).not.toMatch(/<(?:b|img|script)\b/);
    expect(html.replace(/"[^"]*"/g, '""')).not.toMatch(/<[^>]*\bon\w+=/);
  });
});

describe('mentions', () => {
  const mentions = [
    { start: 0, length: 4, user: 7 },
    { start: 5, length: 4, user: 8 },
    { start: 10, length: 4 },
  ];

  /** The chips of a message that was drawn for that reader, and whose cards were opened. */
  function chips(me?: number): { readonly drawn: readonly HTMLElement[]; readonly opened: unknown[] } {
    const target = document.createElement('div');
    const opened: unknown[] = [];
    const open = (user: unknown): void => void opened.push(user);
    mount(MessageText, {
      target,
      props: { text: '@Ann @Bob @all', labels, mentions, chips: { me, open, channels: () => new Set() } },
    });
    flushSync();
    return { drawn: [...target.querySelectorAll<HTMLElement>('.at')], opened };
  }

  it('are chips, in another colour where the message calls the reader', () => {
    expect(chips().drawn.map((chip) => chip.className)).toEqual(['at', 'at', 'at']);
    expect(chips(7).drawn.map((chip) => chip.className)).toEqual(['at at-me', 'at', 'at at-me']);
  });

  it('of people open their cards; everybody has none', () => {
    const { drawn: all, opened } = chips();
    for (const chip of all) chip.click();
    all[1]?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }));
    expect(opened).toEqual([
      { id: 7, name: 'Ann' },
      { id: 8, name: 'Bob' },
      { id: 8, name: 'Bob' },
    ]);
    expect(all.map((chip) => chip.getAttribute('role'))).toEqual(['button', 'button', null]);
  });
});
