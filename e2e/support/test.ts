/**
 * The `test` of this suite: a server per test, people who come into it, and the rule that nothing goes wrong on the side.
 *
 * Each test has a server and a data folder to itself. That costs a fraction of a second and means that no test can be
 * disturbed by what another left behind: all of them may be called Ada and use the channel `general`.
 */
import { test as base, expect, type APIRequestContext, type BrowserContextOptions } from '@playwright/test';
import { Person } from './person';
import { Server } from './server';
import { Voice } from './voice';

interface Fixtures {
  /** Further arguments of `chinwag serve` for this test. */
  readonly settings: string[];
  readonly server: Server;
  /** Somebody with a fresh browser, not signed in. */
  readonly visitor: (options?: BrowserContextOptions) => Promise<Person>;
  /** Somebody with a fresh browser, signed in under a name. */
  readonly person: (name: string, options?: BrowserContextOptions) => Promise<Person>;
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

  visitor: async ({ browser, server }, use, info) => {
    const people: Person[] = [];
    await use(async (options) => {
      const person = await Person.arrive(browser, server, options);
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
    await use(async (name, options) => {
      const person = await visitor(options);
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
