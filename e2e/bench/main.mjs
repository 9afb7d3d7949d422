/**
 * The web app's part of `make bench`: a real Chromium against a running server whose channel `bench 0` holds 100,000
 * messages and whose limits are off. Prints a line of JSON for every figure; what it is doing goes to standard error.
 *
 *     node e2e/bench/main.mjs http://127.0.0.1:8080 [--quick] [--only first,frames,arrival,worst,memory]
 */
import { parseArgs } from 'node:util';
import { arrival } from './arrival.mjs';
import { launch } from './browser.mjs';
import { first } from './first.mjs';
import { frames } from './frames.mjs';
import { memory } from './memory.mjs';
import { worst } from './worst.mjs';

const PARTS = { first, frames, arrival, worst, memory };
/** Posts 50,000 messages: too long for the quick bench. */
const ONLY_IN_FULL = ['memory'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const [origin] = positionals;
if (origin === undefined) throw new Error('Which server? Give its address, such as http://127.0.0.1:8080');
const asked = values.only?.split(',') ?? Object.keys(PARTS);
const unknown = asked.filter((name) => !(name in PARTS));
if (unknown.length > 0) throw new Error(`Unknown: ${unknown.join(', ')}. There are ${Object.keys(PARTS).join(', ')}.`);

const browser = await launch();
try {
  for (const [name, measure] of Object.entries(PARTS)) {
    if (!asked.includes(name) || (values.quick && values.only === undefined && ONLY_IN_FULL.includes(name))) continue;
    console.error(`web: ${name}`);
    for (const [key, figures] of Object.entries(await measure(browser, origin, values.quick))) {
      for (const figure of [figures].flat()) console.log(JSON.stringify({ key, figure }));
    }
  }
} finally {
  await browser.close();
}
