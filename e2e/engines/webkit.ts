/**
 * WebKitGTK's small browser on a screen of its own (Xvfb), driven by its WebDriver. A driver has one browser, so each
 * browser brings its own; it keeps its storage in memory.
 */
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ActingTab } from './acting-tab';
import { WINDOW, type Browser, type Engine, type Size, type Tab } from './driver';
import type { Actions } from './input';
import { Program } from './program';
import { Session } from './webdriver';

/** Without air around its buttons the toolbar is no wider than a phone, so that the window can be as narrow. */
const NARROW = '* { padding: 0; margin: 0; min-width: 0; border-width: 0; }';

/** Starts the screen; `miniBrowser` is the browser's path. */
export async function startWebKit(miniBrowser: string): Promise<Engine> {
  const home = await mkdtemp(join(tmpdir(), 'chinwag-webkit-'));
  await mkdir(join(home, 'gtk-3.0'));
  await writeFile(join(home, 'gtk-3.0', 'gtk.css'), NARROW);
  const screen = ['-displayfd', '1', '-screen', '0', '1920x1200x24', '-nolisten', 'tcp', '-noreset'];
  const { program: xvfb, said: display } = await Program.start('Xvfb', screen, /^(\d+)\n/m);
  const environment = {
    DISPLAY: `:${display}`,
    GDK_BACKEND: 'x11',
    LANG: 'en_GB.UTF-8',
    LANGUAGE: 'en_GB',
    LIBGL_ALWAYS_SOFTWARE: '1',
    NO_AT_BRIDGE: '1',
    XDG_CONFIG_HOME: home,
  };
  return {
    browser: async () => {
      const port = await freePort();
      const driver = Program.launch('WebKitWebDriver', [`--port=${port}`, '--host=127.0.0.1'], environment);
      const session = await Session.open(`http://127.0.0.1:${port}`, () => driver.alive, {
        'webkitgtk:browserOptions': { binary: miniBrowser, args: ['--automation'] },
      });
      return new WebKitBrowser(driver, session);
    },
    close: async () => {
      await xvfb.end();
      await rm(home, { recursive: true, force: true });
    },
  };
}

class WebKitBrowser implements Browser {
  private opened = false;

  constructor(
    private readonly driver: Program,
    private readonly session: Session,
  ) {}

  /** A window for each tab: a tab behind another one answers no input. */
  async tab(): Promise<Tab> {
    const handle = this.opened
      ? (await this.session.call<{ handle: string }>('POST', '/window/new', { type: 'window' })).handle
      : await this.session.call<string>('GET', '/window');
    this.opened = true;
    const tab = new WebKitTab(this.session, handle);
    await tab.resize(WINDOW);
    return tab;
  }

  async close(): Promise<void> {
    await this.session.end();
    await this.driver.end();
  }
}

class WebKitTab extends ActingTab implements Tab {
  constructor(
    private readonly session: Session,
    private readonly handle: string,
  ) {
    super();
  }

  async goto(url: string): Promise<void> {
    await this.call('POST', '/url', { url });
  }

  async reload(): Promise<void> {
    await this.call('POST', '/refresh', {});
  }

  async load(script: string): Promise<void> {
    await this.call('POST', '/execute/sync', { script, args: [] });
  }

  async run<A extends readonly unknown[], R>(work: (...args: A) => R | Promise<R>, ...args: A): Promise<R> {
    const script = `const [args, done] = arguments;
      (async () => JSON.stringify(await (${String(work)})(...JSON.parse(args))))()
        .then((value) => done({ value }), (error) => done({ error: String(error) }));`;
    const told = await this.call<{ value?: string; error?: string }>('POST', '/execute/async', {
      script,
      args: [JSON.stringify(args)],
    });
    if (told.error !== undefined) throw new Error(told.error);
    return (told.value === undefined ? undefined : JSON.parse(told.value)) as R;
  }

  async choose(value: string, paths: readonly string[]): Promise<void> {
    const found = await this.call<Record<string, string>>('POST', '/element', { using: 'css selector', value });
    const [id = ''] = Object.values(found);
    await this.call('POST', `/element/${id}/value`, { text: paths.join('\n') });
  }

  /** The window has a toolbar above its contents, which counts as part of it. */
  async resize({ width, height }: Size): Promise<void> {
    await this.call('POST', '/window/rect', { x: 0, y: 0, width, height });
    const inner = await this.run(() => innerHeight);
    await this.call('POST', '/window/rect', { x: 0, y: 0, width, height: height + (height - inner) });
  }

  async screenshot(): Promise<Buffer> {
    return Buffer.from(await this.call<string>('GET', '/screenshot'), 'base64');
  }

  async close(): Promise<void> {
    await this.call('DELETE', '/window');
  }

  protected async act(actions: Actions): Promise<void> {
    await this.call('POST', '/actions', { actions });
    // The driver compares with what it did before: the same turn of the wheel once more would be none.
    await this.call('DELETE', '/actions');
  }

  private call<T>(method: string, path: string, body?: Record<string, unknown>): Promise<T> {
    return this.session.callIn<T>(this.handle, method, path, body);
  }
}

/** A port that nobody listens on just now: the driver does not tell which one it would choose. */
async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  listener.close();
  await once(listener, 'close');
  return port;
}
