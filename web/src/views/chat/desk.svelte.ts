/**
 * What is done with the rows of one list, the channel's or a thread's, and what is open over them. A list has one of these; what
 * is open is drawn by `RowDialogs.svelte`.
 */
import { tick } from 'svelte';
import type { App } from '../../app';
import { addressOfChannel } from '../../route';
import { closedFor } from '../../state/closed';
import { channelOf, placeOf, rootOf, type Place } from '../../state/place';
import { runs } from '../../state/rights';
import type { Attachment, Channel } from '../../wire';
import { dialogs } from '../later';
import { copyText } from '../parts/copy';
import type { Opened, RowActions } from './actions';
import type { Row } from './rows';

/** The list and what stands around it. */
export interface Surroundings {
  readonly channel: () => Channel;
  /** The thread that is shown; null for the channel itself. */
  readonly root: number | null;
  /** The element that holds the rows. */
  readonly box: () => HTMLElement | undefined;
  /** Gives the focus to where one writes. */
  readonly write: () => void;
}

export class Desk implements RowActions {
  /** The message that is to be deleted, if its author says so. */
  deleting: Row | null = $state.raw(null);
  /** What is asked about a message of another person. */
  asked: { readonly kind: 'remove' | 'mute' | 'report' | 'why' | 'forward'; readonly row: Row } | null =
    $state.raw(null);
  /** Whose actions are shown as a sheet. */
  resting: Row | null = $state.raw(null);
  opened: Opened | null = $state.raw(null);
  enlarged: Attachment | null = $state.raw(null);
  /** The row from which something was opened shows its buttons until the focus is back on them. */
  held: string | null = $state(null);
  readonly place: Place;

  constructor(
    private readonly app: App,
    private readonly around: Surroundings,
  ) {
    this.place = placeOf(around.channel().id, around.root);
  }

  /** Whether something is open. */
  get busy(): boolean {
    const { deleting, asked, resting, opened, enlarged } = this;
    return [deleting, asked, resting, opened, enlarged].some((one) => one !== null);
  }

  get channel(): Channel {
    return this.around.channel();
  }

  get answers(): boolean {
    return dialogs.loaded?.mayAnswer(this.channel, this.app.state.session.me, Date.now()) === true;
  }

  get runs(): boolean {
    return runs(this.app.state.session.me, this.channel);
  }

  get writes(): boolean {
    return closedFor(this.channel, this.app.state.session.me, Date.now(), this.isThread) === null;
  }

  readonly retry = (row: Row): void => void this.app.messages.outbox.retry(row.sendKey);
  readonly discard = (row: Row): void => {
    void this.app.messages.outbox.discard(row.sendKey);
    // The button that was pressed goes with its row.
    this.around.write();
  };
  readonly edit = (row: Row): void => void this.app.messages.edit(row.sendKey).then(() => this.around.write());
  readonly remove = (row: Row): void => {
    this.deleting = row;
    this.held = row.key;
  };
  readonly mayChange = ({ number }: Row): boolean => {
    const message = number === null ? undefined : this.app.state.message(this.channel.id, number);
    return dialogs.loaded?.mayEdit(this.app, this.channel, message) === true;
  };
  readonly change = ({ number }: Row): void =>
    void (number !== null && dialogs.loaded?.beginEdit(this.app, this.channel, number, this.place));
  readonly mayReply = ({ number, state }: Row): boolean => {
    const closed = closedFor(this.channel, this.app.state.session.me, Date.now(), true);
    return this.around.root === null && number !== null && state === 'sent' && closed === null;
  };
  readonly reply = ({ number, root }: Row): void =>
    void (number !== null && this.app.navigator.openThread(this.channel, root ?? number));
  readonly react = ({ number }: Row, emoji: string): void =>
    void (number !== null && dialogs.loaded?.toggle(this.app, this.channel.id, number, emoji));
  readonly open = (what: Opened): void => {
    this.opened = what;
    this.held = what.row.key;
  };
  readonly removeOther = (row: Row): void => this.#ask('remove', row);
  readonly mute = (row: Row): void => this.#ask('mute', row);
  readonly report = (row: Row): void => this.#ask('report', row);
  readonly why = (row: Row): void => this.#ask('why', row);
  readonly quote = ({ number }: Row): void => {
    this.app.state.drafts.setQuote(this.place, number);
    this.around.write();
  };
  readonly copy = (row: Row): void => void this.#copy(row.text);
  readonly copyLink = (row: Row): void => void this.#copy(location.origin + addressOfChannel(this.channel, row.number));
  readonly forward = (row: Row): void => this.#ask('forward', row);
  readonly markUnread = ({ number }: Row): void =>
    void (number !== null && dialogs.loaded?.markUnreadFrom(this.app, this.place, number));
  readonly mayMarkUnread = ({ number }: Row): boolean => {
    const { root } = this.around;
    if (root === null) return this.channel.member;
    return number !== root && this.app.state.follows.find(this.channel.id, root)?.following === true;
  };
  readonly sheet = (row: Row): void => void (this.resting = row);
  readonly picture = (attachment: Attachment): void => void (this.enlarged = attachment);
  readonly elementOf = ({ key }: Row): HTMLElement | null =>
    this.around.box()?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`) ?? null;

  /** What was open is closed. */
  async close(): Promise<void> {
    this.deleting = this.asked = this.opened = null;
    await tick();
    this.held = null;
  }

  confirmDelete(): void {
    const row = this.deleting;
    // The button that was pressed goes with the text; its message stays, as a line.
    void this.close().then(() => row !== null && this.#focus(row));
    if (row !== null && row.number !== null) void this.app.messages.remove(channelOf(this.place), row.number);
  }

  closeAsked(removed: boolean): void {
    const row = this.asked?.row;
    // The button that was pressed goes with the text.
    void this.close().then(() => removed && row !== undefined && this.#focus(row));
  }

  /** Whether the list is that of a thread. */
  get isThread(): boolean {
    return rootOf(this.place) !== null;
  }

  #focus(row: Row): void {
    this.elementOf(row)?.focus({ preventScroll: true });
  }

  #ask(kind: 'remove' | 'mute' | 'report' | 'why' | 'forward', row: Row): void {
    this.asked = { kind, row };
    this.held = row.key;
  }

  async #copy(text: string): Promise<void> {
    const copied = await copyText(text);
    this.app.state.flashes.show(
      copied ? 'ok' : 'bad',
      this.app.words.t(copied ? 'message.copied' : 'message.notCopied'),
    );
  }
}
