/**
 * A person with a browser of their own: its context, a page, and what must not happen there. Their REST calls share the
 * browser's cookies, so whoever signs in by a call is signed in on the page.
 */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from '@playwright/test';
import { Voice, type Channel } from './voice';
import { Watch } from './watch';

/** Where somebody goes: the server, or a network before it. */
export interface Site {
  readonly origin: string;
}

/** Every browser speaks English and keeps one time zone, whatever the machine does, unless a test says otherwise. */
export const DEFAULTS: BrowserContextOptions = {
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

  static async arrive(browser: Browser, site: Site, options: BrowserContextOptions = {}): Promise<Person> {
    return Person.in(await browser.newContext({ ...DEFAULTS, baseURL: site.origin, ...options }), site);
  }

  /** Somebody in a browser that is there already, with what it keeps. */
  static async in(context: BrowserContext, site: Site): Promise<Person> {
    const watch = new Watch(context, site.origin);
    return new Person(context, await context.newPage(), watch, site.origin);
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
