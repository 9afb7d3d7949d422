/** A server as small as the tests of `apply` need it. */
import { isAside } from './state/aside';
import { callsReader } from './state/calling';
import { spanOf } from './state/messages.svelte';
import { ADA, CHANNEL, RAIN, channel, facts } from './test-shapes';
import type { Channel, Follow, Line, Mention, Message, MessagePage, ServerEvent, User } from './wire';
import type { ThreadHead, ThreadPage } from './wire';

export { ADA, CHANNEL, RAIN, channel, facts };

/** A channel on the server: its rows and its revision, as the product keeps them. */
export class Server {
  rows: Message[] = [];
  revision = 0;
  /** Rows up to this number were cleared. */
  floor = 0;
  readonly events: ServerEvent[] = [];
  readonly #reacted = new Map<string, Set<number>>();

  post(author = RAIN, text = 'hello', mentions?: Mention[]): Message {
    return this.#posted(author, text, mentions);
  }

  /** Somebody answers in the thread of a message, and in the channel too if they like. */
  reply(root: number, author = RAIN, also = false, mentions?: Mention[]): Message | undefined {
    const head = this.rows[root - 1];
    const begins = head?.root === undefined && head?.line === undefined && root > this.floor;
    if (head === undefined || !begins || (head.deleted_at !== null && head.thread === undefined)) return undefined;
    return this.#posted(author, 'a reply', mentions, { root, also });
  }

