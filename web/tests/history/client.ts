/**
 * One person's browser: the web app's own state, events, recovery and requests, put together as the app does, over a line of
 * their own. Sending tries the same key again until there is an answer.
 */
import * as api from '../../src/api';
import { apply } from '../../src/apply';
import { Recovery } from '../../src/recover';
import { openLine, type Line } from '../../src/socket';
import { AppState } from '../../src/state';
import type { Me, Message } from '../../src/wire';
import type { Proxy } from './proxy';
import { pause, type Chance } from '../random';
import { line } from './surroundings';

/** The pause before trying again, drawn anew each time. */
const AGAIN_MS = 200;
/** Tries after which something is wrong with the test, or with everything. */
const MOST_TRIES = 200;

/** What a message answers or quotes. */
export interface Of {
  readonly thread?: number;
  readonly also?: boolean;
  readonly quote?: number;
}

export class Client {
  readonly state = new AppState(null);
  /** Answered sends: key → number. */
  readonly acknowledged = new Map<string, number>();
  readonly #recovery = new Recovery(this.state);
  #line: Line | null = null;
  #returning: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly me: Me,
    readonly proxy: Proxy,
    private readonly chance: Chance,
  ) {
    this.state.session.applyAccount(me);
    this.state.windows.onBehind = (gap) => this.#recovery.catchUp([gap]);
    this.state.channels.onRevision = (channel, revision) => this.#recovery.catchUpTo(channel, revision);
    this.state.channels.onUnreadUnknown = (channel) => void this.#recovery.recount(channel);
  }

  /** Loads the channels and what is in them, and listens from then on. */
  async start(channels: readonly number[]): Promise<void> {
    await this.#as(async () => {
      this.#connect();
      const first = await this.#surely(() => api.state(null));
      this.state.streams.begin(first);
      this.state.channels.replace(first.channels);
      for (const channel of channels) await this.#open(channel);
    });
  }

  /**
   * Posts a text under a key of its own, as often as it takes; what was answered is kept. What it answers or quotes may be gone by
   * then.
   */
  async post(channel: number, key: string, text: string, of: Of = {}): Promise<void> {
    const attempt = async (): Promise<Message> => {
      const message = await api.post(channel, { key, text, attachments: [], ...of });
      this.acknowledged.set(key, message.number);
      return message;
    };
    if (of.thread !== undefined || of.quote !== undefined) return this.#change(attempt);
    await this.#as(async () => this.#settled(await this.#surely(attempt)));
  }

  /** The number of a message of anybody that stands, and that is no line and no reply. */
  oneOf(channel: number): number | null {
    const stands = (row: Message): boolean =>
      row.deleted_at === null && row.line === undefined && row.root === undefined;
    const rows = this.state.windows.find(channel)?.rows.filter(stands) ?? [];
    return rows.length === 0 ? null : this.chance.pick(rows).number;
  }

  /** Pins a message of anybody, or takes it down. */
  async pin(channel: number): Promise<void> {
    const number = this.oneOf(channel);
    if (number === null) return;
    const method = this.chance.pick(['PUT', 'PUT', 'DELETE']);
    await this.#change(() => api.call<Message>(method, `/api/channels/${channel}/messages/${number}/pin`));
  }

  /** Deletes one of the person's own messages, if there is one. */
  async remove(channel: number): Promise<void> {
    const own = (row: Message): boolean => row.author.id === this.me.id && row.deleted_at === null;
    const rows = this.state.windows.find(channel)?.rows.filter(own) ?? [];
    if (rows.length === 0) return;
    const { number } = this.chance.pick(rows);
    await this.#as(async () => this.#settled(await this.#surely(() => api.remove(channel, number))));
  }

  /** Changes one of the person's own messages, if there is one. An edit that comes second is left as it is. */
  async edit(channel: number, text: string): Promise<void> {
    const own = (row: Message): boolean => row.author.id === this.me.id && row.deleted_at === null;
    const rows = this.state.windows.find(channel)?.rows.filter(own) ?? [];
    if (rows.length === 0) return;
    const { number, edits = 0 } = this.chance.pick(rows);
    const path = `/api/channels/${channel}/messages/${number}`;
    await this.#change(() => api.call<Message>('PATCH', path, { text, edits }));
  }

  /** Puts an emoji to a message of anybody, or takes it back. */
  async react(channel: number): Promise<void> {
    const rows = this.state.windows.find(channel)?.rows.filter((row) => row.deleted_at === null) ?? [];
    if (rows.length === 0) return;
    const { number } = this.chance.pick(rows);
    const emoji = encodeURIComponent(this.chance.pick(['👍', '🎉', '👀']));
    const method = this.chance.pick(['PUT', 'PUT', 'DELETE']);
    await this.#change(() =>
      api.call<Message>(method, `/api/channels/${channel}/messages/${number}/reactions/${emoji}`),
    );
  }

  /** What may be refused by now: the message was deleted, or changed elsewhere. */
  async #change(attempt: () => Promise<Message>): Promise<void> {
    await this.#as(async () => {
      const message = await this.#surely(attempt).catch((error: unknown) => {
        if (error instanceof api.ApiError && [403, 404, 409].includes(error.status)) return null;
        throw error;
      });
      if (message !== null) this.#settled(message);
    });
  }

  /** Takes another name. */
  async rename(name: string): Promise<void> {
    await this.#as(async () => this.state.session.applyAccount(await this.#surely(() => api.changeName(name))));
  }

  /** Loads older messages, as far as the connection allows. */
  async older(channel: number): Promise<void> {
    const run = this.state.windows.find(channel);
    const first = run?.rows[0]?.number;
    if (run === undefined || first === undefined || !run.hasOlder) return;
    await this.#as(async () => {
      const page = await api.messages(channel, { before: first }).catch(() => null);
      if (page !== null) run.addOlder(page);
    });
  }

  /** Closes the lid: nothing is heard, nothing is asked. */
  sleep(): void {
    this.#line?.close();
    this.#line = null;
    this.proxy.asleep = true;
    this.proxy.cut();
  }

  wake(): void {
    this.proxy.asleep = false;
    void this.#as(() => Promise.resolve(this.#connect()));
  }

  /** What a fresh load shows, over the person's own connection. */
  fresh<T>(load: () => Promise<T>): Promise<T> {
    return this.#as(load);
  }

  close(): void {
    clearTimeout(this.#returning);
    this.#line?.close();
    this.#line = null;
    this.proxy.close();
  }

  #as<T>(work: () => Promise<T>): Promise<T> {
    return line.run(this.proxy, work);
  }

  async #open(channel: number): Promise<void> {
    this.state.channels.merge(await this.#surely(() => api.join(channel)));
    const run = this.state.windows.open(channel);
    const page = await this.#surely(() => api.messages(channel));
    if (!run.loaded) run.replace(page);
    this.state.channels.onRevision(channel, this.state.channels.revision(channel) ?? 0);
  }

  #connect(): void {
    this.#line = openLine({
      connected: () => undefined,
      disconnected: () => this.#returnSoon(),
      dismissed: () => undefined,
      refused: () => this.#returnSoon(),
      onEvent: (incoming) => void this.#as(() => Promise.resolve(this.#recovery.catchUp(apply(this.state, incoming)))),
    });
  }

  /** The network is back sooner than the longest pause: nobody wants to wait for that here. */
  #returnSoon(): void {
    clearTimeout(this.#returning);
    this.#returning = setTimeout(
      () => void this.#as(() => Promise.resolve(this.#line?.tryNow())),
      this.chance.between(20, 400),
    );
  }

  #settled(message: Message): void {
    this.state.windows.find(message.channel)?.applyAnswer(message);
  }

  /** Tries until there is an answer. A refusal is one, and an error here: nothing that is tried may be refused. */
  async #surely<T>(attempt: () => Promise<T>): Promise<T> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof api.ApiError) || !error.passing) throw error;
        await pause(this.chance.between(10, AGAIN_MS));
      }
    }
    throw new Error('no answer, however often it was tried');
  }
}
