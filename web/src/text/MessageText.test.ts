// @vitest-environment jsdom
import { flushSync, mount, unmount } from 'svelte';
import { describe, expect, it } from 'vitest';
import MessageText from './MessageText.svelte';

const labels = { copy: 'Copy code', copied: 'Copied' };

/** What a message becomes, without the marks that Svelte leaves and without the class that scopes its styles. */
function drawn(text: string): string {
  const target = document.createElement('div');
  const component = mount(MessageText, { target, props: { text, labels } });
  flushSync();
  const html = target.outerHTML.slice('<div>'.length, -'</div>'.length);
  void unmount(component);
  return html.replace(/<!--.*?-->/g, '').replace(/ svelte-\w+/g, '');
}

describe('a message is drawn as the design has it', () => {
  it.each([
    ['a **b** *c* ~~d~~ `e`', '<p class="txt" dir="auto">a <strong>b</strong> <em>c</em> <s>d</s> <code>e</code></p>'],
    ['a\nb', '<p class="txt" dir="auto">a<br>b</p>'],
    ['早！', '<p class="txt" dir="auto" lang="zh-Hans">早！</p>'],
    ['- a\n- b', '<ul class="txt" dir="auto"><li>a</li><li>b</li></ul>'],
    ['3. a', '<ol class="txt" dir="auto" start="3"><li>a</li></ol>'],
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
      '<a href="https://b.example/" title="https://b.example/" target="_blank" rel="noopener noreferrer nofollow">a</a>',
    );
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
