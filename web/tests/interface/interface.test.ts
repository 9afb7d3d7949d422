/**
 * The published interface: the OpenAPI document is one (a public validator says so), and a client that is generated from it
 * gets from the real server what the document promises, for every operation.
 */
import { Validator } from '@seriousme/openapi-schema-validator';
import type { Client } from 'openapi-fetch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gif } from '../../../e2e/support/files';
import { Server } from '../../../e2e/support/server';
import type { paths } from '../../src/wire/api';
import { Answers, type Document } from './answers';
import { asking, comingAndGoing, keepingOrder, peopleAndPlace, waysIn } from './places';

const TUS = { 'Tus-Resumable': '1.0.0' };
const OCTETS = 'application/offset+octet-stream';
/** A picture of one dot. */
const DOT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

let server: Server;
let document: Document;
let answers: Answers;

beforeAll(async () => {
  server = await Server.start();
  document = (await (await fetch(`${server.origin}/api/openapi.json`)).json()) as Document;
  answers = new Answers(document);
});
afterAll(async () => server.dispose());

/** The cookies of somebody who signs in. */
async function cookieOf(name: string, password?: string): Promise<string> {
  const nobody = answers.client(server.origin, {});
  const { response } = await nobody.POST('/api/session', {
    body: { name, ...(password !== undefined && { password }) },
  });
  expect(response.status).toBe(201);
  const cookies = response.headers.getSetCookie().map((line) => line.split(';')[0] ?? '');
  return cookies.join('; ');
}

/** Somebody with a browser: a client that sends their cookies. */
async function signIn(name: string): Promise<Client<paths>> {
  return answers.client(server.origin, { cookie: await cookieOf(name) });
}

/** Uploads bytes as one file. */
async function upload(client: Client<paths>, name: string, bytes: Uint8Array): Promise<string> {
  const { data } = await client.POST('/api/uploads', {
    params: { query: { name } },
    body: '',
    bodySerializer: () => bytes,
    headers: { 'content-type': 'application/octet-stream' },
  });
  return data?.id ?? '';
}

describe('the document', () => {
  it('is an OpenAPI document', async () => {
    const result = await new Validator().validate(structuredClone(document) as never);
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
  });

  it('says who may ask, and describes every answer and where each parameter goes', () => {
    expect(Object.keys(document.components.securitySchemes).sort()).toEqual(['bearer', 'session']);
    expect(document.security).toEqual([{ session: [] }, { bearer: [] }]);
    const operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.values(item).map((operation) => ({ path, operation: operation as unknown as Described })),
    );
    expect(operations.length).toBeGreaterThan(30);
    for (const { path, operation } of operations) {
      expect(operation.summary, path).not.toBe('');
      for (const [status, response] of Object.entries(operation.responses)) {
        expect(response.description?.length ?? 0, `${path} ${status}`).toBeGreaterThan(0);
      }
      for (const parameter of operation.parameters ?? []) {
        const inPath = path.includes(`{${parameter.name}}`);
        expect(parameter.in === 'path', `${path} ${parameter.name}`).toBe(inPath);
        if (inPath) expect(parameter.required).toBe(true);
      }
    }
  });
});

interface Described {
  readonly summary: string;
  readonly responses: Record<string, { readonly description?: string }>;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
}

describe('a client that is generated from it', () => {
  it('gets what is promised from every operation', async () => {
    const nobody = answers.client(server.origin, {});
    const ada = await signIn('Ada');
    const grace = await signIn('Grace');
    await account(ada, nobody);
    const id = await channels(ada, grace);
    await messages(ada, id);
    await talk(ada, id);
    await files(ada, id);
    await places(id);
    await ada.GET('/api/state', { params: { query: { channel: 'harbour' } } });
    await nobody.GET('/api/state');
    const report = { kind: 'digest_mismatch', channel: id, revision: 1, expected: 'a', found: 'b' } as const;
    await ada.POST('/api/reports', { body: report });
    await ada.DELETE('/api/session');
    await ada.GET('/api/me');

    const all = Object.values(document.paths).flatMap((item) => Object.values(item));
    const unanswered = all.map((operation) => operation.operationId).filter((name) => !isAnswered(name));
    expect(unanswered).toEqual([]);
    expect(answers.seen.get('get_me')).toContain(401);
  });
});

