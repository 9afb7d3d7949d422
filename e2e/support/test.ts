/**
 * The `test` of this suite: a server per test, people who come into it, and the rule that nothing goes wrong on the side.
 *
 * Each test has a server and a data folder to itself. That costs a fraction of a second and means that no test can be
 * disturbed by what another left behind: all of them may be called Ada and use the channel `general`.
 */
import { test as base, expect, type APIRequestContext, type BrowserContextOptions } from '@playwright/test';
import { DEFAULTS, Person, type Site } from './person';
import { Proxy } from './proxy';
import { Server } from './server';
import { Voice } from './voice';

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

  server: async ({ settings }, use, info) => {
    const server = await Server.start(settings);
    await use(server);
    const complaints = server.complaints();
    if (complaints.length > 0 || info.status !== info.expectedStatus) {
      await info.attach('server log', {
        body: server.log(),
        contentType: 'text/plain',
      });
    }
    await server.dispose();
    expect(complaints, 'what the server complained of').toEqual([]);
  },

  network: async ({ server }, use) => {
    const proxy = await Proxy.before(server);
    await use(proxy);
    proxy.close();
  },

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

  voice: async ({ playwright, server }, use) => {
    const contexts: APIRequestContext[] = [];
    await use(async (name) => {
      const context = await playwright.request.newContext({ baseURL: server.origin });
      contexts.push(context);
      const voice = new Voice(context, server.origin);
      await voice.signIn(name);
      return voice;
    });
    await Promise.all(contexts.map((context) => context.dispose()));
  },
});

export { expect };
