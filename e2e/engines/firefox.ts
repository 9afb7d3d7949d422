/** Firefox as it is sold, driven over WebDriver BiDi: it speaks that itself, without a driver beside it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ActingTab } from './acting-tab';
import { Connection } from './bidi';
import { WINDOW, type Browser, type Engine, type Size, type Tab } from './driver';
import type { Actions } from './input';
import { Program } from './program';

/** Nothing that asks, updates or calls home. */
const PREFERENCES: Readonly<Record<string, string | number | boolean>> = {
  'app.normandy.enabled': false,
  'app.update.disabledForTesting': true,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'captivedetect.canonicalURL': '',
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.update.enabled': false,
  'intl.accept_languages': 'en-GB, en',
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'remote.active-protocols': 1,
  'services.settings.server': 'data:,',
  'toolkit.telemetry.server': '',
};

export async function startFirefox(command: string): Promise<Engine> {
  const profile = await mkdtemp(join(tmpdir(), 'chinwag-firefox-'));
  const lines = Object.entries(PREFERENCES).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  );
  await writeFile(join(profile, 'user.js'), lines.join('\n'));
  const { program, said } = await Program.start(
    command,
    ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0', 'about:blank'],
    /WebDriver BiDi listening on (ws:\S+)/,
  );
  const connection = await Connection.open(`${said}/session`);
  await connection.send('session.new', { capabilities: {} });
  return {
    browser: async () => {
      const { userContext } = await connection.send<{ userContext: string }>('browser.createUserContext');
      return new FirefoxBrowser(connection, userContext);
    },
    close: async () => {
      connection.close();
      await program.end();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

class FirefoxBrowser implements Browser {
  constructor(
    private readonly connection: Connection,
    private readonly userContext: string,
  ) {}

  async tab(): Promise<Tab> {
    const { context } = await this.connection.send<{ context: string }>('browsingContext.create', {
      type: 'tab',
      userContext: this.userContext,
    });
    const tab = new FirefoxTab(this.connection, context);
    await tab.resize(WINDOW);
    return tab;
  }

  async close(): Promise<void> {
    await this.connection.send('browser.removeUserContext', { userContext: this.userContext });
  }
}

/** What a call in the page comes to. */
type Outcome =
  | { readonly type: 'success'; readonly result: { readonly value?: string; readonly sharedId?: string } }
  | { readonly type: 'exception'; readonly exceptionDetails: { readonly text: string } };

class FirefoxTab extends ActingTab implements Tab {
  constructor(
    private readonly connection: Connection,
    private readonly context: string,
  ) {
    super();
  }

  async goto(url: string): Promise<void> {
    await this.send('browsingContext.navigate', { url, wait: 'complete' });
  }

  async reload(): Promise<void> {
    await this.send('browsingContext.reload', { wait: 'complete' });
  }

  async load(script: string): Promise<void> {
    await this.result('script.evaluate', { expression: script, awaitPromise: false });
  }

  async run<A extends readonly unknown[], R>(work: (...args: A) => R | Promise<R>, ...args: A): Promise<R> {
    const { value } = await this.result('script.callFunction', {
      functionDeclaration: `async (args) => JSON.stringify(await (${String(work)})(...JSON.parse(args)))`,
      arguments: [{ type: 'string', value: JSON.stringify(args) }],
      awaitPromise: true,
    });
    return (value === undefined ? undefined : JSON.parse(value)) as R;
  }

  async choose(selector: string, files: readonly string[]): Promise<void> {
    const { sharedId } = await this.result('script.callFunction', {
      functionDeclaration: '(selector) => document.querySelector(selector)',
      arguments: [{ type: 'string', value: selector }],
      awaitPromise: false,
    });
    await this.send('input.setFiles', { element: { sharedId }, files });
  }

  async resize(viewport: Size): Promise<void> {
    await this.send('browsingContext.setViewport', { viewport });
  }

  async screenshot(): Promise<Buffer> {
    const { data } = await this.send<{ data: string }>('browsingContext.captureScreenshot');
    return Buffer.from(data, 'base64');
  }

  async close(): Promise<void> {
    await this.send('browsingContext.close');
  }

  protected async act(actions: Actions): Promise<void> {
    await this.send('input.performActions', { actions });
  }

  private async result(
    method: string,
    params: Record<string, unknown>,
  ): Promise<{ value?: string; sharedId?: string }> {
    const outcome = await this.connection.send<Outcome>(method, { ...params, target: { context: this.context } });
    if (outcome.type === 'exception') throw new Error(outcome.exceptionDetails.text);
    return outcome.result;
  }

  private send<T>(method: string, params: Record<string, unknown> = {}): Promise<T> {
    return this.connection.send<T>(method, { ...params, context: this.context });
  }
}
