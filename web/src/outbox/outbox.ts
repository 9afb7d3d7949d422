/**
 * Everything that a person sends goes through here. A message is shown at once, is on the browser's disk before it leaves
 * the composer, and stays until the server has it or its writer decides otherwise, through reloads, crashes and days
 * without a network. Where the disk is refused, full or hangs it is kept in this tab instead, and that is said.
 */
import type { ApiError } from '../api';
import { explain, type Core } from '../actions/core';
import { secondScript } from '../second-script';
import type { BrowserStore } from '../state/browser-store';
import type { DraftFile } from '../state/drafts.svelte';
import type { Disk } from './disk';
import type { Place } from '../state/place';
import type { Identity } from '../state/identity';
import type { ForwardSource, OutboxState, Unsent, UnsentFile } from '../state/outbox.svelte';
import type { Message } from '../wire';
import { KeptRows } from './kept-rows';
import { newRow, whyLater } from './rows';
import { Sender, type Desk } from './sender';
import { Tabs, type TabMessage } from './tabs';

/** A disk that takes longer than this does not hold up the composer. */
const PATIENCE_MS = 1_000;
/** Progress is told to other tabs this often. */
const TELL_MS = 250;
/** In the order of writing, and after all that was there before. */
const A_LITTLE = 2 ** -16;

/** What the outbox needs of the app around it. */
export interface Surroundings {
  /** A message is stored: the row of the list takes the place of the one that waited. */
  settled(message: Message): void;
  /** Whether the browser is signed in as this person, as far as its tabs know. */
  signedInAs(person: number): boolean;
}

/** What goes with a message beside its text and its files. */
export interface With {
  /** Whether a reply is sent to the channel too. */
  readonly also?: boolean;
  /** The number of the message that it quotes. */
  readonly quote?: number | null;
}

/** What is kept and sent beside messages (`wishes.ts`), by the same tab and in the same database. */
export interface Beside {
  /** Somebody is signed in, or nobody any more. */
  begin(): void;
  end(): void;
  /** Another tab changed something, or this one is to send from now on. */
  look(): void;
  /** It may work now: nobody waits for the end of a pause. */
  wake(): void;
  discardAll(): Promise<void>;
}

export class Outbox implements Desk {
  #sender: Sender | null = null;
  #tabs: Tabs | null = null;
  #leads = false;
  /** When the other tabs heard last how far an upload is, in ms since 1970. */
  #progressSharedAt = 0;
  readonly #kept: KeptRows;
  #beside: Beside | null = null;

  constructor(
    private readonly core: Core,
    private readonly around: Surroundings,
    /** Where the browser writes at once what must not be forgotten. */
    store: BrowserStore | null = null,
  ) {
    const onStored = (): void => {
      this.#tabs?.broadcast({ kind: 'changed' });
      this.#tabs?.ask();
    };
    const listener = {
      onChange: (gone?: readonly string[]) =>
        this.#tabs?.broadcast(gone === undefined ? { kind: 'changed' } : { kind: 'changed', gone }),
      onStored,
      onGone: (key: string) => this.#sender?.cancel(key),
      onReady: () => this.#pump(),
    };
    this.#kept = new KeptRows(core, listener, store);
  }

  /** Takes in what comes with a later script. */
  accompany(beside: Beside): void {
    this.#beside = beside;
    if (this.owner !== null) beside.begin();
  }

  /** Whose messages these are. */
  get owner(): Identity | null {
    return this.#kept.owner;
  }

  get disk(): Disk {
    return this.#kept.disk;
  }

  /** Whether this tab is the one that sends. */
  get leads(): boolean {
    return this.#leads;
  }

  /** Whether the browser still belongs to the person whose messages these are: another may have signed in in another tab. */
  get isOwners(): boolean {
    return this.owner !== null && this.around.signedInAs(this.owner.user);
  }

