/**
 * Writes dist/first.css: of the stylesheet that the build made, the rules that the server's first view of a channel needs.
 * The server puts them into the page itself, so that the view is painted before the stylesheet arrives.
 *
 * What the view needs is read from its template: a rule stays when all its classes and attributes stand there. So there is
 * one source of every rule, and a class that the template gains brings its rules along. A component's own rules stay there.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import postcss from 'postcss';

/** It goes into every page of a channel: 180 kB/s is what a slow phone has. */
const BUDGET_BYTES = 24 * 1024;
const TEMPLATES = new URL('../../crates/chinwag/templates/first/', import.meta.url);
/** Its rows stand in a <noscript> of another template. */
const ONLY_WITHOUT_SCRIPT = 'older.html';
const DIST = new URL('../dist/', import.meta.url);
/** What stands on the page's root, is set by the view's script, or by the reader's own looks. */
const ALWAYS = ['[data-theme', '[lang', '[data-hue', '.av', '.day', '.msg-lead'];
/** What a page without a pointer on it and without script does not show yet. */
const LATER = /:(?:hover|active|focus|target|disabled)\b|:focus-|::?(?:placeholder|selection|backdrop|-)/;

const manifest = JSON.parse(await readFile(new URL('.vite/manifest.json', DIST), 'utf8'));
const sheets = await Promise.all(manifest['src/main.ts'].css.map((file) => readFile(new URL(file, DIST), 'utf8')));
const root = postcss.parse(sheets.join('\n'));
const known = await wordsOfTemplates();

root.walkRules((rule) => {
  // The steps of an animation are no selectors.
  if (rule.parent.type === 'atrule' && rule.parent.name.endsWith('keyframes')) return;
  rule.selectors = rule.selectors.filter(needed);
  if (rule.selector === '') rule.remove();
});
// Nothing moves before there is a script.
root.walkDecls(/^transition/, (declaration) => declaration.remove());
dropUnusedNames();
for (let before = -1; before !== count();) {
  before = count();
  root.walkAtRules((rule) => rule.nodes?.length === 0 && rule.remove());
}
const code = root.toString();
if (code.length > BUDGET_BYTES) throw new Error(`dist/first.css has ${code.length} bytes, of ${BUDGET_BYTES}`);
await writeFile(new URL('first.css', DIST), code);

/** The elements, classes and attributes of the view. What stands in <noscript> has the whole stylesheet to wait for. */
async function wordsOfTemplates() {
  const words = new Set(ALWAYS);
  for (const name of await readdir(TEMPLATES)) {
    if (name === ONLY_WITHOUT_SCRIPT) continue;
    const source = await readFile(new URL(name, TEMPLATES), 'utf8');
    const text = source.replace(/<noscript>[^]*?<\/noscript>/g, '').replace(/\{%[^]*?%\}|\{\{[^]*?\}\}/g, ' ');
    for (const [, element, attributes] of text.matchAll(/<([a-z]\w*)([^>]*)>/g)) {
      words.add(element);
      for (const [, attribute, value = ''] of attributes.matchAll(/([a-z-]+)(?:="([^"]*)")?/g)) {
        if (attribute !== 'class') words.add(`[${attribute}`);
        else for (const one of value.split(/\s+/)) words.add(`.${one}`);
      }
    }
  }
  return words;
}

function needed(selector) {
  const bare = selector.replace(/:not\([^)]*\)/g, '').replace(/="?[^\]]*\]/g, ']');
  if (bare === '' || LATER.test(bare) || /\.svelte-|\[class/.test(bare)) return false;
  const names = bare.replace(/::?[\w-]+(?:\([^)]*\))?/g, '').match(/[.[]?[a-z][\w-]*/g) ?? [];
  return names.every((name) => known.has(name));
}

/** Values and animations that no rule uses. */
function dropUnusedNames() {
  for (let again = true; again;) {
    const used = new Set([...root.toString().matchAll(/var\((--[\w-]+)/g)].map(([, name]) => name));
    again = false;
    root.walkDecls(/^--/, (declaration) => {
      if (used.has(declaration.prop)) return;
      declaration.remove();
      again = true;
    });
  }
  const text = root.toString();
  root.walkAtRules(/keyframes$/, (rule) => {
    if (!new RegExp(`animation[^;}]*\\b${rule.params}\\b`).test(text.replace(rule.toString(), ''))) rule.remove();
  });
  root.walkRules((rule) => rule.nodes.length === 0 && rule.remove());
}

function count() {
  let nodes = 0;
  root.walk(() => void (nodes += 1));
  return nodes;
}
