/** A browser with tabs for the tests of the outbox: its disk, its locks, its account, and a server that answers when told. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, vi } from 'vitest';
import type { Core } from '../actions/core';
import { AppState } from '../state';
import type { BrowserStore } from '../state/browser-store';
import { identityOf } from '../state/identity';
import type { Message } from '../wire';
import { Words } from '../words.svelte';
import { Outbox } from './outbox';
import { MEMBER } from '../test-shapes';

/** Node's own; the app's types know browsers only. */
declare const setImmediate: (done: (value: unknown) => void) => void;

/** The server's data as it is at first, and since when Ada and Grace have their names. */
export const SERVER = { instance: 'here', epoch: 'first' };
export const BEGAN = '2026-01-01T00:00:00.000Z';
export const ADA = { id: 1, name: 'Ada' };
/** What of Ada's is kept, is kept under this. */
export const OWNER = identityOf({ ...ADA, created_at: BEGAN }, SERVER).key;
export const GRACE = { id: 2, name: 'Grace' };

export interface Call {
  readonly text: string;
  readonly key: string;
  readonly channel: number;
  readonly sender: unknown;
  done: boolean;
  answer(status: number, body?: unknown, headers?: Record<string, string>): void;
  accept(): void;
  drop(): void;
}

/** The server as the outboxes see it: every request waits until the test answers it. */
export const calls: Call[] = [];
const tabs: Tab[] = [];

/** One tab of the browser; all share its disk, its locks and its account. */
export class Tab {
  readonly state = new AppState(null);
  readonly settled: Message[] = [];
  readonly outbox: Outbox;
  readonly core: Core;
  ended = 0;

  constructor(account: () => number = () => this.state.session.me?.id ?? 0, store: BrowserStore | null = null) {
    const core: Core = (this.core = {
      state: this.state,
      words: new Words(),
      ended: () => (this.ended += 1),
      flushInbox: () => undefined,
    });
    const settled = (message: Message): void => {
      this.settled.push(message);
      this.outbox.confirmStored(message.key);
    };
    this.outbox = new Outbox(core, { settled, signedInAs: (person) => person === account() }, store);
    tabs.push(this);
  }

  async open(who = ADA, server = SERVER, created_at = BEGAN): Promise<this> {
    const settings = { language: 'auto', theme: 'auto', enter_sends: false, invisible: false } as const;
    this.state.session.applyAccount({
      ...who,
      ...MEMBER,
      created_at: '',
      has_password: false,
      last_channel: null,
      settings,
      revision: 0,
    });
    await this.outbox.start(identityOf({ ...who, created_at }, server));
    await turn();
    return this;
  }

  close(): void {
    this.outbox.stop();
  }

  get texts(): string[] {
    return this.state.outbox.list.map(({ text }) => text);
  }
}

/** Every test of a file that calls this has a browser of its own. */
export function furnish(): void {
  beforeEach(() => {
    calls.length = tabs.length = 0;
    vi.stubGlobal('indexedDB', new IDBFactory());
    vi.stubGlobal('navigator', { locks: new Locks() });
    // The database of the tests lives by setImmediate, which stays real.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
    vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
      const { text, key, sender } = JSON.parse(String(init.body)) as { text: string; key: string; sender: unknown };
      const channel = Number(/channels\/(\d+)/.exec(path)?.[1]);
      return new Promise<Response>((resolve, reject) => {
        const call: Call = {
          text,
          key,
          channel,
          sender,
          done: false,
          answer: (status, body = {}, headers = {}) => {
            call.done = true;
            resolve(new Response(JSON.stringify(body), { status, headers }));
          },
          accept: () => call.answer(201, { key, channel, text }),
          drop: () => {
            call.done = true;
            reject(new TypeError('Failed to fetch'));
          },
        };
        calls.push(call);
      });
    });
  });

  afterEach(() => {
    for (const tab of tabs) tab.close();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
}

/** As many turns as the database and the channel between tabs take for what is under way. */
export async function turn(): Promise<void> {
  for (let i = 0; i < 40; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

export async function until(holds: () => boolean, meanwhile: () => Promise<unknown> = turn): Promise<void> {
  for (let i = 0; i < 200; i += 1) {
    if (holds()) return;
    await meanwhile();
    await turn();
  }
  throw new Error(`never: ${holds.toString()}`);
}

/** The part of the browser's locks that is used. */
class Locks {
  readonly #queues = new Map<string, Promise<unknown>>();
  readonly #holders = new Map<string, (reason: Error) => void>();

  request(name: string, options: LockOptions, held: () => Promise<void>): Promise<void> {
    const before = options.steal === true ? Promise.resolve() : (this.#queues.get(name) ?? Promise.resolve());
    if (options.steal === true) this.#holders.get(name)?.(new Error('stolen'));
    const mine = before.then(() => {
      if (options.signal?.aborted === true) throw new Error('given up');
      return new Promise<void>((resolve, reject) => {
        this.#holders.set(name, reject);
        void held().then(resolve);
      });
    });
    this.#queues.set(
      name,
      mine.catch(() => undefined),
    );
    return mine;
  }
}