  /** Tells the other tabs that wishes changed, and what a settled one made of its message. */
  shareWishes(message?: Message): void {
    if (message !== undefined) this.#tabs?.broadcast({ kind: 'settled', message });
    this.#tabs?.broadcast({ kind: 'wishes' });
    this.#tabs?.ask();
  }

  /**
   * Nobody is signed in yet: the database is made meanwhile. WebKit keeps a page that is left while it makes one, and holds
   * the database for it until the browser ends.
   */
  prepare(instance: string): void {
    this.#kept.prepare(instance);
  }

  /** Somebody is signed in: what they left is there again. Resolves when it is. */
  async start(owner: Identity): Promise<void> {
    this.stop();
    this.#sender = new Sender(this);
    const tabs = (this.#tabs = new Tabs(owner.key, {
      onLead: () => this.#lead(true),
      onLost: () => this.#lead(false),
      onMessage: (message) => this.#onTabMessage(message),
    }));
    await this.#kept.begin(owner);
    if (tabs !== this.#tabs) return;
    tabs.contend(this.#kept.disk);
    this.#pump();
    this.#beside?.begin();
  }

  /** The page is left, perhaps for ever. */
  suspend(): void {
    this.#tabs?.suspend();
  }

  /** The page that was left is shown again as it was. */
  resume(): void {
    this.#tabs?.resume();
    this.#reload();
  }

  /** Nobody is signed in any more. What is on the disk stays there; nothing is shown. */
  stop(): void {
    this.#sender?.stop();
    this.#tabs?.close();
    this.#sender = this.#tabs = null;
    this.#leads = false;
    this.#kept.end();
    this.#beside?.end();
  }

  /** Takes a message; it is shown at once. Resolves when it is kept, or when that takes too long to wait for. */
  add(
    place: Place,
    text: string,
    files: readonly DraftFile[],
    { also = false, quote = null }: With = {},
  ): Promise<void> {
    return this.#add({ place, also, text, files, quote });
  }

  #add(written: Parameters<typeof newRow>[3]): Promise<void> {
    const { me } = this.core.state.session;
    const { owner } = this.#kept;
    const { files } = written;
    if (me === null || owner === null) return Promise.resolve();
    const row = newRow(me, owner.epoch, this.#rows.lastOrder + A_LITTLE, written);
    const kept = this.#kept.add(row, new Map(files.map(({ id, file }) => [id, file])));
    return Promise.race([kept, new Promise<void>((resolve) => setTimeout(resolve, PATIENCE_MS))]);
  }

  /** Takes a message that forwards another one, with what its writer says to it. */
  forward(channel: number, text: string, forward: ForwardSource): Promise<void> {
    return this.#add({ place: channel, also: false, text, files: [], quote: null, forward });
  }

  /** The writer wants it tried again. */
  async retry(key: string): Promise<void> {
    await this.#kept.change(key, { state: 'waiting', reason: null, epoch: this.#kept.owner?.epoch ?? '' });
    this.wake();
  }

  /** The writer does not want it any more. */
  async discard(key: string): Promise<void> {
    const uploads = (this.#rows.find(key)?.files ?? []).flatMap(({ upload }) => upload ?? []);
    if (uploads.length > 0) void secondScript.load().then(({ discardUpload }) => uploads.forEach(discardUpload));
    await this.#kept.discard([key]);
  }

  /** Takes a message back: its text and files, for the composer. Not while the disk does not give its files. */
  async takeBack(key: string): Promise<{ row: Unsent; files: ReadonlyMap<string, Blob> } | undefined> {
    const row = this.#rows.find(key);
    if (row === undefined) return undefined;
    const files = await this.#kept.blobs(row.files).catch((error: unknown) => {
      this.core.state.flashes.show('bad', explain(this.core, error));
    });
    if (files === undefined) return undefined;
    await this.#kept.discard([key]);
    return { row, files };
  }

  /** Discards everything that the signed-in person has not sent. */
  async discardAll(): Promise<void> {
    await this.#kept.discard(this.#rows.list.map(({ key }) => key));
    await this.#beside?.discardAll();
  }

  /** The connection is back, or somebody wants it now: nobody waits for the end of a pause, in no tab. */
  wake(): void {
    this.#tabs?.broadcast({ kind: 'wake' });
    if (this.#rows.list.length > 0 || this.core.state.wishes.list.length > 0) this.#tabs?.ask();
    this.#wakeSender();
  }

  /** The server has a message of this key: by its answer, by an event, or in a page of messages. */
  confirmStored(key: string): void {
    if (this.#rows.find(key) !== undefined) void this.#kept.forget([key]);
  }

  // What the sender asks and tells.

  next(channel: number): Unsent | undefined {
    const next = this.#rows.next(channel);
    return next?.kept === 'memory' || (next?.kept === 'disk' && this.#leads) ? next : undefined;
  }

  known({ channel, key, author }: Unsent): Message | undefined {
    const rows = this.core.state.holders(channel).flatMap((run) => run.rows);
    return rows.find((row) => row.key === key && row.author.id === author.id);
  }

  blob(file: UnsentFile): Promise<Blob | undefined> {
    return this.#kept.blob(file);
  }

  sender({ author, epoch }: Unsent): { user: number; instance: string; epoch: string } {
    return { user: author.id, instance: this.#kept.owner?.instance ?? '', epoch };
  }

  allowed({ author }: Unsent): boolean {
    return author.id === this.#kept.owner?.user && this.around.signedInAs(author.id);
  }

  later(key: string, error: ApiError, failures: number, waitMs: number): void {
    const reason = whyLater(this.core, error, failures, waitMs);
    if (reason === null) return;
    const notBefore = waitMs > 0 ? Date.now() + waitMs : 0;
    void this.#kept.change(key, { reason, notBefore });
  }

  refused(key: string, error: unknown): void {
    void this.#kept.change(key, { state: 'refused', reason: explain(this.core, error) });
  }

  begun(key: string, file: string, upload: string): void {
    this.#rows.updateFile(key, file, { upload, sent: 0 });
    const files = this.#rows.find(key)?.files;
    if (files !== undefined) void this.#kept.change(key, { files });
  }

  progress(key: string, file: string, sent: number): void {
    this.#rows.updateFile(key, file, { sent });
    if (Date.now() - this.#progressSharedAt < TELL_MS) return;
    this.#progressSharedAt = Date.now();
    this.#tabs?.broadcast({ kind: 'progress', key, file, sent });
  }

  settled(message: Message): void {
    this.#tabs?.broadcast({ kind: 'settled', message });
    // This comes back as `confirmStored`.
    this.around.settled(message);
  }

  ended(): void {
    this.core.ended();
  }

  get #rows(): OutboxState {
    return this.core.state.outbox;
  }

  #onTabMessage(message: TabMessage): void {
    switch (message.kind) {
      case 'changed':
        this.#kept.removedElsewhere(message.gone ?? []);
        this.#reload();
        return;
      case 'wake':
        this.#wakeSender();
        return;
      case 'progress':
        this.#rows.updateFile(message.key, message.file, { sent: message.sent });
        return;
      case 'settled':
        this.around.settled(message.message);
        return;
      case 'wishes':
        this.#beside?.look();
        return;
      case 'ask':
      case 'awake':
      case 'leads':
    }
  }

  #lead(leads: boolean): void {
    this.#leads = leads;
    // What another tab was doing is on the disk.
    if (!leads) return;
    this.#reload();
    this.#beside?.look();
  }

  #reload(): void {
    void this.#kept.reload().then(() => this.#pump());
  }

  #wakeSender(): void {
    this.#sender?.wake();
    this.#beside?.wake();
    this.#pump();
  }

  #pump(): void {
    this.#sender?.pump(this.#rows.list.map(({ channel }) => channel));
  }
}
