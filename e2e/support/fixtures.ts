/** What the tests of both suites are given in the same way: a server, the network before it, and people who only call. */
import { expect, type APIRequestContext, type PlaywrightWorkerArgs, type TestInfo } from '@playwright/test';
import { Proxy } from './proxy';
import { Server } from './server';
import { Voice } from './voice';

type Use<T> = (value: T) => Promise<void>;

/** A server of the test's own, which must have complained of nothing at the end. */
export async function serverFor(settings: string[], use: Use<Server>, info: TestInfo): Promise<void> {
  const server = await Server.start(settings);
  await use(server);
  const complaints = server.complaints();
  if (complaints.length > 0 || info.status !== info.expectedStatus) {
    await info.attach('server log', { body: server.log(), contentType: 'text/plain' });
  }
  await server.dispose();
  expect(complaints, 'what the server complained of').toEqual([]);
}

/** A network before the server that the test can spoil. */
export async function networkBefore(server: Server, use: Use<Proxy>): Promise<void> {
  const proxy = await Proxy.before(server);
  await use(proxy);
  proxy.close();
}

/** Makes people who sign in under a name and only call the REST interface. */
export async function voicesAt(
  server: Server,
  { request }: PlaywrightWorkerArgs['playwright'],
  use: Use<(name: string) => Promise<Voice>>,
): Promise<void> {
  const contexts: APIRequestContext[] = [];
  await use(async (name) => {
    const context = await request.newContext({ baseURL: server.origin });
    contexts.push(context);
    const voice = new Voice(context, server.origin);
    await voice.signIn(name);
    return voice;
  });
  await Promise.all(contexts.map((context) => context.dispose()));
}
