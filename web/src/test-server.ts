/** A server as small as the tests of `apply` need it, and a client of it. */
import { AppState } from './state';
import { spanOf } from './state/messages.svelte';
import type { Gap } from './state/streams.svelte';
import { INSIDE, MEMBER, OPEN } from './test-shapes';
import type { Channel, ChannelInfo, Me, Message, MessagePage, ServerEvent } from './wire';

export const ADA = { id: 1, name: 'Ada' };
export const RAIN = { id: 2, name: '小雨' };
export const CHANNEL = 7;

/** A channel on the server: its rows and its revision, as the product keeps them. */
export class Server {
  rows: Message[] = [];
  revision = 0;
  readonly events: ServerEvent[] = [];

  post(author = RAIN, text = 'hello'): Message {
    const number = this.rows.length + 1;
    this.revision += 1;
    const created_at = new Date(1_700_000_000_000 + number * 1000).toISOString();
    const message: Message = {
      channel: CHANNEL,
      number,
      revision: this.revision,
      key: `key-${number}`,
      author,
      text,
      created_at,
      deleted_at: null,
      removed: false,
      attachments: [],
    };
    this.rows.push(message);
    this.tell('posted', message);
    return message;
  }

  remove(number: number): void {
    const row = this.rows[number - 1];
    if (row === undefined || row.deleted_at !== null) return;
    this.revision += 1;
    const gone = { ...row, revision: this.revision, text: '', deleted_at: row.created_at };
    this.rows[number - 1] = gone;
    this.tell('deleted', gone);
  }

  private tell(type: 'posted' | 'deleted', message: Message): void {
    const left = this.rows.findLast((row) => row.deleted_at === null) ?? null;
    const event = { type, channel: CHANNEL, ...spanOf(message), message };
    this.events.push({ name: 'message', event: type === 'posted' ? event : { ...event, last_message: left } });
  }

  /** As Ada sees it, who has read up to `read`. */
  info(read = 0): Channel {
    const unread = this.rows.filter((row) => row.number > read && row.author.id !== ADA.id && row.deleted_at === null);
    const last_message = this.rows.findLast((row) => row.deleted_at === null) ?? null;
    const last_number = this.rows.length;
    return channel({ revision: this.revision, last_number, last_message, read_number: read, unread: unread.length });
  }

  page(limit = 100): MessagePage {
    const messages = this.rows.slice(-limit);
    return {
      channel: CHANNEL,
      revision: this.revision,
      last_number: this.rows.length,
      messages,
      has_older: this.rows.length > limit,
      has_newer: false,
    };
  }

  changes(since: number, limit = 500) {
    const all = this.rows.filter((row) => row.revision > since).sort((a, b) => a.revision - b.revision);
    const [messages, complete] = [all.slice(0, limit), all.length <= limit];
    const reached = complete ? this.revision : (messages.at(-1)?.revision ?? since);
    return { channel: CHANNEL, revision: this.revision, reached, messages, complete, info: this.info() };
  }
}

export function channel(change: Partial<Channel> = {}): Channel {
  return {
    id: CHANNEL,
    name: 'general',
    topic: '',
    created_at: '',
    created_by: ADA,
    member_count: 1,
    revision: 0,
    last_number: 0,
    last_message: null,
    ...OPEN,
    ...INSIDE,
    own_revision: 0,
    read_number: 0,
    read_step: 0,
    unread: 0,
    ...change,
  };
}

/** A channel as everybody sees it. */
export function facts(of: Channel): ChannelInfo {
  const { id, name, topic, created_at, created_by, member_count, revision, last_number, last_message } = of;
  return { ...OPEN, id, name, topic, created_at, created_by, member_count, revision, last_number, last_message };
}

export function client(server: Server): AppState {
  const state = new AppState(null);
  const settings = { language: 'auto', theme: 'auto', enter_sends: false } as const;
  const me: Me = { ...ADA, ...MEMBER, created_at: '', has_password: false, last_channel: null, settings, revision: 0 };
  state.session.applyAccount(me);
  state.channels.replace([server.info()]);
  state.windows.open(CHANNEL).replace(server.page());
  return state;
}

/** Mulberry32: the same numbers for the same seed. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function heads(...list: [number, number][]): ServerEvent {
  return { name: 'heads', event: { instance: 'i', epoch: 'e', heads: list, members: [] } };
}

/** A read mark of Ada's as the server sends it: the step is the revision of the person's own stream. */
export function read(step: number, number: number, server: Server): ServerEvent {
  const { unread: count, revision } = server.info(number);
  const state = { channel: CHANNEL, number, step, unread: count, channel_revision: revision };
  return { name: 'read', event: { since: step - 1, revision: step, ...state } };
}

/** What recovery does with a gap, without the network in between. */
export function recover(state: AppState, server: Server, gaps: readonly Gap[]): void {
  if (gaps.length === 0) return;
  const changes = server.changes(state.windows.open(CHANNEL).revision);
  state.windows.open(CHANNEL).applyChanges(changes);
  state.channels.merge(changes.info);
}