/** The operations of people and places, as an owner, a member and a stranger. */
async function places(id: number): Promise<void> {
  const cookie = await cookieOf('Olive');
  const olive = answers.client(server.origin, { cookie });
  await olive.PUT('/api/me/password', { body: { new: 'correct horse' } });
  server.giveRole('Olive', 'owner');
  const owner = asking(answers, server.origin, cookie);
  const member = asking(answers, server.origin, await cookieOf('Grete'));
  const grete = Number((await member('GET', '/api/me')).body['id']);
  const picture = await upload(olive, 'face.png', Buffer.from(DOT, 'base64'));
  await owner('GET', '/api/door');
  await peopleAndPlace(owner, grete, picture);
  await waysIn(owner, asking(answers, server.origin, ''), id);
  await keepingOrder(owner, member, grete);
  await comingAndGoing(owner, grete);
}

/** Whether an operation did once what it is for. */
function isAnswered(operation: string): boolean {
  return [...(answers.seen.get(operation) ?? [])].some((status) => status < 300);
}

async function account(ada: Client<paths>, nobody: Client<paths>): Promise<void> {
  await ada.GET('/api/me');
  await nobody.GET('/api/me');
  await ada.PATCH('/api/me/settings', { body: { theme: 'dark' } });
  await ada.PATCH('/api/me/settings', { body: { theme: 'green' as 'dark' } });
  await ada.GET('/api/me/export', { parseAs: 'arrayBuffer' });
  await ada.PUT('/api/me/name', { body: { name: 'Ada L.' } });
  await ada.PUT('/api/me/name', { body: { name: '' } });
  await nobody.POST('/api/session', { body: { name: 'Ada' } });
  await ada.PUT('/api/me/name', { body: { name: 'Ada' } });
  await ada.GET('/api/people', { params: { query: { q: 'a' } } });
  await ada.GET('/api/people');
  await ada.GET('/api/me/changes', { params: { query: { since: 0 } } });
  await ada.GET('/api/place/changes', { params: { query: { since: 0, limit: 10 } } });
  const token = await ada.POST('/api/me/tokens', { body: { name: 'bot' } });
  const bot = answers.client(server.origin, { authorization: `Bearer ${token.data?.token ?? ''}` });
  expect((await bot.GET('/api/me')).data?.name).toBe('Ada');
  expect((await bot.GET('/api/me/tokens')).response.status).toBe(403);
  await ada.GET('/api/me/tokens');
  await ada.DELETE('/api/me/tokens/{id}', { params: { path: { id: token.data?.id ?? 0 } } });
  await nobody.POST('/api/session', { body: { name: 'Ada' } });
  await ada.POST('/api/session', { body: { name: 'Ada' } });
  const devices = await ada.GET('/api/me/devices');
  expect(devices.data?.devices.some((device) => device.current)).toBe(true);
  await ada.DELETE('/api/me/devices/{id}', { params: { path: { id: 'd0' } } });
  const sessions = await ada.GET('/api/me/sessions');
  const other = sessions.data?.sessions.find((session) => !session.current);
  await ada.DELETE('/api/me/sessions/{id}', { params: { path: { id: other?.id ?? 0 } } });
  await ada.PUT('/api/me/password', { body: { new: 'correct horse' } });
  await nobody.POST('/api/session', { body: { name: 'Ada', password: 'correct horse' } });
  const elsewhere = (await ada.GET('/api/me/devices')).data?.devices.find((device) => !device.current);
  await ada.DELETE('/api/me/devices/{id}', { params: { path: { id: elsewhere?.id ?? '' } } });
}

