/**
 * Somebody in a browser of her own: its context, a page, what must not happen there, and the REST calls that set a test's
 * stage. The calls share the browser's cookies, so whoever signs in by a call is signed in on the page.
 */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from '@playwright/test';
import type { TestFile } from './files';
import type { Server } from './server';
import { Watch } from './watch';

/** The parts of the published shapes that tests use. */
export interface Channel {
  readonly id: number;
  readonly name: string;
}

export interface Message {
  readonly number: number;
  readonly text: string;
}

export interface Me {
  readonly id: number;
  readonly name: string;
}

/** Every browser speaks English and keeps one time zone, whatever the machine does, unless a test says otherwise. */
const DEFAULTS: BrowserContextOptions = {
  locale: 'en-GB',
  timezoneId: 'Asia/Hong_Kong',
  colorScheme: 'light',
  viewport: { width: 1440, height: 900 },
};

export class Person {
  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    readonly watch: Watch,
    private readonly server: Server,
  ) {}

  static async arrive(browser: Browser, server: Server, options: BrowserContextOptions = {}): Promise<Person> {
    const context = await browser.newContext({
      ...DEFAULTS,
      baseURL: server.origin,
      ...options,
    });
    const watch = new Watch(context, server.origin);
    return new Person(context, await context.newPage(), watch, server);
  }

  /** The address of a channel's page. */
  static address(channel: string): string {
    return `/channel/${encodeURIComponent(channel)}`;
  }

  async signIn(name: string, password?: string): Promise<Me> {
    return this.call<Me>('POST', '/api/session', password === undefined ? { name } : { name, password });
  }

  async setPassword(password: string): Promise<void> {
    await this.call('PUT', '/api/me/password', { new: password });
  }

  async createChannel(name: string, topic = ''): Promise<Channel> {
    return this.call<Channel>('POST', '/api/channels', { name, topic });
  }

  async join(channel: Channel): Promise<void> {
    await this.call('PUT', `/api/channels/${channel.id}/membership`);
  }

  async post(channel: Channel, text: string, attachments: readonly string[] = []): Promise<Message> {
    return this.call<Message>('POST', `/api/channels/${channel.id}/messages`, {
      text,
      attachments,
      key: crypto.randomUUID(),
    });
  }

  /** Uploads a file. Answers its id, for a message to carry. */
  async upload(file: TestFile): Promise<string> {
    const response = await this.context.request.post(`/api/uploads?name=${encodeURIComponent(file.name)}`, {
      headers: { Origin: this.server.origin, 'Content-Type': file.mimeType },
      data: file.buffer,
    });
    if (!response.ok()) throw new Error(`The upload was answered ${response.status()}: ${await response.text()}`);
    return ((await response.json()) as { id: string }).id;
  }

  async messages(channel: Channel): Promise<readonly Message[]> {
    const page = await this.call<{ messages: readonly Message[] }>('GET', `/api/channels/${channel.id}/messages`);
    return page.messages;
  }

  /** Opens a channel's page. */
  async open(channel: Channel | string): Promise<void> {
    await this.page.goto(Person.address(typeof channel === 'string' ? channel : channel.name));
  }

  /** One REST call, which has to succeed. */
  async call<T>(method: string, path: string, data?: unknown): Promise<T> {
    const response = await this.context.request.fetch(path, {
      method,
      headers: { Origin: this.server.origin },
      ...(data === undefined ? {} : { data }),
    });
    const body = await response.text();
    if (!response.ok()) throw new Error(`${method} ${path} was answered ${response.status()}: ${body}`);
    return (body === '' ? undefined : JSON.parse(body)) as T;
  }
}