  #posted(author: User, text: string, mentions?: Mention[], reply?: { root: number; also: boolean }): Message {
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
      ...(mentions !== undefined && { mentions }),
      ...(reply !== undefined && { root: reply.root, ...(reply.also && { also: true }) }),
    };
    this.#take(message);
    this.tell('posted', message);
    return message;
  }

  /** A new row says what stands before it in the run. */
  #take(row: Message): void {
    const last = this.rows.findLast((other) => !isAside(other))?.number ?? 0;
    if (!isAside(row) && last < row.number - 1) row.previous = last;
    this.rows.push(row);
  }

  /** The thread of a message as it is now, in the message too. */
  #head(root: number): ThreadHead {
    const replies = this.rows.filter((row) => row.root === root && row.deleted_at === null);
    const last = replies.at(-1) ?? this.rows[root - 1];
    const faces = [...new Map(replies.reverse().map(({ author }) => [author.id, author])).values()].slice(0, 4);
    const thread = {
      replies: replies.length,
      last_number: last?.number ?? root,
      last_at: last?.created_at ?? '',
      faces,
    };
    const head = this.rows[root - 1];
    if (head !== undefined && root > this.floor) this.rows[root - 1] = { ...head, revision: this.revision, thread };
    return { root, thread };
  }

  remove(number: number): void {
    const row = this.rows[number - 1];
    if (row === undefined || row.deleted_at !== null) return;
    this.revision += 1;
    const gone: Message = { ...row, revision: this.revision, text: '', deleted_at: row.created_at };
    delete gone.reactions;
    delete gone.edits;
    delete gone.edited_at;
    delete gone.mentions;
    delete gone.pin;
    this.rows[number - 1] = gone;
    this.tell('deleted', gone);
  }

  edit(number: number, text: string): void {
    const row = this.rows[number - 1];
    if (row === undefined || row.deleted_at !== null) return;
    this.revision += 1;
    const { reactions, ...rest } = row;
    const edited = { ...rest, revision: this.revision, text, edits: (row.edits ?? 0) + 1, edited_at: row.created_at };
    this.rows[number - 1] = reactions === undefined ? edited : { ...edited, reactions };
    this.tell('edited', edited);
  }

  /** Somebody puts an emoji to a message, or takes it back. */
  react(number: number, user: User, emoji: string, on: boolean): void {
    const row = this.rows[number - 1];
    const who = this.#reactors(number, emoji);
    if (row === undefined || row.deleted_at !== null || who.has(user.id) === on) return;
    this.revision += 1;
    if (on) who.add(user.id);
    else who.delete(user.id);
    const { reactions = [], ...rest } = row;
    const now = { emoji, count: who.size, mine: who.has(ADA.id) };
    const others = reactions.filter((one) => one.emoji !== emoji);
    const at = reactions.findIndex((one) => one.emoji === emoji);
    const all = [now, ...(at < 0 ? [] : others.slice(at))].filter(({ count }) => count > 0);
    const shown = [...others.slice(0, at < 0 ? others.length : at), ...all];
    const changed = { ...rest, revision: this.revision };
    this.rows[number - 1] = shown.length === 0 ? changed : { ...changed, reactions: shown };
    const { count } = now;
    const event = { channel: CHANNEL, ...spanOf(changed), number, user, emoji, on, count };
    this.events.push({ name: 'reaction', event });
  }

  #reactors(number: number, emoji: string): Set<number> {
    const at = `${number} ${emoji}`;
    const known = this.#reacted.get(at) ?? new Set();
    this.#reacted.set(at, known);
    return known;
  }

  /** Its author changes a message: it calls others than before. */
  call(number: number, mentions: Mention[]): void {
    const row = this.rows[number - 1];
    if (row === undefined || row.deleted_at !== null) return;
    this.revision += 1;
    const edited = { ...row, revision: this.revision, mentions };
    this.rows[number - 1] = edited;
    this.tell('edited', edited);
  }

  /** Somebody pins a message, or takes it down. */
  pin(number: number, by: User | null): void {
    const row = this.rows[number - 1];
    if (row === undefined || row.deleted_at !== null || (row.pin !== undefined) === (by !== null)) return;
    this.revision += 1;
    const pinned: Message = { ...row, revision: this.revision };
    const pin = by === null ? null : { by, at: '' };
    if (pin === null) delete pinned.pin;
    else pinned.pin = pin;
    this.rows[number - 1] = pinned;
    this.events.push({ name: 'pin', event: { channel: CHANNEL, ...spanOf(pinned), number, pin } });
  }

  /** Somebody joins or leaves: the newest row goes on if it says so of others already. */
  line(author = RAIN): void {
    const last = this.rows.at(-1);
    this.revision += 1;
    const passage = { user: author, joined: true, at: '' };
    if (last?.line?.kind === 'members' && last.number > this.floor) {
      const people = [...(last.line.people ?? []), passage];
      const further = { ...last, revision: this.revision, line: { ...last.line, people } };
      this.rows[last.number - 1] = further;
      this.tell('line', further);
    } else this.writeLine(author, { kind: 'members', people: [passage] });
  }

  /** Clears the channel up to a number. */
  clear(through: number): void {
    this.floor = Math.max(this.floor, Math.min(through, this.rows.length));
    this.revision += 1;
    const { revision } = this;
    this.events.push({
      name: 'channel',
      event: { type: 'changed', channel_since: revision - 1, channel: facts(this.info()) },
    });
    this.revision += 1;
    this.writeLine(ADA, { kind: 'cleared' });
  }

  private writeLine(author: User, line: Line): void {
    const number = this.rows.length + 1;
    const at = new Date(1_700_000_000_000 + number * 1000).toISOString();
    const row: Message = {
      channel: CHANNEL,
      number,
      revision: this.revision,
      key: `line-${number}`,
      author,
      text: '',
      created_at: at,
      deleted_at: at,
      removed: false,
      attachments: [],
      line,
    };
    this.#take(row);
    this.tell('line', row);
  }

  /** The rows that are still kept. */
  get kept(): Message[] {
    return this.rows.slice(this.floor);
  }

  /** Those of them that are no replies in threads alone. */
  get run(): Message[] {
    return this.kept.filter((row) => !isAside(row));
  }

  /** A thread as Ada gets it. */
  threadPage(root: number): ThreadPage {
    const head = root > this.floor ? (this.rows[root - 1] ?? null) : null;
    const replies = this.kept.filter((row) => row.root === root);
    const { revision } = this;
    const ends = { has_older: false, has_newer: false, followers: 0 };
    return { channel: CHANNEL, revision, number: root, root: head, replies, follow: null, ...ends };
  }

  /** Ada follows a thread, and has read it up to a number. */
  followOf(root: number, number: number, step: number): Follow {
    const above = this.kept.filter((row) => row.root === root && isAside(row) && row.number > number);
    const unread = above.filter((row) => row.author.id !== ADA.id && row.deleted_at === null);
    const mentions = unread.filter((row) => callsReader(row, ADA.id)).length;
    const last_number = this.kept.findLast((row) => row.root === root && row.deleted_at === null)?.number ?? root;
    const counted = { unread: unread.length, mentions, last_number, channel_revision: this.revision };
    return { channel: CHANNEL, root, following: true, number, step, ...counted };
  }

  private tell(type: 'posted' | 'edited' | 'deleted' | 'line', message: Message): void {
    const left = this.run.findLast((row) => row.deleted_at === null) ?? null;
    const isCounted = message.root !== undefined && (type === 'posted' || type === 'deleted');
    const head = isCounted ? { head: this.#head(message.root ?? 0) } : {};
    const event = { type, channel: CHANNEL, ...spanOf(message), message, ...head };
    this.events.push({ name: 'message', event: type === 'deleted' ? { ...event, last_message: left } : event });
  }

  /** As Ada sees it, who has read up to `read`. */
  info(read = 0): Channel {
    const unread = this.run.filter((row) => row.number > read && row.author.id !== ADA.id && row.deleted_at === null);
    const mentions = unread.filter((row) => callsReader(row, ADA.id)).length;
    const last_message = this.run.findLast((row) => row.deleted_at === null) ?? null;
    const { revision, floor } = this;
    const last_number = this.rows.length;
    return channel({ revision, last_number, floor, last_message, read_number: read, unread: unread.length, mentions });
  }

  page(limit = 100): MessagePage {
    const messages = this.run.slice(-limit);
    return {
      channel: CHANNEL,
      revision: this.revision,
      last_number: this.rows.length,
      messages,
      has_older: this.run.length > limit,
      has_newer: false,
    };
  }

  changes(since: number, limit = 500) {
    const all = this.kept.filter((row) => row.revision > since).sort((a, b) => a.revision - b.revision);
    const [messages, complete] = [all.slice(0, limit), all.length <= limit];
    const reached = complete ? this.revision : (messages.at(-1)?.revision ?? since);
    return { channel: CHANNEL, revision: this.revision, reached, messages, complete, info: this.info() };
  }
}