async function channels(ada: Client<paths>, grace: Client<paths>): Promise<number> {
  const made = await ada.POST('/api/channels', { body: { name: 'harbour', topic: 'tea' } });
  await ada.POST('/api/channels', { body: { name: 'harbour' } });
  const id = made.data?.id ?? 0;
  const params = { path: { id } };
  await ada.GET('/api/channels');
  await ada.GET('/api/channels', { params: { query: { after: id } } });
  await ada.GET('/api/directory');
  const page = await ada.GET('/api/directory', { params: { query: { letters: 'a', order: 'oldest', limit: 1 } } });
  expect(page.response.status).toBe(200);
  await ada.GET('/api/directory', { params: { query: { letters: 'x'.repeat(251), after: 'x' } } });
  await ada.GET('/api/channels/{id}', { params });
  await ada.GET('/api/channels/{id}', { params: { path: { id: 4711 } } });
  await ada.PATCH('/api/channels/{id}', { params, body: { topic: 'coffee' } });
  await grace.PATCH('/api/channels/{id}', { params, body: { topic: 'coffee' } });
  await grace.PUT('/api/channels/{id}/membership', { params });
  await grace.POST('/api/channels/{id}/visit', { params });
  await ada.GET('/api/channels/{id}/members', { params: { ...params, query: { limit: 10 } } });
  await ada.GET('/api/channels/{id}/members', { params });
  await grace.DELETE('/api/channels/{id}/membership', { params });
  return id;
}

/** What is done with a message that was posted: edits, reactions, pins, and what one saves. */
async function talk(ada: Client<paths>, id: number): Promise<void> {
  const key = '01890000-0000-7000-8000-0000000000aa';
  const said = await ada.POST('/api/channels/{id}/messages', {
    params: { path: { id } },
    body: { key, text: 'to talk about' },
  });
  const params = { path: { id, number: said.data?.number ?? 0 } };
  await ada.PATCH('/api/channels/{id}/messages/{number}', { params, body: { text: 'to talk of, @Ada' } });
  await ada.GET('/api/channels/{id}/messages/{number}/versions', { params });
  const emoji = { path: { ...params.path, emoji: '👍' } };
  await ada.PUT('/api/channels/{id}/messages/{number}/reactions/{emoji}', { params: emoji });
  await ada.GET('/api/channels/{id}/messages/{number}/reactions/{emoji}', { params: emoji });
  await ada.DELETE('/api/channels/{id}/messages/{number}/reactions/{emoji}', { params: emoji });
  await ada.PUT('/api/channels/{id}/messages/{number}/pin', { params });
  await ada.GET('/api/channels/{id}/pins', { params: { path: { id } } });
  await ada.PUT('/api/channels/{id}/messages/{number}/saved', { params, body: { note: 'later' } });
  await ada.GET('/api/me/saved');
  await ada.GET('/api/me/activity', { params: { query: { new: true, only: 'mentions' } } });
  await ada.GET('/api/me/activity/new');
  await ada.GET('/api/search', { params: { query: { q: 'talk has:link', in: [id], order: 'best' } } });
  await ada.PUT('/api/me/activity/seen', { body: { through: 1 } });
  await ada.PUT('/api/channels/{id}/messages/{number}/seen', { params });
  await ada.PUT('/api/channels/{id}/level', { params: { path: { id } }, body: { level: 'all' } });
  await ada.POST('/api/channels/{id}/messages', {
    params: { path: { id } },
    body: { text: 'an answer', thread: params.path.number, also: false },
  });
  await ada.GET('/api/channels/{id}/threads/{number}', { params: { ...params, query: { limit: 10 } } });
  await ada.PUT('/api/channels/{id}/threads/{number}/follow', { params });
  await ada.PUT('/api/channels/{id}/threads/{number}/read', { params, body: { number: params.path.number } });
  await ada.GET('/api/me/follows');
  await ada.GET('/api/me/threads');
  await ada.DELETE('/api/channels/{id}/threads/{number}/follow', { params });
  await ada.DELETE('/api/channels/{id}/messages/{number}/saved', { params });
  await ada.DELETE('/api/channels/{id}/messages/{number}/pin', { params });
  await ada.GET('/api/channels/{id}/people', { params: { path: { id }, query: { letters: 'a' } } });
}

