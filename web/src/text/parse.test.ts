import { describe, expect, it } from 'vitest';
import { parse } from './parse';
import { MAX_LIST_DEPTH, MAX_MARKS, MAX_PARTS, visible, type Block, type Inline, type Item } from './tree';

/** The tree in a short form: `p(…)`, `b(…)` and so on; breaks in text as ⏎. A lone paragraph in a list is its text. */
function short(text: string): string {
  return parse(text).map(shortBlock).join(' ');
}

function shortBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return `p(${shortInlines(block.children)})`;
    case 'quote':
      return `quote(${block.children.map(shortBlock).join(' ')})`;
    case 'bullets':
      return `ul(${block.items.map(shortItem).join(' | ')})`;
    case 'numbers':
      return `ol${block.start}(${block.items.map(shortItem).join(' | ')})`;
    case 'box':
      return block.done ? '☑' : '☐';
    case 'table':
      return `table:${block.aligns.join()}(${[block.head, ...block.rows].map(shortRow).join(' / ')})`;
    case 'codeblock':
      return `pre:${block.language}(${block.text})`;
  }
}

function shortRow(cells: readonly (readonly Inline[])[]): string {
  return cells.map(shortInlines).join(' | ');
}

function shortItem(item: Item): string {
  const [first, ...more] = item;
  const begin = first?.kind === 'paragraph' ? [shortInlines(first.children)] : item.slice(0, 1).map(shortBlock);
  return [...begin, ...more.map(shortBlock)].join(' ');
}

function shortInlines(inlines: readonly Inline[]): string {
  return inlines.map(shortInline).join('');
}

function shortInline(inline: Inline): string {
  switch (inline.kind) {
    case 'text':
      return inline.text.replaceAll('\n', '⏎');
    case 'code':
      return `c(${inline.text})`;
    case 'link':
      return `a<${inline.href}>(${shortInlines(inline.children)})`;
    case 'mention':
      return inline.text;
    case 'strong':
      return `b(${shortInlines(inline.children)})`;
    case 'em':
      return `i(${shortInlines(inline.children)})`;
    case 'strike':
      return `s(${shortInlines(inline.children)})`;
  }
}

