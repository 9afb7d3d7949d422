/**
 * The channels and direct conversations that the signed-in person is in, with how much is unread, and public channels that
 * they looked at meanwhile. The directory, which has all public ones, is not held: of its changes, those of channels that
 * are not here are noted only to set right an answer that is older.
 *
 * What is known of a channel has two parts with a revision each: its content and facts (`revision`, of the channel's
 * stream) and the membership (`own_revision`, of the person's own). Answers and events overtake each other; of each part
 * the later one holds. How much is unread hangs on both. Over that lie read marks that the server has not confirmed yet.
 */
import type { Channel, ChannelInfo, Message, ReadState, Span } from '../wire';
import type { Route } from '../route';
import { isAside } from './aside';
import { capped, countedWith, MANY_UNREAD } from './counting';
import { Gone, type AsOf } from './gone';
import { Heard } from './heard.svelte';
import { NO_MEMBER } from './no-member';
import { lastAfter, type Change } from './last-message';
import { isPublic, publicNames } from './public-names';
import type { Counts } from './seen';
import { follows, type Outcome } from './streams.svelte';

/** Reading never moves a mark down; setting one does. */
export type MarkKind = 'read' | 'mark';

/** A read mark that is on its way to the server. */
export interface PendingMark extends Counts {
  readonly number: number;
  readonly kind: MarkKind;
}

