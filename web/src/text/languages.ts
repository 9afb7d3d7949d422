/**
 * A small highlighter for code blocks: comments, keywords, strings and called functions, as a list of tokens.
 *
 * A language is a row in a table. It knows enough to colour a snippet in a chat and no more; what it does not recognise
 * is plain. One pass of sticky patterns, each of which consumes whatever it looked at, so the time is linear.
 */

export type TokenKind = 'comment' | 'keyword' | 'string' | 'fn' | 'plain';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

interface Language {
  readonly comment: RegExp;
  readonly string: RegExp;
  readonly keywords: ReadonlySet<string>;
  /** Whether a name before `(` is coloured as a call. */
  readonly calls: boolean;
}

const WORD = /[\p{L}_$][\p{L}\p{N}_$]*!?/uy;
const OTHER = /[^\p{L}_$"'`#/r]+|[\s\S]/uy;

const SLASHES = /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y;
const HASH = /#[^\n]*/y;
const NEVER = /(?!)/y;
const DOUBLE = /"(?:[^"\\\n]|\\.)*"?/y;
const QUOTED = /"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?/y;

const TABLE: Readonly<Record<string, Language>> = {
  rust: language(
    SLASHES,
    // A lifetime is no string, so a single quote needs its partner right after one character.
    /r(#*)"[\s\S]*?(?:"\1|$)|"(?:[^"\\]|\\[\s\S])*"?|'(?:[^'\\\n]|\\u\{[0-9a-fA-F]{1,6}\}|\\x..|\\.)'/y,
    `as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move mut
     pub ref return self Self static struct super trait true type unsafe use where while`,
  ),
  js: language(
    SLASHES,
    /"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|`(?:[^`\\]|\\[\s\S])*`?/y,
    `as async await break case catch class const continue default delete do else enum export extends false finally for
     from function if implements import in instanceof interface let new null of return satisfies static super switch
     this throw true try type typeof undefined var void while yield`,
  ),
  python: language(
    HASH,
    /"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?/y,
    `and as assert async await break case class continue def del elif else except False finally for from global if
     import in is lambda match None nonlocal not or pass raise return True try while with yield`,
  ),
  sh: language(
    HASH,
    /"(?:[^"\\]|\\[\s\S])*"?|'[^']*'?/y,
    `case cd do done echo elif else esac eval exec exit export fi for function if in local read return set shift source
     sudo then trap unset until while`,
    false,
  ),
  json: language(SLASHES, DOUBLE, 'true false null', false),
  c: language(
    SLASHES,
    QUOTED,
    `abstract auto bool boolean break byte case catch char class const continue default defer delete do double else enum
     extends extern false final finally float for func go goto if implements import int interface internal let long
     namespace new nil null nullptr override package private protected public return short signed sizeof static string
     struct switch template this throw throws true try type typedef union unsigned using val var virtual void volatile
     while`,
  ),
  generic: language(
    SLASHES,
    QUOTED,
    `and begin break case class const def do else end enum false fn for func function if import in let match new nil
     null or return self struct then this true try type use var void while`,
  ),
  plain: language(NEVER, NEVER, '', false),
};

const NAMES: Readonly<Record<string, string>> = {
  rs: 'rust',
  javascript: 'js',
  jsx: 'js',
  mjs: 'js',
  ts: 'js',
  tsx: 'js',
  typescript: 'js',
  svelte: 'js',
  py: 'python',
  bash: 'sh',
  zsh: 'sh',
  shell: 'sh',
  console: 'sh',
  jsonc: 'json',
  json5: 'json',
  h: 'c',
  cc: 'c',
  cpp: 'c',
  'c++': 'c',
  hpp: 'c',
  cs: 'c',
  csharp: 'c',
  java: 'c',
  go: 'c',
  golang: 'c',
  kotlin: 'c',
  kt: 'c',
  swift: 'c',
  scala: 'c',
  dart: 'c',
  '': 'plain',
  text: 'plain',
  txt: 'plain',
  plain: 'plain',
  plaintext: 'plain',
};

/**
 * Splits code into at most `most` coloured pieces and what stands between them; the rest is plain. Put together again they
 * are `code`; the language is a fence's word, in any case.
 */
export function highlight(code: string, name: string, most: number): Token[] {
  const language = languageOf(name);
  const tokens: Token[] = [];
  let coloured = 0;
  for (let pos = 0; pos < code.length;) {
    const token: Token = coloured >= most ? { kind: 'plain', text: code.slice(pos) } : tokenAt(code, pos, language);
    if (token.kind !== 'plain') coloured += 1;
    pos += token.text.length;
    const last = tokens.at(-1);
    if (last?.kind === token.kind) tokens[tokens.length - 1] = { kind: last.kind, text: last.text + token.text };
    else tokens.push(token);
  }
  return tokens;
}

function languageOf(name: string): Language {
  const wanted = name.toLowerCase();
  const known = Object.hasOwn(NAMES, wanted) ? NAMES[wanted] : wanted;
  const row = known !== undefined && Object.hasOwn(TABLE, known) ? TABLE[known] : TABLE['generic'];
  return row ?? language(NEVER, NEVER, '', false);
}

function tokenAt(code: string, pos: number, language: Language): Token {
  const comment = startsComment(code, pos) ? matchAt(language.comment, code, pos) : undefined;
  if (comment !== undefined) return { kind: 'comment', text: comment };
  const string = matchAt(language.string, code, pos);
  if (string !== undefined) return { kind: 'string', text: string };
  const word = matchAt(WORD, code, pos);
  if (word !== undefined) return { kind: wordKind(word, code.charAt(pos + word.length), language), text: word };
  return { kind: 'plain', text: matchAt(OTHER, code, pos) ?? code.slice(pos) };
}

/** A `#` inside a word or after `$` is no comment: `$#`, `a#b`. */
function startsComment(code: string, pos: number): boolean {
  return code.charAt(pos) !== '#' || pos === 0 || /[\s;(){}]/.test(code.charAt(pos - 1));
}

function wordKind(word: string, next: string, language: Language): TokenKind {
  if (language.keywords.has(word)) return 'keyword';
  return language.calls && next === '(' ? 'fn' : 'plain';
}

function matchAt(pattern: RegExp, code: string, pos: number): string | undefined {
  pattern.lastIndex = pos;
  const found = pattern.exec(code)?.[0];
  return found === '' ? undefined : found;
}

function language(comment: RegExp, string: RegExp, keywords: string, calls = true): Language {
  return { comment, string, keywords: new Set(keywords.split(/\s+/).filter((word) => word !== '')), calls };
}
