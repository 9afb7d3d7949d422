/** Debian's Chromium, driven by Playwright. */
import {
  chromium,
  type Browser as Playwrights,
  type BrowserContext,
  type LaunchOptions,
  type Page,
} from '@playwright/test';
import { WINDOW, type Browser, type Engine, type Size, type Tab } from './driver';

export async function startChromium(options: LaunchOptions): Promise<Engine> {
  const engine: Playwrights = await chromium.launch(options);
  return {
    browser: async () => ownBrowser(await engine.newContext({ locale: 'en-GB', viewport: WINDOW })),
    close: () => engine.close(),
  };
}

function ownBrowser(context: BrowserContext): Browser {
  return {
    tab: async () => new ChromiumTab(await context.newPage()),
    close: () => context.close(),
  };
}

class ChromiumTab implements Tab {
  constructor(private readonly page: Page) {}

  async goto(address: string): Promise<void> {
    await this.page.goto(address);
  }

  async reload(): Promise<void> {
    await this.page.reload();
  }

  async load(script: string): Promise<void> {
    await this.page.evaluate(script);
  }

  async run<A extends readonly unknown[], R>(work: (...args: A) => R | Promise<R>, ...args: A): Promise<R> {
    const call = `(${String(work)})(...${JSON.stringify(args)})`;
    return this.page.evaluate<R>(call);
  }

  async hover(x: number, y: number): Promise<void> {
    await this.page.mouse.move(x, y);
  }

  async click(x: number, y: number): Promise<void> {
    await this.page.mouse.click(x, y);
  }

  async wheel(x: number, y: number, by: number): Promise<void> {
    await this.page.mouse.move(x, y);
    await this.page.mouse.wheel(0, by);
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  async press(keys: string): Promise<void> {
    await this.page.keyboard.press(keys);
  }

  async choose(selector: string, paths: readonly string[]): Promise<void> {
    await this.page.locator(selector).setInputFiles([...paths]);
  }

  async resize(size: Size): Promise<void> {
    await this.page.setViewportSize(size);
  }

  screenshot(): Promise<Buffer> {
    return this.page.screenshot();
  }

  close(): Promise<void> {
    return this.page.close();
  }
}
