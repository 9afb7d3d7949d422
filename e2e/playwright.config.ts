/**
 * The whole product in a real Chromium: Debian's, not one that Playwright brings.
 *
 * `suite` proves the product; `pictures` fills a workspace and photographs every page; the stories of
 * `engines/` are a project for each engine. Nothing is retried: a test that
 * fails now and then is a bug.
 */
import { defineConfig } from '@playwright/test';
import { DEADLINE_MS, TEST_MS } from './support/deadline';
import { ENGINES, type EngineName } from './engines/driver';

const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export default defineConfig<object, { engineName: EngineName }>({
  // One more for every two cores: some stories wait for pauses of the product, and the others have the cores meanwhile.
  workers: '150%',
  fullyParallel: true,
  forbidOnly: process.env['CI'] !== undefined,
  retries: 0,
  timeout: TEST_MS,
  globalTimeout: 30 * 60_000,
  expect: { timeout: DEADLINE_MS },
  reporter: [['list']],
  outputDir: 'test-results',
  use: {
    browserName: 'chromium',
    launchOptions: {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: CHROMIUM_FLAGS,
    },
  },
  projects: [
    { name: 'suite', testDir: 'tests' },
    { name: 'pictures', testDir: 'pictures', timeout: 2 * TEST_MS },
    ...ENGINES.map((engineName) => ({ name: engineName, testDir: 'engines', use: { engineName } })),
  ],
});
