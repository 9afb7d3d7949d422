/**
 * Whatever happens on the way, everybody ends with what is true: random histories over bad lines, each from a seed. `HISTORIES`
 * is how many, `SEED` the first; a failure names its seed, and `HISTORIES=1 SEED=…` plays it again.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Server } from '../../../e2e/support/server';
import { play } from './history';
import { Owner } from './owner';
import { furnish, origin } from './surroundings';
import { playWhole } from './whole';

vi.mock('socket.io-client', async (importOriginal) => {
  const real = await importOriginal<typeof import('socket.io-client')>();
  return {
    ...real,
    io: (namespace: string, options: object) => real.io(origin() + namespace, { ...options, forceNew: true }),
  };
});

const COUNT = Number(process.env['HISTORIES'] ?? 12);
const FIRST = Number(process.env['SEED'] ?? 1);
/** Of the whole app; every run plays others, and says which. */
const WHOLE = Number(process.env['HISTORIES'] ?? 8);
const FRESH = Number(process.env['SEED'] ?? Date.now() % 1_000_000_000);
/** Histories that are played side by side: most of their time is waiting. */
const SIDE_BY_SIDE = 12;
/** One history takes some seconds; on a machine that does much else, much longer. */
const HISTORY_MS = 240_000;

/** No limits: what they refuse is another test. */
const SETTINGS = [
  'messages',
  'new-channels',
  'new-names',
  'sign-ins',
  'commands',
  'topics',
  'renames',
  'uploads',
  'reports',
].flatMap((limit) => [`--limit-${limit}`, '0']);

let server: Server;
let owner: Owner;

beforeAll(async () => {
  server = await Server.start(SETTINGS);
  owner = await Owner.of(server);
  furnish();
});
afterAll(async () => server.dispose());

describe('after any history, everybody has what a fresh load shows', () => {
  it(
    `in ${COUNT} histories from seed ${FIRST}`,
    { timeout: HISTORY_MS * (1 + Math.ceil(COUNT / SIDE_BY_SIDE)) },
    async () => {
      await inTurn(COUNT, FIRST, (seed) => play(server.origin, seed));
    },
  );

  it(
    `in ${WHOLE} histories of the whole app, whose lines lose events and live on, from seed ${FRESH}`,
    { timeout: HISTORY_MS * (1 + Math.ceil(WHOLE / SIDE_BY_SIDE)) },
    async () => {
      await inTurn(WHOLE, FRESH, (seed) => playWhole(server.origin, owner, seed));
    },
  );
});

/** Plays histories side by side; names the seeds of those that failed. */
async function inTurn(count: number, first: number, play: (seed: number) => Promise<void>): Promise<void> {
  const seeds = Array.from({ length: count }, (_, index) => first + index);
  const failed: string[] = [];
  const worker = async (): Promise<void> => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
      await Promise.race([play(seed), late()]).catch((error: unknown) => {
        failed.push(`SEED=${seed}: ${error instanceof Error ? error.message : String(error)}`);
      });
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  if (failed.length > 0) throw new Error(failed.join('\n\n'));
  expect(server.complaints()).toEqual([]);
}

async function late(): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve, HISTORY_MS).unref());
  throw new Error(`it did not end within ${HISTORY_MS} ms`);
}
