/**
 * The REST interface: one function per use case. Every failure is an `ApiError` with the problem's code; a network that
 * does not answer is one too (`network`), so that callers decide by one thing.
 */
import type { Route } from './route';
import type {
  Changes,
  Channel,
  ChannelDraft,
  Channels,
  Device,
  Digest,
  Follows,
  Grounds,
  Me,
  Members,
  Message,
  MessagePage,
  NewToken,
  TokenDraft,
  OwnChanges,
  PlaceChanges,
  Problem,
  Reactors,
  ReadState,
  Removal,
  Settings,
  State,
  ThreadPage,
  Token,
  Versions,
} from './wire';

/** How long an answer may take before the connection counts as dropped. */
const TIMEOUT_MS = 20_000;
/** How many messages a page has at most. */
export const PAGE = 100;
/** How many changes are asked for at once. */
export const CHANGES = 500;

export class ApiError extends Error {
  constructor(
    readonly code: string,
    /** 0 when there was no answer at all. */
    readonly status: number,
    /** A sentence for people, in their language; empty when there was no answer. */
    readonly detail: string,
    readonly field: string | null = null,
    readonly retryAfterMs: number | null = null,
  ) {
    super(detail === '' ? code : detail);
    this.name = 'ApiError';
  }

  /** Whether the same request may well succeed later. */
  get passing(): boolean {
    // Locked: a request that broke is still at it.
    return this.status === 0 || this.status === 423 || this.status === 429 || this.status >= 500;
  }
}

/** Which part of a row of messages. */
export interface Where {
  readonly before?: number;
  readonly after?: number;
  /** How many stand above this number is told too. */
  readonly countAbove?: number;
  readonly limit?: number;
}

export interface NewMessage {
  readonly key: string;
  readonly text: string;
  /** Which message it forwards. */
  readonly forward?: { readonly channel: number; readonly number: number };
  /** The number of the message that it quotes. */
  readonly quote?: number;
  /** The number of the message that it answers in a thread, and whether it is sent to the channel too. */
  readonly thread?: number;
  readonly also?: boolean;
  readonly attachments: readonly string[];
  readonly sender?: Sender;
}

/** Who wrote or wants something, and where: the server refuses it when it is another, or the session another's. */
export interface Sender {
  readonly user: number;
  readonly instance: string;
  readonly epoch: string;
}

/** Rows of a channel that are not what the server has at the same revision. */
export interface Mismatch {
  readonly channel: number;
  readonly revision: number;
  readonly expected: string;
  readonly found: string;
}

/** A new account is as old as the answer that made it; the flash of welcome hangs on that. */
const JUST_NOW_MS = 5_000;

/** The name waits at the door. */
const ACCEPTED = 202;

/** `shared`: the computer is somebody else's, so the browser is not kept. `null`: somebody has to let the name in. */
export async function signIn(
  name: string,
  password: string | null,
  shared: boolean,
): Promise<{ me: Me; created: boolean } | null> {
  const wanted = json({ name, shared, ...(password !== null && { password }) });
  const ask = (): Promise<Response> => request('POST', '/api/session', wanted);
  const response = await ask().catch((error: unknown) => {
    // The refusal asked the browser to show that it keeps cookies, which the same request does now. This happens where
    // the page stood open for long, or where its last cookie went with logging out.
    if (error instanceof ApiError && ['no_cookies', 'https_only'].includes(error.code)) return ask();
    throw error;
  });
  if (response.status === ACCEPTED) return null;
  const me = (await response.json()) as Me;
  const answered = Date.parse(response.headers.get('date') ?? '');
  return { me, created: Math.abs(answered - Date.parse(me.created_at)) < JUST_NOW_MS };
}

export const signOut = (forget: boolean): Promise<void> =>
  call('DELETE', forget ? '/api/session?forget=true' : '/api/session');
