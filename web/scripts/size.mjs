/** Fails when the script that must arrive before the first message shows is larger, compressed, than its budget. */
import { readFile } from 'node:fs/promises';

const BUDGET_BYTES = 90 * 1024;
const DIST = new URL('../dist/', import.meta.url);

const manifest = JSON.parse(await readFile(new URL('.vite/manifest.json', DIST), 'utf8'));
const needed = new Set();
const add = (chunk) => {
  const entry = manifest[chunk];
  if (entry === undefined || needed.has(entry.file)) return;
  needed.add(entry.file);
  for (const next of entry.imports ?? []) add(next);
};
add('src/main.ts');

let total = 0;
for (const file of needed) {
  const { length } = await readFile(new URL(`${file}.br`, DIST));
  total += length;
  console.log(`${(length / 1024).toFixed(1).padStart(7)} KB  ${file}`);
}
console.log(`${(total / 1024).toFixed(1).padStart(7)} KB  of ${BUDGET_BYTES / 1024} KB, brotli`);
if (total > BUDGET_BYTES) process.exitCode = 1;
