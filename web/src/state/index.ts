/** All state of the app in one value, made once. */
import { ActivityState } from './activity.svelte';
import { Channels } from './channels.svelte';
import { ConnectionState } from './connection.svelte';
import type { BrowserStore } from './browser-store';
import { Drafts } from './drafts.svelte';
import { Flashes } from './flashes.svelte';
import { Follows } from './follows.svelte';
import { identityOf, type Identity } from './identity';
import { Kept } from './kept.svelte';
import { OutboxState } from './outbox.svelte';
import { People } from './people.svelte';
import { ViewState } from './view.svelte';
import { SessionState } from './session.svelte';
import { Side } from './side.svelte';
import { Streams } from './streams.svelte';
import { ShownHints } from './hints';
import { LetterKeys } from './letter-keys';
import { Threads } from './threads.svelte';
import { Windows } from './windows.svelte';
import { WishState } from './wishes.svelte';
import type { Channel, Message, User } from '../wire';
import type { MessageRun } from './messages.svelte';

export class AppState {
  readonly session = new SessionState();
  readonly streams = new Streams();
  readonly people = new People();
  readonly channels = new Channels();
  readonly activity = new ActivityState();
  readonly kept = new Kept();
  readonly windows = new Windows(this.kept);
  readonly threads = new Threads(this.kept);
  readonly follows = new Follows();
  readonly outbox = new OutboxState();
  readonly wishes = new WishState();
  readonly flashes = new Flashes();
  readonly connection = new ConnectionState();
  readonly view = new ViewState();
  #side: { owner: string; side: Side } | null = null;
  #drafts: { owner: string; drafts: Drafts } | null = null;

  constructor(readonly store: BrowserStore | null) {
    this.channels.calls = (message) => this.session.reader.calls(message);
  }

  /** The drafts of whoever is signed in. */
  get drafts(): Drafts {
    const owner = this.identity?.key ?? 'nobody';
    if (this.#drafts?.owner !== owner) this.#drafts = { owner, drafts: new Drafts(this.store, owner) };
    return this.#drafts.drafts;
  }

  /** How whoever is signed in left the sidebar. */
  get side(): Side {
    const owner = this.identity?.key ?? 'nobody';
    if (this.#side?.owner !== owner) this.#side = { owner, side: new Side(this.store, owner) };
    return this.#side.side;
  }

  /** What whoever is signed in was told once. */
  get hints(): ShownHints {
    return new ShownHints(this.store, this.identity?.key ?? 'nobody');
  }

  /** Whether whoever is signed in uses single letters as keys of the page. */
  get letterKeys(): LetterKeys {
    return new LetterKeys(this.store, this.identity?.key ?? 'nobody');
  }

  /** Who is signed in, on which server. */
  get identity(): Identity | null {
    const { me } = this.session;
    return me === null ? null : identityOf(me, this.streams);
  }

  /** The channel that the address stands for, if it is known. */
  get shownChannel(): Channel | undefined {
    return this.channels.at(this.view.route);
  }

  /** What is held of a channel's messages: its run, and the thread that stands beside it. */
  holders(channel: number): readonly MessageRun[] {
    return [this.windows.find(channel), this.threads.of(channel)].filter((run) => run !== undefined);
  }

  /** A message as far as it is held, of the run or of a thread. */
  message(channel: number, number: number): Message | undefined {
    return this.windows.find(channel)?.at(number) ?? this.threads.of(channel)?.at(number);
  }

  /** Somebody with the name and the picture that they have now. */
  person(read: User): User {
    const { me } = this.session;
    if (me?.id !== read.id) return this.people.now(read);
    const { id, name, picture } = me;
    return { id, name, ...(picture !== undefined && { picture }) };
  }

  /** Somebody else may sign in here: nothing of the last person stays. */
  signedOut(): void {
    this.session.signedOut();
    this.people.clear();
    this.channels.replace([]);
    this.windows.clear();
    this.activity.clear();
    this.kept.clear();
    this.follows.clear();
    this.threads.open = null;
    this.view.thread = null;
    this.view.left = null;
    this.view.lost = [];
    this.view.newLine = null;
    this.view.attended = null;
    this.view.jump = null;
    this.view.edits = new Map();
    this.view.dialog = null;
    this.view.card = this.view.profile = null;
    this.#drafts = null;
  }
}