export class Channels {
  /** Oldest first. Replaced, never changed in place. */
  list: readonly Channel[] = $state.raw([]);
  readonly #byId = $derived(new Map(this.list.map((channel) => [channel.id, channel])));
  readonly #byName = $derived(new Map(this.list.filter(isPublic).map((channel) => [channel.name, channel])));
  /** The names of the public ones, in lines: the same text as long as none is renamed, comes or goes. */
  readonly #names = $derived(publicNames(this.list));
  readonly heard = new Heard();
  /** The public channels that are known here, by their names. What hangs on it changes with a name alone. */
  readonly publicNames: ReadonlySet<string> = $derived(new Set([...this.#names.split('\n'), ...this.heard.names]));
  /** Those that the person is in, without the direct conversations that they hide. */
  readonly joined = $derived(this.list.filter(({ member, hidden }) => member && !hidden));
  /** Counts the changes of the directory: a page of it that is shown is loaded again. */
  directoryChanges = $state(0);
  /** Counts the updates of member counts, which have no revision. */
  memberCountEvents = 0;
  /** Called with the newest known revision of a channel: what is held of it may be older. */
  onRevision: (channel: number, revision: number) => void = () => undefined;
  /** Counts the messages by others above a number in the loaded rows; `null` if they are of another revision. */
  countInRows: (channel: number, above: number, revision: number) => Counts | null = () => null;
  /** Whether a message calls whoever is signed in. */
  calls: (message: Message) => boolean = () => false;
  /** Called when another window or device moved a read mark. */
  onMarkMovedElsewhere: (channel: number) => void = () => undefined;
  /** Called when the number of unread messages is not known and has to be asked for. */
  onUnreadUnknown: (channel: number) => void = () => undefined;

  /** What the server said, without the marks that are on their way. */
  readonly #confirmed = new Map<number, Channel>();
  readonly #marks = new Map<number, PendingMark>();
  readonly #gone = new Gone();

  find(id: number): Channel | undefined {
    return this.#byId.get(id);
  }

  /** The public channel of that name: only they have names for themselves. */
  named(name: string): Channel | undefined {
    return this.#byName.get(name);
  }

  /** The channel that a page is of. */
  at(route: Route): Channel | undefined {
    if (route.kind === 'channel') return this.named(route.name);
    return route.kind === 'private' ? this.find(route.id) : undefined;
  }

  /** Up to where a channel's content is known; `undefined` where it is not followed. */
  revision(id: number): number | undefined {
    const confirmed = this.#confirmed.get(id);
    return confirmed?.member === true ? confirmed.revision : undefined;
  }

  /** Replaces everything that was known. */
  replace(list: readonly Channel[]): void {
    this.#confirmed.clear();
    this.#marks.clear();
    this.#gone.clear();
    this.heard.clear();
    for (const channel of list) this.#confirmed.set(channel.id, channel);
    this.list = [...list].sort(byAge);
  }

  /** Forgets a channel that the person may not know of, as of a revision of their own stream. */
  lose(id: number, revision: number): void {
    this.#forget(id, { own: revision });
  }

  /** Forgets a channel that the directory does not list any more as of a revision of the place, unless the person is in it. */
  delist(id: number, revision: number): void {
    this.directoryChanges += 1;
    this.heard.forget(id);
    if (this.#confirmed.get(id)?.member !== true) this.#forget(id, { place: revision });
  }

  #forget(id: number, at: Partial<AsOf>): void {
    this.#gone.note(id, at);
    this.#confirmed.delete(id);
    this.#marks.delete(id);
    this.list = this.list.filter((channel) => channel.id !== id);
  }

  /** Merges answers about many channels, `asOf` these revisions if the answer tells them. None is removed by it. */
  mergeAll(list: readonly Channel[], asOf?: AsOf): void {
    const before = list.map(({ id }) => this.#confirmed.get(id));
    for (const channel of list) this.#mergeFacts(channel, asOf);
    this.list = [...this.#confirmed.values()].sort(byAge).map((channel) => this.#shown(channel));
    for (const known of before) if (known !== undefined) this.#noteMove(known, known.id);
    for (const { id, revision } of list) this.onRevision(id, revision);
  }

  /** Merges a channel from an answer or event, as this person sees it. */
  merge(channel: Channel): void {
    const known = this.#confirmed.get(channel.id);
    this.#mergeFacts(channel);
    this.#show(channel.id);
    if (known !== undefined) this.#noteMove(known, channel.id);
    this.onRevision(channel.id, channel.revision);
  }

  /** The directory lists a channel anew or differently. Entries come in the order of the place's stream. */
  listed(info: ChannelInfo): void {
    this.directoryChanges += 1;
    this.#gone.listed(info.id);
    this.applyDirectoryEntry(info);
  }

  /** Applies what everybody sees of a channel, if it is here. */
  applyDirectoryEntry(info: ChannelInfo): void {
    const known = this.#confirmed.get(info.id);
    if (known === undefined) this.heard.note(info.id, info);
    else if (!known.member && info.revision >= known.revision) this.#set({ ...known, ...info });
    else if (info.revision >= known.revision) {
      // The content of a channel that is followed comes by its own stream.
      const { revision, last_number, last_message } = known;
      this.#set({ ...known, ...info, revision, last_number, last_message });
      this.onRevision(info.id, info.revision);
    }
  }

  /** Applies a change of a channel's own facts, such as the topic, under the channel's revision. */
  applyFacts(since: number, info: ChannelInfo): Outcome {
    const known = this.#confirmed.get(info.id);
    if (known === undefined) return 'known';
    const outcome = follows(known.revision, { since, revision: info.revision });
    if (outcome !== 'applied') return outcome;
    this.#set({ ...known, ...info });
    if (info.floor > known.floor && known.unread > 0) this.#recount(info.id);
    return outcome;
  }

  /** A change of a message that touches nothing else of its channel, such as a reaction: only the revision moves. */
  advance(id: number, span: Span): Outcome {
    const known = this.#confirmed.get(id);
    const outcome = known?.member === true ? follows(known.revision, span) : 'known';
    if (known !== undefined && outcome === 'applied') this.#set({ ...known, revision: span.revision });
    return outcome;
  }

  /** Applies a posted, changed or deleted message. `me` is who is signed in: their own messages are never unread. */
  applyMessage(change: Change, me: number | undefined): Outcome {
    const { message } = change;
    const known = this.#confirmed.get(message.channel);
    if (known?.member !== true) return 'known';
    const outcome = follows(known.revision, change);
    if (outcome !== 'applied') return outcome;
    // A reply that is in a thread alone takes a number and a revision of the channel, and counts nowhere in it.
    if (isAside(message)) {
      this.#set({ ...known, revision: change.revision, last_number: Math.max(known.last_number, message.number) });
      return 'applied';
    }
    const isNew = message.number > known.last_number;
    const own = message.author.id === me;
    const calls = this.calls(message);
    const told = { message, isNew, own, calls };
    const mark = this.#marks.get(message.channel);
    if (mark !== undefined) this.#marks.set(message.channel, { ...mark, ...countedWith(mark, mark.number, told) });
    this.#set({
      ...known,
      revision: change.revision,
      last_number: Math.max(known.last_number, message.number),
      last_message: lastAfter(known, change),
      ...countedWith(known, known.read_number, told),
    });
    // What changed above the mark may have called before, or calls only now.
    const above = !isNew && !own && message.line === undefined && message.number > known.read_number;
    if (above && (calls || known.mentions > 0)) this.#recount(message.channel);
    else if (known.unread >= MANY_UNREAD && !isNew && message.deleted_at !== null) this.#recount(message.channel);
    return 'applied';
  }

  /**
   * Applies a read mark from the server. Of two marks the one with the later step wins. `all` says that every change of the
   * membership up to the mark is held: an answer about a mark may come before one.
   */
  applyReadMark(state: ReadState, all = false): void {
    const known = this.#confirmed.get(state.channel);
    if (known?.member !== true || state.step < known.read_step) return;
    const { number: read_number, step: read_step, unread: count, mentions } = state;
    const own_revision = all ? Math.max(known.own_revision, read_step) : known.own_revision;
    this.#set({ ...known, own_revision, read_number, read_step, unread: count, mentions });
    this.#noteMove(known, state.channel);
    // Counted at another revision of the channel than what is held: nothing unread stays nothing when what is still to
    // come was counted already.
    const holds = state.channel_revision === known.revision || (count === 0 && state.channel_revision > known.revision);
    if (!holds) this.#recount(state.channel);
  }

  /** Moves the mark before the server has heard of it. `above` is how much stays unread, where that is known. */
  mark(id: number, number: number, kind: MarkKind, above: Counts | null): void {
    const confirmed = this.#confirmed.get(id);
    if (confirmed?.member !== true) return;
    const before = this.#marks.get(id);
    const rest = Math.max(0, confirmed.last_number - number);
    // What was set by hand goes on to be where it is put, also when it was read on since.
    const kept = before?.kind === 'mark' ? 'mark' : kind;
    const shown = this.find(id) ?? confirmed;
    const estimate = kept === 'read' ? Math.min(shown.unread, rest) : rest;
    const unread = Math.min(above?.unread ?? estimate, MANY_UNREAD);
    const mentions = Math.min(above?.mentions ?? shown.mentions, unread);
    this.#marks.set(id, { number, kind: kept, unread, mentions });
    this.#show(id);
  }

  pendingMark(id: number): PendingMark | undefined {
    return this.#marks.get(id);
  }

  /** Channels whose mark the server has not heard of. */
  get pendingMarks(): readonly number[] {
    return [...this.#marks.keys()];
  }

  /** Drops a pending mark that the server has answered or refused, unless it moved on meanwhile. */
  clearPendingMark(id: number, answered: PendingMark): void {
    const mark = this.#marks.get(id);
    if (mark?.number !== answered.number || mark.kind !== answered.kind) return;
    this.#marks.delete(id);
    this.#show(id);
  }

  setMemberCount(id: number, count: number): void {
    this.memberCountEvents += 1;
    const known = this.#confirmed.get(id);
    if (known !== undefined && known.member_count !== count) this.#set({ ...known, member_count: count });
  }

  /**
   * The person left by this window, which asked for it when it knew the membership as of a revision. An event of their own
   * stream will follow. If it came first, or they came back by another window, what is known is newer.
   */
  applyLeaving(id: number, asOf: number): void {
    const known = this.#confirmed.get(id);
    if (known?.own_revision === asOf) this.#set({ ...known, ...NO_MEMBER, own_revision: known.own_revision });
  }

  /** Tells of a mark that moved without this window: what is on its way covers the moves of its own. */
  #noteMove(before: Channel, id: number): void {
    const now = this.#confirmed.get(id);
    if (now === undefined || !before.member || !now.member) return;
    if (now.read_step <= before.read_step || now.read_number === before.read_number) return;
    const mark = this.#marks.get(id);
    const isOwn = mark !== undefined && (mark.kind === 'mark' || mark.number >= now.read_number);
    if (!isOwn) this.onMarkMovedElsewhere(id);
  }

  #mergeFacts(confirmed: Channel, asOf?: AsOf): void {
    const known = this.#confirmed.get(confirmed.id);
    if (known === undefined) {
      if (this.#gone.isStale(confirmed, asOf)) return;
      this.#confirmed.set(confirmed.id, confirmed);
      const newer = this.heard.newer(confirmed.id, confirmed.revision);
      if (newer !== undefined) this.applyDirectoryEntry(newer);
      return;
    }
    const content = confirmed.revision >= known.revision ? confirmed : known;
    const own = confirmed.own_revision > known.own_revision ? confirmed : known;
    const { member, host, muted_until, hidden, level, own_revision } = own;
    const other = own === known ? confirmed : known;
    // A mark may be later than what is held of the membership besides.
    const mark = member && other.member && other.read_step > own.read_step ? other : own;
    const { read_number, read_step } = mark;
    const agrees = (part: Channel): boolean => part.revision === content.revision && part.read_step === read_step;
    const counted = [confirmed, known].find(agrees);
    // Neither says how much is unread of this content above this mark.
    const isKnown = counted !== undefined;
    const { unread: count, mentions } = counted ?? mark;
    const { member_count } = confirmed;
    this.#confirmed.set(confirmed.id, {
      ...content,
      member_count,
      member,
      host,
      muted_until,
      hidden,
      level,
      own_revision,
      read_number,
      read_step,
      unread: count,
      mentions,
    });
    if (!isKnown && member) this.#recount(confirmed.id);
  }

  /** Counts what is unread by the rows, or asks. */
  #recount(id: number): void {
    const confirmed = this.#confirmed.get(id);
    if (confirmed?.member !== true) return;
    const { last_number, floor, read_number, revision } = confirmed;
    const none = { unread: 0, mentions: 0 };
    const count = last_number <= floor ? none : this.countInRows(id, read_number, revision);
    if (count === null) this.onUnreadUnknown(id);
    else this.#set({ ...confirmed, ...capped(count) });
  }

  #set(channel: Channel): void {
    this.#confirmed.set(channel.id, channel);
    this.#show(channel.id);
  }

  /** Puts a channel into the list as it is to be seen. */
  #show(id: number): void {
    const confirmed = this.#confirmed.get(id);
    if (confirmed === undefined) return;
    const shown = this.#shown(confirmed);
    this.list = this.#byId.has(id)
      ? this.list.map((other) => (other.id === id ? shown : other))
      : [...this.list, shown].sort(byAge);
  }

  #shown(confirmed: Channel): Channel {
    const mark = this.#marks.get(confirmed.id);
    if (mark === undefined || !confirmed.member) return confirmed;
    if (mark.kind === 'read' && mark.number <= confirmed.read_number) return confirmed;
    return { ...confirmed, read_number: mark.number, unread: mark.unread, mentions: mark.mentions };
  }
}

/** Whether it is a channel, public or private, and no direct conversation. */
export const isChannel = ({ kind }: Channel): boolean => kind !== 'direct';

const byAge = (a: Channel, b: Channel): number => a.id - b.id;
