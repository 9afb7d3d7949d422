/**
 * A person who only uses the REST interface: calls that set up a test, and calls that ask what really happened.
 * She needs no page; `Person` is one who has one.
 */
import type { APIRequestContext } from '@playwright/test';
import type { TestFile } from './files';

/** The parts of the published shapes that tests use. */
export interface Channel {
  readonly id: number;
  readonly name: string;
}

export interface Message {
  readonly number: number;
  readonly text: string;
  /** What happened, for a row that is no message. */
  readonly line?: object | null;
  readonly attachments: readonly { readonly id: string; readonly name: string; readonly size: number }[];
}

export interface Me {
  readonly id: number;
  readonly name: string;
}

export class Voice {
  constructor(
    private readonly request: APIRequestContext,
    private readonly origin: string,
  ) {}

  async signIn(name: string, password?: string): Promise<Me> {
    // As a browser does: the page first, so that it is known to keep cookies.
    await this.request.get('/login');
    return this.call<Me>('POST', '/api/session', password === undefined ? { name } : { name, password });
  }

  async rename(name: string): Promise<Me> {
    return this.call<Me>('PUT', '/api/me/name', { name });
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
    const message = { text, attachments, key: crypto.randomUUID() };
    return this.call<Message>('POST', `/api/channels/${channel.id}/messages`, message);
  }

  /** Uploads a file. Answers its id, for a message to carry. */
  async upload(file: TestFile): Promise<string> {
    const response = await this.request.post(`/api/uploads?name=${encodeURIComponent(file.name)}`, {
      headers: { Origin: this.origin, 'Content-Type': file.mimeType },
      data: file.buffer,
    });
    if (!response.ok()) throw new Error(`The upload was answered ${response.status()}: ${await response.text()}`);
    return ((await response.json()) as { id: string }).id;
  }

  async messages(channel: Channel): Promise<readonly Message[]> {
    const page = await this.call<{ messages: readonly Message[] }>('GET', `/api/channels/${channel.id}/messages`);
    return page.messages.filter(({ line }) => line === undefined || line === null);
  }

  /** One REST call, which has to succeed. */
  async call<T>(method: string, path: string, data?: unknown): Promise<T> {
    const response = await this.request.fetch(path, {
      method,
      headers: { Origin: this.origin },
      ...(data === undefined ? {} : { data }),
    });
    const body = await response.text();
    if (!response.ok()) throw new Error(`${method} ${path} was answered ${response.status()}: ${body}`);
    return (body === '' ? undefined : JSON.parse(body)) as T;
  }
}