describe('blocks', () => {
  it.each([
    ['one\ntwo\n\nthree', 'p(one⏎two) p(three)'],
    ['one\r\ntwo\rthree', 'p(one⏎two⏎three)'],
    ['a\vb\fc\u0085d\u2028e\u2029f', 'p(a⏎b⏎c⏎d⏎e⏎f)'],
    ['> quoted\n> more\nreply', 'quote(p(quoted⏎more)) p(reply)'],
    ['>引用\n回答', 'quote(p(引用)) p(回答)'],
    ['> > inner\n> outer', 'quote(quote(p(inner)) p(outer))'],
    ['>>> deep', 'quote(quote(p(> deep)))'],
    ['> - a\n> - b', 'quote(ul(a | b))'],
    ['>:( no', 'p(>:( no)'],
    ['- a\n* b\n• c', 'ul(a | b | c)'],
    ['before\n- a\nafter', 'p(before) ul(a) p(after)'],
    ['- a\n  more\n- b', 'ul(a⏎more | b)'],
    ['1. a\n2. b', 'ol1(a | b)'],
    ['7. a\n8. b', 'ol7(a | b)'],
    ['1. a\n1. b', 'ol1(a | b)'],
    ['1. a\n5. b', 'ol1(a) ol5(b)'],
    ['1. **a**\n2. `b`', 'ol1(b(a) | c(b))'],
    ['2025. a\n2026. b', 'ol2025(a | b)'],
    ['- a\n  - b\n    - c\n  - d\n- e', 'ul(a ul(b ul(c) | d) | e)'],
    ['1. a\n   - b\n2. c\n   3. d\n   4. e\n3. f', 'ol1(a ul(b) | c ol3(d | e) | f)'],
    ['1. a\n  1. b\n  2. c\n2. d', 'ol1(a ol1(b | c) | d)'],
    ['- a\n\t- b\n- c', 'ul(a ul(b) | c)'],
    ['  - a\n  - b\n- c', 'ul(a | b | c)'],
    ['- a\n\n  b\n- c', 'ul(a p(b) | c)'],
    ['- a\n\nb', 'ul(a) p(b)'],
    ['1. run\n   ```sh\n   ls\n     -l\n   ```\n2. look', 'ol1(run pre:sh(ls\n  -l) | look)'],
    ['- ```\n  a\n\n  b\n  ```\n- c', 'ul(pre:(a\n\nb) | c)'],
    ['- a\n  > b\n- c', 'ul(a quote(p(b)) | c)'],
    ['1. run\n```\nls\n```\n2. look', 'ol1(run) pre:(ls) ol2(look)'],
    ['1.5 litres', 'p(1.5 litres)'],
    ['-5 degrees', 'p(-5 degrees)'],
    ['```rust\nlet a = 1;\n\nlet b;\n```', 'pre:rust(let a = 1;\n\nlet b;)'],
    ['```\na\n```\nafter', 'pre:(a) p(after)'],
    ['```js\nnever closed\n**x**', 'pre:js(never closed\n**x**)'],
    ['````\n```\n````', 'pre:(```)'],
    ['```let a = 1\nb\n```', 'pre:(let a = 1\nb)'],
    ['> ```sh\n> ls\n> ```\nafter', 'quote(pre:sh(ls)) p(after)'],
    ['- [ ] a\n- [x] *b*\n- [X] c\n- d', 'ul(☐ p(a) | ☑ p(i(b)) | ☑ p(c) | d)'],
    ['- [ ] a\n  - [x] b', 'ul(☐ p(a) ul(☑ p(b)))'],
    ['1. [x] a', 'ol1([x] a)'],
    ['- [x]', 'ul([x])'],
    ['- [y] a\n- [x](https://b.example) c', 'ul([y] a | a<https://b.example/>(x) c)'],
    ['| a | b |\n|---|:-:|\n| *1* | 2 |\n|3|4', 'table:,center(a | b / i(1) | 2 / 3 | 4)'],
    ['a|b|c\n-|-:|:-\n1|2|3\nafter', 'table:,end,(a | b | c / 1 | 2 | 3) p(after)'],
    ['before\n|班次|时间|\n|--|--|\n|一|06:10|\n\nafter', 'p(before) table:,(班次 | 时间 / 一 | 06:10) p(after)'],
    ['|a|b|\n|-|-|\n|1|\n|1|2|3|4|', 'table:,(a | b / 1 |  / 1 | 2 | 3 | 4)'],
    ['|a\\|b|\n|-|\n|`x\\|y`|', 'table:(a|b / c(x|y))'],
    ['|a|b|\n|-|-|', 'table:,(a | b)'],
    ['|a|b|\n|-|', 'p(|a|b|⏎|-|)'],
    ['|a|\n|b|', 'p(|a|⏎|b|)'],
    ['a\n---', 'p(a⏎---)'],
    ['> |a|\n> |-|\n> |1|', 'quote(table:(a / 1))'],
    ['- x\n  |a|\n  |-|\n  |1|', 'ul(x table:(a / 1))'],
  ])('%j', (text, tree) => {
    expect(short(text)).toBe(tree);
  });

  it.each([
    '>',
    '-',
    '*',
    '1.',
    '```',
    '```\n```',
    '****',
    '~~~~',
    '` `',
    '[](https://a.example)',
    '>\n>',
    '|\n|-|',
    '||\n|-|-|',
  ])('shows %j, which holds marks alone, as it is', (text) => {
    expect(visible(parse(text)).replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
  });
});

describe('emphasis', () => {
  it.each([
    ['**bold** and *it* and _it_', 'p(b(bold) and i(it) and i(it))'],
    ['~~gone~~ ~not~', 'p(s(gone) ~not~)'],
    ['***both***', 'p(i(b(both)))'],
    ['**a *b* c**', 'p(b(a i(b) c))'],
    ['**a\nb**', 'p(b(a⏎b))'],
    ['snake_case_name __init__', 'p(snake_case_name b(init))'],
    ['2 * 3 * 4', 'p(2 * 3 * 4)'],
    ['**open', 'p(**open)'],
    ['**a*', 'p(*i(a))'],
    ['*a **b*', 'p(*a *i(b))'],
    ['这是**重点**吧', 'p(这是b(重点)吧)'],
    ['这是*重点*吧', 'p(这是i(重点)吧)'],
    ['这是_重点_吧', 'p(这是i(重点)吧)'],
    ['这是~~重点~~吧', 'p(这是s(重点)吧)'],
    ['这是**“重点”**吧', 'p(这是b(“重点”)吧)'],
    ['他说：**「好」**，然后**走了。**我们', 'p(他说：b(「好」)，然后b(走了。)我们)'],
    ['**注意：**明天', 'p(b(注意：)明天)'],
    ['重要**wow**重要', 'p(重要b(wow)重要)'],
    ['**🎉**x', 'p(b(🎉)x)'],
    ['¯\\_(ツ)_/¯', 'p(¯\\_(ツ)_/¯)'],
    ['\\*not\\*', 'p(\\*not\\*)'],
  ])('%j', (text, tree) => {
    expect(short(text)).toBe(tree);
  });
});

describe('code', () => {
  it.each([
    ['run `a *b* c` now', 'p(run c(a *b* c) now)'],
    ['``a ` b``', 'p(c(a ` b))'],
    ['`` ` ``', 'p(c(`))'],
    ['`open', 'p(`open)'],
    ['**`x`**', 'p(b(c(x)))'],
    ['用`code`吧', 'p(用c(code)吧)'],
  ])('%j', (text, tree) => {
    expect(short(text)).toBe(tree);
  });
});

describe('links', () => {
  it.each([
    ['see https://a.example/b?c=1#d.', 'p(see a<https://a.example/b?c=1#d>(https://a.example/b?c=1#d).)'],
    ['(http://a.example/x_(y))', 'p((a<http://a.example/x_(y)>(http://a.example/x_(y))))'],
    ['看https://a.example/b。好', 'p(看a<https://a.example/b>(https://a.example/b)。好)'],
    ['https://a.example，是', 'p(a<https://a.example/>(https://a.example)，是)'],
    ['（https://a.example/b）', 'p(（a<https://a.example/b>(https://a.example/b)）)'],
    ['《https://a.example/b》', 'p(《a<https://a.example/b>(https://a.example/b)》)'],
    ['**https://a.example/b**', 'p(b(a<https://a.example/b>(https://a.example/b)))'],
    ['https://a.example/snake_case_x', 'p(a<https://a.example/snake_case_x>(https://a.example/snake_case_x))'],
    ['[the *label*](https://a.example/)', 'p(a<https://a.example/>(the i(label)))'],
    ['[write](mailto:a@b.example)', 'p(a<mailto:a@b.example>(write))'],
    ['[书](https://a.example/《红楼梦》)', 'p(a<https://a.example/%E3%80%8A%E7%BA%A2%E6%A5%BC%E6%A2%A6%E3%80%8B>(书))'],
    ['<https://a.example/b>', 'p(a<https://a.example/b>(https://a.example/b))'],
    ['(<https://a.example/b>)', 'p((a<https://a.example/b>(https://a.example/b)))'],
    [
      '<a.b@c.example> or <mailto:a@b.example>',
      'p(a<mailto:a.b@c.example>(a.b@c.example) or a<mailto:a@b.example>(mailto:a@b.example))',
    ],
    ['<javascript:alert(1)> <b> 1 < 2', 'p(<javascript:alert(1)> <b> 1 < 2)'],
    ['[x](https://a.example/ "Title")', 'p(a<https://a.example/>(x))'],
    ["[x]( https://a.example/ 'Ti\\'tle' )", 'p(a<https://a.example/>(x))'],
    ['[x](https://a.example/ (Title))', 'p(a<https://a.example/>(x))'],
    ['[x](<https://a.example/(b>)', 'p(a<https://a.example/(b>(x))'],
    ['[x](https://a.example/\\))', 'p(a<https://a.example/)>(x))'],
    ['[x](https://a.example/ no title)', 'p([x](a<https://a.example/>(https://a.example/) no title))'],
    ['[x](javascript:alert(1))', 'p([x](javascript:alert(1)))'],
    ['[x](JavaScript:alert(1))', 'p([x](JavaScript:alert(1)))'],
    ['[x](data:text/html,hi)', 'p([x](data:text/html,hi))'],
    ['[x](/channels)', 'p([x](/channels))'],
    ['[x]', 'p([x])'],
    [
      '[a [b](https://a.example/) c](https://b.example/)',
      'p([a a<https://a.example/>(b) c](a<https://b.example/>(https://b.example/)))',
    ],
    ['xhttps://a.example', 'p(xhttps://a.example)'],
    ['https://', 'p(https://)'],
    ['https://bank.example@evil.example/', 'p(https://bank.example@evil.example/)'],
  ])('%j', (text, tree) => {
    expect(short(text)).toBe(tree);
  });

  it('does not believe a label that names another host', () => {
    expect(short('[https://bank.example](https://evil.example/)')).not.toContain(
      '<https://evil.example/>(https://bank',
    );
    expect(short('[https://bank.example](https://bank.example/login)')).toBe(
      'p(a<https://bank.example/login>(https://bank.example))',
    );
  });

  it.each([
    '[bank.example](https://evil.example/)',
    '[www.bank.example/login](https://evil.example/)',
    '[go to BANK.example now](https://evil.example/)',
    '[**bank**.example](https://evil.example/)',
    '[bank.exa\u200bmple](https://evil.example/)',
    '[ｂａｎｋ．ｅｘａｍｐｌｅ](https://evil.example/)',
    '[银行。example](https://evil.example/)',
    '[https://evil.example and https://bank.example](https://evil.example/)',
    '[bank.example](https://bank.example.evil.example/)',
    '[bank.app](https://evil.example/)',
    '[my.bank.ai](https://evil.example/)',
  ])('does not believe %j, which shows another host', (text) => {
    // The brackets stay, and the address behind them is to be seen.
    expect(short(text)).toContain('](a<');
  });

  it.each([
    '[bank.example](https://bank.example/login)',
    '[bank.example](https://www.bank.example/)',
    '[Bank.Example:8443](https://bank.example:8443/)',
    '[README.md](https://code.example/README.md)',
    '[v1.2.3 of main.rs](https://code.example/)',
    '[e.g. this](https://a.example/)',
    '[a@b.example](mailto:a@b.example)',
    '[重点。好](https://a.example/)',
  ])('believes %j', (text) => {
    expect(short(text)).toMatch(/^p\(a<.*\)$/);
  });

  it('marks links whose address is not to be seen', () => {
    const [first] = parse('[x](https://a.example/ "Why")');
    expect(first).toMatchObject({ children: [{ kind: 'link', labelled: true, title: 'Why' }] });
  });
});

describe('names', () => {
  it('/me tells what the author does', () => {
    const told = (text: string): string => parse(text, { author: 'Mei Lin' }).map(shortBlock).join(' ');
    expect(told('/me waves')).toBe('p(i(Mei Lin waves))');
    expect(told('/me *waves*\n\nBye')).toBe('p(i(Mei Lin i(waves))) p(Bye)');
    expect(told('/me - a\n- b')).toBe('p(i(Mei Lin )) ul(a | b)');
    for (const text of ['/me', '/me ', '/mean it', ' /me waves', '/ME waves']) expect(told(text)).toBe(`p(${text})`);
    expect(short('/me waves')).toBe('p(/me waves)');
  });

  it('are text without mentions', () => {
    expect(short('@Tomás #general')).toBe('p(@Tomás #general)');
  });
});

describe('bounds', () => {
  it('lists stand so deep in one another, and no deeper', () => {
    const text = Array.from({ length: MAX_LIST_DEPTH + 2 }, (_, depth) => `${'  '.repeat(depth)}- a${depth}`).join(
      '\n',
    );
    expect(short(text)).toBe('ul(a0 ul(a1 ul(a2 ul(a3 ul(a4⏎- a5⏎- a6)))))');
  });

  it('more parts than a message may have are text', () => {
    const text = '*a* '.repeat(MAX_PARTS * 2);
    const [first] = parse(text);
    const parts = first?.kind === 'paragraph' ? first.children.filter((inline) => inline.kind === 'em') : [];
    expect(parts.length).toBeGreaterThan(MAX_PARTS / 2);
    expect(parts.length).toBeLessThanOrEqual(MAX_PARTS);
    expect(visible(parse(text)).replaceAll('*', '')).toBe(text.replaceAll('*', ''));
  });

  it('marks beyond what any script stacks on a letter are not shown', () => {
    expect(visible(parse(`ก${'\u0e49'.repeat(500)}ข`))).toBe(`ก${'\u0e49'.repeat(MAX_MARKS)}ข`);
    expect(visible(parse('ก็ à̧ n̂'))).toBe('ก็ à̧ n̂');
  });
});
