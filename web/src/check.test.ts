import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SelfCheck } from './check';
import { sha256 } from './sha256';
import { AppState } from './state';
import type { Message, MessagePage } from './wire';

const CHANNEL = 7;
const message = (number: number, revision = number): Message => ({
  channel: CHANNEL,
  number,
  revision,
  key: `k${number}`,
  author: { id: 2, name: '小雨' },
  text: `t${number}`,
  created_at: '2026-03-18T09:00:00.000Z',
  deleted_at: null,
  removed: false,
  attachments: [],
});
const page = (messages: Message[], revision: number): MessagePage => ({
  channel: CHANNEL,
  revision,
  last_number: messages.length,
  messages,
  has_older: false,
  has_newer: false,
});
async function real(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

let state: AppState;
let asked: string[];
let reports: unknown[];
let server: { revision: number; rows: Message[] };
let behind: unknown[];
let now: number;
let check: SelfCheck;

beforeEach(() => {
  asked = [];
  reports = [];
  behind = [];
  now = 0;
  server = { revision: 3, rows: [1, 2, 3].map((number) => message(number)) };
  state = new AppState(null);
  state.windows.open(CHANNEL).replace(page(server.rows, 3));
  check = new SelfCheck(
    state,
    (gaps) => behind.push(...gaps),
    () => now,
  );
  vi.stubGlobal('fetch', async (path: string, { body }: RequestInit) => {
    asked.push(path.replace(/\?.*/, ''));
    if (path === '/api/reports') {
      reports.push(JSON.parse(String(body)));
      return new Response(null, { status: 204 });
    }
    const digest = await real(server.rows.map(({ number, revision }) => `${number}:${revision}\n`).join(''));
    const { revision } = server;
    const answer = path.includes('digest') ? { channel: CHANNEL, revision, digest } : page(server.rows, revision);
    return new Response(JSON.stringify(answer));
  });
});

afterEach(() => vi.unstubAllGlobals());

describe('the self-check', () => {
  it('is content with what is right', async () => {
    await check.check(CHANNEL);
    expect(asked).toEqual([`/api/channels/${CHANNEL}/digest`]);
  });

  it('loads a channel anew that is wrong, and reports it', async () => {
    server.rows = [message(1), message(2), message(3, 2)];
    await check.check(CHANNEL);
    expect(state.windows.find(CHANNEL)?.rows).toEqual(server.rows);
    expect(reports).toMatchObject([{ kind: 'digest_mismatch', channel: CHANNEL, revision: 3 }]);
  });

  it('does not make a loop of a fault that stays', async () => {
    vi.spyOn(state.windows.open(CHANNEL), 'replace').mockImplementation(() => undefined);
    server.rows = [message(1)];
    for (let i = 0; i < 5; i += 1) await check.check(CHANNEL);
    expect(reports).toHaveLength(1);
    now = 11 * 60_000;
    await check.check(CHANNEL);
    expect(reports).toHaveLength(2);
  });

  it('takes a newer revision for something missed, not for a fault', async () => {
    server = { revision: 4, rows: [...server.rows, message(4)] };
    await check.check(CHANNEL);
    expect(behind).toEqual([{ stream: CHANNEL, revision: 4 }]);
    expect(reports).toEqual([]);
  });

  it('leaves alone what cannot be compared', async () => {
    const run = state.windows.open(CHANNEL);
    run.hasNewer = true;
    await check.check(CHANNEL);
    run.hasNewer = false;
    // The answer to an own message that came before the events that precede it.
    run.applyAnswer(message(5, 9));
    await check.check(CHANNEL);
    expect(asked).toEqual([]);
  });
});

describe('SHA-256', () => {
  it('is the one of the standard, at every length around a block', async () => {
    for (const length of [0, 1, 54, 55, 56, 57, 63, 64, 65, 119, 120, 128, 5_000]) {
      const text = Array.from({ length }, (_, i) => '0123456789:\n雨'[i % 13]).join('');
      expect(sha256(text)).toBe(await real(text));
    }
  });
});