export const me = (): Promise<Me> => call('GET', '/api/me');
export const changeSettings = (settings: Partial<Settings>): Promise<Me> => call('PATCH', '/api/me/settings', settings);
export const changeName = (name: string): Promise<Me> => call('PUT', '/api/me/name', { name });
export const changePassword = (current: string | null, next: string): Promise<void> =>
  call('PUT', '/api/me/password', current === null ? { new: next } : { current, new: next });
export const devices = (): Promise<{ devices: Device[] }> => call('GET', '/api/me/devices');
export const forgetDevice = (id: string): Promise<void> => call('DELETE', `/api/me/devices/${id}`);
export const tokens = (): Promise<{ tokens: Token[] }> => call('GET', '/api/me/tokens');
export const makeToken = (draft: TokenDraft): Promise<NewToken> => call('POST', '/api/me/tokens', draft);
export const revokeToken = (id: number): Promise<void> => call('DELETE', `/api/me/tokens/${id}`);

/** What the app starts from, and the channel of a page; of another page, or `null`, nothing more. */
export const state = (route: Route | null): Promise<State> => call('GET', `/api/state?${pageOf(route)}`);

/** The channel of a page, without the list of those that the person is in. */
export const found = (route: Route): Promise<State> => call('GET', `/api/state?brief=true&${pageOf(route)}`);

function pageOf(route: Route | null): string {
  if (route?.kind !== 'channel' && route?.kind !== 'private') return '';
  const channel = route.kind === 'channel' ? `channel=${encodeURIComponent(route.name)}` : `id=${route.id}`;
  return route.number === null ? channel : `${channel}&number=${route.number}`;
}

/** What the person is in after a channel, as much as an answer holds. */
export const channels = (after = 0): Promise<Channels> => call('GET', `/api/channels?after=${after}`);
export const channel = (id: number): Promise<Channel> => call('GET', `/api/channels/${id}`);
export const ownChanges = (since: number): Promise<OwnChanges> => call('GET', `/api/me/changes?since=${since}`);
export const placeChanges = (since: number): Promise<PlaceChanges> => call('GET', `/api/place/changes?since=${since}`);
/** Opens the conversation with these people; with nobody, the notes to oneself. */
export const openDirect = (people: readonly number[]): Promise<Channel> => call('POST', '/api/direct', { people });
export const hideDirect = (channel: number, hidden: boolean): Promise<Channel> =>
  call(hidden ? 'PUT' : 'DELETE', `/api/channels/${channel}/hidden`);
export const createChannel = (draft: ChannelDraft): Promise<Channel> => call('POST', '/api/channels', draft);
export const join = (channel: number): Promise<Channel> => call('PUT', `/api/channels/${channel}/membership`);
export const leave = (channel: number): Promise<void> => call('DELETE', `/api/channels/${channel}/membership`);
export const visit = (channel: number): Promise<Channel> => call('POST', `/api/channels/${channel}/visit`);
/** Moves the read mark: `read` never moves it down, `mark` sets it. */
export const markRead = (
  channel: number,
  number: number,
  kind: 'read' | 'mark',
  sender: Sender | null,
): Promise<ReadState> => call('PUT', `/api/channels/${channel}/read`, { number, kind }, sender);
/** Which members to list: those whom the letters find, after the last of the page before. */
export interface MembersPart {
  readonly letters?: string;
  readonly after?: number | undefined;
  readonly limit: number;
}

export function members(channel: number, { letters = '', after, limit }: MembersPart): Promise<Members> {
  const query = new URLSearchParams({ limit: String(limit) });
  if (letters !== '') query.set('letters', letters);
  if (after !== undefined) query.set('after', String(after));
  return call('GET', `/api/channels/${channel}/members?${query}`);
}

/** The newest messages, or the ones before or after a number; a page of them when `limit` does not say less. */
export const messages = (channel: number, where: Where = {}): Promise<MessagePage> =>
  call('GET', `/api/channels/${channel}/messages?${queryOf(where)}`);

function queryOf({ before, after, countAbove, limit = PAGE }: Where): URLSearchParams {
  const query = new URLSearchParams({ limit: String(limit) });
  if (before !== undefined) query.set('before', String(before));
  if (after !== undefined) query.set('after', String(after));
  if (countAbove !== undefined) query.set('count_above', String(countAbove));
  return query;
}

