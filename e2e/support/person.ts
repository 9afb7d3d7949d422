/**
 * Somebody in a browser of her own: its context, a page, and what must not happen there. Her REST calls share the
 * browser's cookies, so whoever signs in by a call is signed in on the page.
 */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from '@playwright/test';
import type { Server } from './server';
import { Voice, type Channel } from './voice';
import { Watch } from './watch';

/** Every browser speaks English and keeps one time zone, whatever the machine does, unless a test says otherwise. */
const DEFAULTS: BrowserContextOptions = {
  locale: 'en-GB',
  timezoneId: 'Asia/Hong_Kong',
  colorScheme: 'light',
  viewport: { width: 1440, height: 900 },
};

export class Person extends Voice {
  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    readonly watch: Watch,
    origin: string,
  ) {
    super(context.request, origin);
  }

  static async arrive(browser: Browser, server: Server, options: BrowserContextOptions = {}): Promise<Person> {
    const context = await browser.newContext({ ...DEFAULTS, baseURL: server.origin, ...options });
    const watch = new Watch(context, server.origin);
    return new Person(context, await context.newPage(), watch, server.origin);
  }

  /** The address of a channel's page. */
  static address(channel: string): string {
    return `/channel/${encodeURIComponent(channel)}`;
  }

  /** Opens a channel's page. */
  async open(channel: Channel | string): Promise<void> {
    await this.page.goto(Person.address(typeof channel === 'string' ? channel : channel.name));
  }
}