async function messages(ada: Client<paths>, id: number): Promise<void> {
  const params = { path: { id } };
  const key = crypto.randomUUID();
  let number = 0;
  for (const status of [201, 200]) {
    const sent = await ada.POST('/api/channels/{id}/messages', { params, body: { key, text: 'hello' } });
    expect(sent.response.status).toBe(status);
    number = sent.data?.number ?? 0;
  }
  await ada.POST('/api/channels/{id}/messages', { params, body: { text: ' ' } });
  await ada.PUT('/api/channels/{id}/read', { params, body: { number: 1 } });
  await ada.GET('/api/channels/{id}/messages', { params });
  await ada.GET('/api/channels/{id}/messages', { params: { ...params, query: { before: 2, limit: 1 } } });
  await ada.GET('/api/channels/{id}/messages', { params: { ...params, query: { before: 2, after: 1 } } });
  await ada.GET('/api/channels/{id}/changes', { params: { ...params, query: { since: 0 } } });
  await ada.GET('/api/channels/{id}/digest', { params });
  await ada.DELETE('/api/channels/{id}/messages/{number}', { params: { path: { id, number } } });
  await ada.DELETE('/api/channels/{id}/messages', { params: { ...params, query: { through: number } } });
}

async function files(ada: Client<paths>, id: number): Promise<void> {
  const dot = await upload(ada, 'dot.png', Buffer.from(DOT, 'base64'));
  await ada.POST('/api/channels/{id}/messages', { params: { path: { id } }, body: { attachments: [dot] } });
  await ada.GET('/api/uploads/{id}', { params: { path: { id: dot } } });
  const file = { path: { id: dot, name: 'dot.png' } };
  const whole = await ada.GET('/files/{id}/{name}', { params: file, parseAs: 'arrayBuffer' });
  expect(whole.response.status).toBe(200);
  for (const headers of [{ range: 'bytes=0-3' }, { 'if-none-match': whole.response.headers.get('etag') ?? '' }]) {
    await ada.GET('/files/{id}/{name}', { params: file, headers, parseAs: 'arrayBuffer' });
  }
  expect([...(answers.seen.get('file') ?? [])]).toEqual([200, 206, 304]);
  const photo = await upload(ada, 'photo.gif', gif('photo.gif', 700).buffer);
  for (const id of [dot, photo])
    await ada.GET('/thumbnails/{id}', { params: { path: { id } }, parseAs: 'arrayBuffer' });
  const loose = await upload(ada, 'loose.txt', Buffer.from('words'));
  await ada.DELETE('/api/uploads/{id}', { params: { path: { id: loose } } });

  await ada.OPTIONS('/api/uploads/resumable');
  const metadata = `filename ${btoa('a.txt')}`;
  const begun = await ada.POST('/api/uploads/resumable', {
    params: { header: { ...TUS, 'Upload-Length': 5, 'Upload-Metadata': metadata } },
  });
  const upId = begun.response.headers.get('location')?.split('/').at(-1) ?? '';
  const path = { id: upId };
  await ada.HEAD('/api/uploads/resumable/{id}', { params: { path, header: TUS } });
  await ada.PATCH('/api/uploads/resumable/{id}', {
    params: { path, header: { ...TUS, 'Upload-Offset': 0 } },
    body: 'hel',
    bodySerializer: (body) => body,
    headers: { 'content-type': OCTETS },
  });
  await ada.DELETE('/api/uploads/resumable/{id}', { params: { path, header: TUS } });
}
