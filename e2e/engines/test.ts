/** The `test` of the stories: a server and a network for each, an engine for each worker, and people with browsers. */
import { writeFile } from 'node:fs/promises';
import { test as base, expect, type LaunchOptions } from '@playwright/test';
import { LATE_MS } from '../support/deadline';
import { networkBefore, serverFor, voicesAt } from '../support/fixtures';
import { Person } from '../support/person';
import type { Proxy } from '../support/proxy';
import type { Server } from '../support/server';
import type { Voice } from '../support/voice';
import { startChromium } from './chromium';
import type { Browser, Engine, EngineName } from './driver';
import { startFirefox } from './firefox';
import { Page } from './page';
import * as screen from './screen';
import { startWebKit } from './webkit';

/** Somebody with a browser of their own and a page in it. */
export class Reader {
  readonly pages: Page[] = [];

  constructor(
    private readonly browser: Browser,
    private readonly origin: string,
  ) {}

  /** Opens a further tab, which is shown. */
  async tab(): Promise<Page> {
    const page = new Page(await this.browser.tab(), this.origin);
    this.pages.push(page);
    return page;
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}

interface WorkerFixtures {
  /** Which engine the stories of this project run in. */
  readonly engineName: EngineName;
  readonly engine: Engine;
}

interface Fixtures {
  readonly server: Server;
  readonly network: Proxy;
  /** Somebody with a fresh browser, not signed in. */
  readonly visitor: () => Promise<Reader>;
  /** A page of somebody who has just signed in under a name, and stands at a channel where one is named. */
  readonly person: (name: string, channel?: string) => Promise<{ readonly reader: Reader; readonly page: Page }>;
  /** Somebody signed in who only calls the REST interface. */
  readonly voice: (name: string) => Promise<Voice>;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  engineName: ['chromium', { option: true, scope: 'worker' }],

  engine: [
    async ({ engineName, launchOptions }, use) => {
      const engine = await start(engineName, launchOptions);
      await use(engine);
      await engine.close();
    },
    { scope: 'worker', timeout: 2 * LATE_MS },
  ],

  server: ({}, use, info) => serverFor([], use, info),

  network: ({ server }, use) => networkBefore(server, use),

  visitor: async ({ engine, network }, use, info) => {
    const readers: Reader[] = [];
    await use(async () => {
      const reader = new Reader(await engine.browser(), network.origin);
      readers.push(reader);
      return reader;
    });
    const pages = readers.flatMap((reader) => reader.pages);
    if (info.status !== info.expectedStatus) {
      for (const [index, page] of pages.entries()) {
        const body = await page.screenshot().catch(() => undefined);
        if (body === undefined) continue;
        const path = info.outputPath(`page-${index + 1}.png`);
        await writeFile(path, body);
        await info.attach(`page ${index + 1}`, { path, contentType: 'image/png' });
      }
    }
    const complaints = (await Promise.all(pages.map((page) => page.complaints()))).flat();
    await Promise.all(readers.map((reader) => reader.close()));
    expect(complaints, 'what went wrong in a page').toEqual([]);
  },

  person: async ({ visitor }, use) => {
    await use(async (name, channel) => {
      const reader = await visitor();
      const page = await reader.tab();
      await page.open('/login');
      await page.write(screen.signIn().name, name);
      await page.press('Enter');
      await page.see(screen.channels().heading);
      if (channel !== undefined) await page.open(Person.address(channel));
      return { reader, page };
    });
  },

  voice: ({ playwright, server }, use) => voicesAt(server, playwright, use),
});

function start(name: EngineName, options: LaunchOptions): Promise<Engine> {
  if (name === 'firefox') return startFirefox(installed('FIREFOX'));
  if (name === 'webkit') return startWebKit(installed('MINIBROWSER'));
  return startChromium(options);
}

/** The path of a browser, as `make engines` finds it. */
function installed(variable: string): string {
  const path = process.env[variable];
  if (path === undefined || path === '') throw new Error(`${variable} does not name a browser: run \`make engines\`.`);
  return path;
}

export { expect };
