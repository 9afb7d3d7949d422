/**
 * The `test` of this suite: a server per test, people who come into it, and the rule that nothing goes wrong on the side.
 *
 * Each test has a server and a data folder to itself. That costs a fraction of a second and means that no test can be
 * disturbed by what another left behind: all of them may be called Ada and use the channel `general`.
 */
import { test as base, expect, type BrowserContextOptions } from '@playwright/test';
import { networkBefore, serverFor, voicesAt } from './fixtures';
import { DEFAULTS, Person, type Site } from './person';
import type { Proxy } from './proxy';
import type { Server } from './server';
import type { Voice } from './voice';

interface Fixtures {
  /** Further arguments of `chinwag serve` for this test. */
  readonly settings: string[];
  readonly server: Server;
  /** A network before the server that the test can spoil. */
  readonly network: Proxy;
  /** Somebody with a fresh browser, not signed in. */
  readonly visitor: (options?: BrowserContextOptions, site?: Site) => Promise<Person>;
  /** Somebody with a fresh browser, signed in under a name. */
  readonly person: (name: string, options?: BrowserContextOptions, site?: Site) => Promise<Person>;
  /** Somebody whose browser keeps everything in a folder: closed and opened again it is the same one. */
  readonly settler: (folder: string, site: Site) => Promise<Person>;
  /** Somebody signed in under a name who only calls the REST interface: cheaper than a browser. */
  readonly voice: (name: string) => Promise<Voice>;
}

export const test = base.extend<Fixtures>({
  settings: [[], { option: true }],

  server: ({ settings }, use, info) => serverFor(settings, use, info),

  network: ({ server }, use) => networkBefore(server, use),

  settler: async ({ playwright, launchOptions }, use) => {
    const people: Person[] = [];
    await use(async (folder, site) => {
      const options = { ...launchOptions, ...DEFAULTS, baseURL: site.origin };
      const person = await Person.in(await playwright.chromium.launchPersistentContext(folder, options), site);
      people.push(person);
      return person;
    });
    await Promise.all(people.map((person) => person.context.close()));
    expect(
      people.flatMap((person) => person.watch.complaints()),
      'what went wrong in a browser',
    ).toEqual([]);
  },

  visitor: async ({ browser, server }, use, info) => {
    const people: Person[] = [];
    await use(async (options, site = server) => {
      const person = await Person.arrive(browser, site, options);
      people.push(person);
      return person;
    });
    for (const [index, { page }] of people.entries()) {
      const failed = info.status !== info.expectedStatus && !page.isClosed();
      if (failed)
        await info.attach(`page ${index + 1}`, {
          body: await page.screenshot(),
          contentType: 'image/png',
        });
    }
    const complaints = people.flatMap((person) => person.watch.complaints());
    await Promise.all(people.map((person) => person.context.close()));
    expect(complaints, 'what went wrong in a browser').toEqual([]);
  },

  person: async ({ visitor }, use) => {
    await use(async (name, options, site) => {
      const person = await visitor(options, site);
      await person.signIn(name);
      return person;
    });
  },

  voice: ({ playwright, server }, use) => voicesAt(server, playwright, use),
});

export { expect };