export const changes = (channel: number, since: number): Promise<Changes> =>
  call('GET', `/api/channels/${channel}/changes?since=${since}&limit=${CHANGES}`);
export const post = (channel: number, message: NewMessage): Promise<Message> =>
  call('POST', `/api/channels/${channel}/messages`, message);
export const removal = (channel: number, number: number): Promise<Removal> =>
  call('GET', `/api/channels/${channel}/messages/${number}/removal`);
export const removeOther = (channel: number, number: number, grounds: Grounds): Promise<Message> =>
  call('POST', `/api/channels/${channel}/messages/${number}/removal`, grounds);
export const reportMessage = (channel: number, number: number, grounds: Grounds): Promise<void> =>
  call('PUT', `/api/channels/${channel}/messages/${number}/report`, grounds);
export const remove = (channel: number, number: number): Promise<Message> =>
  call('DELETE', `/api/channels/${channel}/messages/${number}`);
/** The earlier forms of a message, the newest first. */
export const versions = (channel: number, number: number): Promise<Versions> =>
  call('GET', `/api/channels/${channel}/messages/${number}/versions`);
/** Who put an emoji to a message. */
export const reactors = (channel: number, number: number, emoji: string): Promise<Reactors> =>
  call('GET', `/api/channels/${channel}/messages/${number}/reactions/${encodeURIComponent(emoji)}`);
/** A part of the thread that a message begins or answers in, as of `messages`. */
export const thread = (channel: number, number: number, where: Where = {}): Promise<ThreadPage> =>
  call('GET', `/api/channels/${channel}/threads/${number}?${queryOf(where)}`);
/** The threads that the reader follows. */
export const follows = (): Promise<Follows> => call('GET', '/api/me/follows');
export const digest = (channel: number, last: number): Promise<Digest> =>
  call('GET', `/api/channels/${channel}/digest?last=${last}`);
export const report = (mismatch: Mismatch): Promise<void> =>
  call('POST', '/api/reports', { kind: 'digest_mismatch', ...mismatch });

/** One command or question, with JSON both ways. */
export async function call<T>(method: string, path: string, body?: unknown, sender: Sender | null = null): Promise<T> {
  const init: Partial<ReturnType<typeof json>> = body === undefined ? {} : json(body);
  const said = sender && { 'Chinwag-Sender': `${sender.user} ${sender.instance} ${sender.epoch}` };
  const response = await request(method, path, { ...init, headers: { ...init.headers, ...said } });
  return (response.status === 204 ? undefined : await response.json()) as T;
}

function json(body: unknown): { headers: Record<string, string>; body: string } {
  return { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

/** One request. Answers only with a good answer; everything else is an `ApiError`. */
export async function request(method: string, path: string, init: RequestInit = {}): Promise<Response> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const given = init.signal ?? null;
  const signal = given === null ? timeout : AbortSignal.any([given, timeout]);
  const response = await fetch(path, { credentials: 'same-origin', ...init, method, signal }).catch(() => {
    throw new ApiError(given?.aborted === true ? 'aborted' : 'network', 0, '');
  });
  if (response.ok) return response;
  throw problem(response.status, await response.text().catch(() => ''), response.headers.get('retry-after'));
}

/** What an answer that is not a good one says. */
export function problem(status: number, body: string, retryAfter: string | null): ApiError {
  const known = parse(body);
  const seconds = known.retry_after_s ?? (retryAfter === null ? Number.NaN : Number(retryAfter));
  const waitMs = Number.isFinite(seconds) ? seconds * 1000 : null;
  return new ApiError(known.code ?? `http_${status}`, status, known.detail ?? '', known.field ?? null, waitMs);
}

/** A proxy in between may answer with something that is no problem document at all. */
function parse(body: string): Partial<Problem> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Partial<Problem>) : {};
  } catch {
    return {};
  }
}
