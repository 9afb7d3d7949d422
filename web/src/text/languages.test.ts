import { describe, expect, it } from 'vitest';
import { MAX_COLOURED } from './colours.svelte';
import { highlight } from './languages';
import { CODE_PIECES, LANGUAGES } from './test-pieces';

const kinds = (code: string, language: string): string[] =>
  highlight(code, language, MAX_COLOURED)
    .filter((token) => token.kind !== 'plain')
    .map((token) => `${token.kind}:${token.text}`);

describe('highlight', () => {
  it('colours the snippet of the design', () => {
    const code =
      '// skip an empty holiday table\nlet sailings = overrides\n    .get(&day)\n    .filter(|o| !o.is_empty())\n    .unwrap_or(base);';
    expect(kinds(code, 'rust')).toEqual([
      'comment:// skip an empty holiday table',
      'keyword:let',
      'fn:get',
      'fn:filter',
      'fn:is_empty',
      'fn:unwrap_or',
    ]);
  });

  it.each([
    [
      "fn a<'b>(c: &'b str) { print!(\"x\\\"\", 'y', '\\n', r#\"z\"#) }",
      'rs',
      ['keyword:fn', 'string:"x\\""', "string:'y'", "string:'\\n'", 'string:r#"z"#', 'fn:print!'],
    ],
    ['const a = `b\nc`; /* d */ f(1)', 'ts', ['keyword:const', 'string:`b\nc`', 'comment:/* d */', 'fn:f']],
    [
      'def f(x):  # why\n  return """a\nb"""',
      'python',
      ['keyword:def', 'fn:f', 'comment:# why', 'keyword:return', 'string:"""a\nb"""'],
    ],
    [
      'for f in *; do echo "$#" # each\ndone',
      'bash',
      ['keyword:for', 'keyword:in', 'keyword:do', 'keyword:echo', 'string:"$#"', 'comment:# each', 'keyword:done'],
    ],
    ['{"a": [1, true, null]}', 'json', ['string:"a"', 'keyword:true', 'keyword:null']],
    [
      'int main(void) { return 0; } // end',
      'C',
      ['keyword:int', 'fn:main', 'keyword:void', 'keyword:return', 'comment:// end'],
    ],
    ['let x = "y"', 'brainfuzz', ['keyword:let', 'string:"y"']],
    ['let it be "so"', '', []],
    ['a', 'constructor', []],
  ])('%j as %s', (code, language, wanted) => {
    expect(kinds(code, language).sort()).toEqual([...wanted].sort());
  });

  it.each(LANGUAGES)('loses nothing of any code as %j', (language) => {
    for (const one of CODE_PIECES) {
      for (const two of CODE_PIECES) {
        const code = (one + two).repeat(20);
        expect(
          highlight(code, language, MAX_COLOURED)
            .map((token) => token.text)
            .join(''),
        ).toBe(code);
      }
    }
  });
});
