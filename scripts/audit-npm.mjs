/**
 * Checks the licences and sources of npm packages, as the lock files of the given folders name them. Nearly all packages only
 * build or test; for those that are part of the web app (`SHIPPED`) the rule is stricter.
 */
import { readFileSync } from 'node:fs';

const REGISTRY = 'https://registry.npmjs.org/';
/** Permissive licences, and MPL-2.0 for packages that are used unchanged and not distributed. */
const ALLOWED = new Set([
  '(MIT OR CC0-1.0)', '0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'CC0-1.0', 'ISC', 'MIT',
  'MIT OR Apache-2.0', 'MIT-0', 'MPL-2.0', 'Python-2.0',
]);
/** Packages whose lock entry names no licence. Their own files say MIT. */
const READ_BY_HAND = new Set(['svg-tags', 'xmlhttprequest-ssl']);
/** Packages that are sent to the browser. */
const SHIPPED = /node_modules\/(svelte|emojibase-data|tus-js-client|idb|socket\.io-client|socket\.io-parser|engine\.io-client|engine\.io-parser)$/;
/** The licences that those may have. */
const SHIPPED_UNDER = new Set(['MIT', 'ISC']);

let wrong = 0;
const complain = (text) => {
  console.error(`chinwag: ${text}`);
  wrong += 1;
};
for (const folder of process.argv.slice(2)) {
  const { packages } = JSON.parse(readFileSync(`${folder}/package-lock.json`, 'utf8'));
  for (const [path, entry] of Object.entries(packages)) {
    const name = path.split('node_modules/').at(-1);
    if (path === '' || entry.link) continue;
    if (entry.resolved && !entry.resolved.startsWith(REGISTRY)) complain(`${folder}: ${name} comes from elsewhere`);
    if (entry.license === undefined && READ_BY_HAND.has(name)) continue;
    if (!ALLOWED.has(entry.license)) complain(`${folder}: ${name} has the licence ${entry.license ?? 'unknown'}`);
    if (SHIPPED.test(path) && !SHIPPED_UNDER.has(entry.license)) complain(`${folder}: ${name} is shipped under ${entry.license}`);
  }
  console.log(`${folder}: ${Object.keys(packages).length - 1} packages looked at`);
}
if (wrong === 0) console.log('npm licences ok, sources ok');
process.exit(wrong === 0 ? 0 : 1);
