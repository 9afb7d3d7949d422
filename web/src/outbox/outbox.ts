/**
 * Everything that a person sends goes through here. A message is shown at once, is on the browser's disk before it leaves
 * the composer, and stays until the server has it or its writer decides otherwise, through reloads, crashes and days
 * without a network. Where the disk is refused, full or hangs it is kept in this tab instead, and that is said.
 */
import type { ApiError } from '../api';
import { explain, type Core } from '../actions/core';
import type { DraftFile, Store } from '../state/drafts.svelte';
import type { Unsent, UnsentFile } from '../state/outbox.svelte';
import type { Message } from '../wire';
import { Keeping, type NotKept } from './keeping';
import type { Identity } from '../state/identity';
import { adopt } from './adopt';
import { Asleep, newRow, offered, whyLater } from './rows';
import { Sender, type Desk } from './sender';
import { Tabs, type Note } from './tabs';
import { discardUpload } from './upload';

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

export class Outbox implements Desk {
  #sender: Sender | null = null;
  #tabs: Tabs | null = null;
  readonly #keeping: Keeping;
  #owner: Identity | null = null;
  #leads = false;
  /** Adding keeps the order of writing. */
  #adding: Promise<void> = Promise.resolve();
  /** Counts what this tab changed, so that a slower look at the disk does not undo it. */
  #changes = 0;
  #told = 0;
  /** Said once is enough. */
  #saidWhyNotKept = false;
  /** Rows that are not on the disk and wait for their writer to come back. */
  readonly #asleep = new Asleep();

  constructor(
    private readonly core: Core,
    private readonly around: Surroundings,
    /** Where the browser writes at once what must not be forgotten. */
    store: Store | null = null,
  ) {
    this.#keeping = new Keeping(store, () => void this.#revived());
  }

  /** Somebody is signed in: what they left is there again. Resolves when it is. */
  async start(owner: Identity): Promise<void> {
    this.stop();
    this.#owner = owner;
    this.#keeping.disk.belongsTo(owner.instance);
    this.#sender = new Sender(this);
    const tabs = (this.#tabs = new Tabs(owner.key, {
      leads: () => this.#lead(true),
      lost: () => this.#lead(false),
      told: (note) => this.#heard(note),
    }));
    for (const row of this.#asleep.take(owner.key)) this.#rows.put(row);
    await this.#keeping.disk.use((store) => adopt(store, owner, this.core.state)).catch(() => undefined);
    await this.#reload();
    if (tabs !== this.#tabs) return;
    tabs.contend(this.#keeping.disk);
    this.#pump();
  }

  /** The page is left, perhaps for ever. */
  leave(): void {
    this.#tabs?.leave();
  }

  /** The page that was left is shown again as it was. */
  back(): void {
    this.#tabs?.back();
    void this.#reload().then(() => this.#pump());
  }

  /** Nobody is signed in any more. What is on the disk stays there; nothing is shown. */
  stop(): void {
    this.#sender?.stop();
    this.#tabs?.close();
    this.#sender = this.#tabs = null;
    this.#leads = false;
    this.#asleep.put(this.#owner?.key ?? '', this.#rows.list);
    this.#rows.clear();
  }

  /** Takes a message; it is shown at once. Resolves when it is kept, or when that takes too long to wait for. */
  add(channel: number, text: string, files: readonly DraftFile[]): Promise<void> {
    const me = this.core.state.session.me;
    if (me === null || this.#owner === null) return Promise.resolve();
    const row = newRow(me, this.#owner.epoch, this.#rows.lastOrder + A_LITTLE, { channel, text, files });
    this.#rows.put(row);
    const blobs = new Map(files.map(({ id, file }) => [id, file]));
    const owner = this.#owner.key;
    const kept = (this.#adding = this.#adding.then(() => this.#keep(owner, row, blobs)));
    return Promise.race([kept, new Promise<void>((resolve) => setTimeout(resolve, PATIENCE_MS))]);
  }

  /** The writer wants it tried again. */
  async retry(key: string): Promise<void> {
    await this.#change(key, { state: 'waiting', reason: null, epoch: this.#owner?.epoch ?? '' });
    this.wake();
  }

  /** The writer does not want it any more. */
  async discard(key: string): Promise<void> {
    for (const { upload } of this.#rows.find(key)?.files ?? []) if (upload !== null) discardUpload(upload);
    await this.#discard([key]);
  }

  /** Takes a message back: its text and files, for the composer. Not while the disk does not give its files. */
  async takeBack(key: string): Promise<{ row: Unsent; files: ReadonlyMap<string, Blob> } | undefined> {
    const row = this.#rows.find(key);
    if (row === undefined) return undefined;
    const files = await this.#keeping
      .blobs(row.files, this.core.words.t('outbox.filesHang'))
      .catch((error: unknown) => {
        this.core.state.flashes.show('bad', explain(this.core, error));
      });
    if (files === undefined) return undefined;
    await this.#discard([key]);
    return { row, files };
  }

  /** All that the person of the moment has not sent. */
  async discardAll(): Promise<void> {
    await this.#discard(this.#rows.list.map(({ key }) => key));
  }

  /** The connection is back, or somebody wants it now: nobody waits for the end of a pause, in no tab. */
  wake(): void {
    this.#tabs?.tell({ kind: 'wake' });
    if (this.#rows.list.length > 0) this.#tabs?.ask();
    this.#woken();
  }

  /** The server has a message of this key: by its answer, by an event, or in a page of messages. */
  gone(key: string): void {
    if (this.#rows.find(key) !== undefined) void this.#forget([key]);
  }

  // What the sender asks and tells.

  next(channel: number): Unsent | undefined {
    const next = this.#rows.next(channel);
    return next?.kept === 'memory' || (next?.kept === 'disk' && this.#leads) ? next : undefined;
  }

  known({ channel, key, author }: Unsent): Message | undefined {
    const rows = this.core.state.windows.find(channel)?.rows;
    return rows?.find((row) => row.key === key && row.author.id === author.id);
  }

  blob(file: UnsentFile): Promise<Blob | undefined> {
    return this.#keeping.blob(file, this.core.words.t('outbox.filesHang'));
  }

  sender({ author, epoch }: Unsent): { user: number; instance: string; epoch: string } {
    return { user: author.id, instance: this.#owner?.instance ?? '', epoch };
  }

  allowed({ author }: Unsent): boolean {
    return author.id === this.#owner?.user && this.around.signedInAs(author.id);
  }

  later(key: string, error: ApiError, failures: number, waitMs: number): void {
    const reason = whyLater(this.core, error, failures, waitMs);
    if (reason === null) return;
    const notBefore = waitMs > 0 ? Date.now() + waitMs : 0;
    void this.#change(key, { reason, notBefore });
  }

  refused(key: string, error: unknown): void {
    void this.#change(key, { state: 'refused', reason: explain(this.core, error) });
  }

  begun(key: string, file: string, upload: string): void {
    this.#rows.fileChanged(key, file, { upload, sent: 0 });
    const files = this.#rows.find(key)?.files;
    if (files !== undefined) void this.#change(key, { files });
  }

  progress(key: string, file: string, sent: number): void {
    this.#rows.fileChanged(key, file, { sent });
    if (Date.now() - this.#told < TELL_MS) return;
    this.#told = Date.now();
    this.#tabs?.tell({ kind: 'progress', key, file, sent });
  }

  settled(message: Message): void {
    this.#tabs?.tell({ kind: 'settled', message });
    // Comes back as `gone`.
    this.around.settled(message);
  }

  ended(): void {
    this.core.ended();
  }

  // The rows: in the state for the eye, on the disk for good.

  get #rows() {
    return this.core.state.outbox;
  }

  async #keep(owner: string, row: Unsent, blobs: ReadonlyMap<string, Blob>): Promise<void> {
    const why = await this.#keeping.add(owner, row, blobs, (order) => this.#isKept(row.key, order));
    if (why !== null) {
      this.#rows.change(row.key, { kept: 'memory' });
      this.#sayNotKept(why);
    }
    this.#pump();
  }

  /** It is on the disk, perhaps long after it was sent or discarded. */
  #isKept(key: string, order: number): void {
    this.#changes += 1;
    if (this.#rows.find(key) !== undefined) {
      this.#rows.change(key, { order, kept: 'disk' });
      this.#tabs?.tell({ kind: 'changed' });
      this.#tabs?.ask();
    } else if (!this.#asleep.has(key)) void this.#keeping.remove([key]);
  }

  #sayNotKept(why: NotKept): void {
    if (this.#saidWhyNotKept) return;
    this.#saidWhyNotKept = true;
    this.core.state.flashes.show('warn', this.core.words.t(`outbox.${why}`));
  }

  /** The disk hung, and answers again. */
  async #revived(): Promise<void> {
    this.#saidWhyNotKept = false;
    await this.#reload();
    this.#pump();
  }

  async #change(key: string, change: Partial<Omit<Unsent, 'order' | 'kept'>>): Promise<void> {
    this.#changes += 1;
    this.#rows.change(key, change);
    if (this.#rows.find(key)?.kept === 'disk') {
      await this.#keeping.change(key, change);
      this.#tabs?.tell({ kind: 'changed' });
    }
    this.#pump();
  }

  /** Forgets rows so that they stay forgotten, whatever becomes of the disk or this tab. */
  async #discard(keys: readonly string[]): Promise<void> {
    this.#keeping.discard(keys.filter((key) => this.#rows.find(key)?.kept !== 'memory'));
    await this.#forget(keys);
  }

  async #forget(keys: readonly string[]): Promise<void> {
    this.#changes += 1;
    const kept = keys.some((key) => this.#rows.find(key)?.kept !== 'memory');
    for (const key of keys) {
      this.#keeping.drop(this.#rows.find(key)?.files ?? []);
      this.#rows.gone(key);
      this.#sender?.cancel(key);
    }
    if (kept) {
      this.#tabs?.tell({ kind: 'changed', gone: keys });
      await this.#adding.then(() => this.#keeping.remove(keys));
    }
    this.#tabs?.tell({ kind: 'changed' });
    this.#pump();
  }

  /** Shows what the disk has; looks again when this tab changed something meanwhile. */
  async #reload(): Promise<void> {
    const owner = this.#owner;
    for (let before = -1; before !== this.#changes && owner === this.#owner;) {
      before = this.#changes;
      const rows = owner === null ? null : await this.#keeping.all(owner.key);
      if (rows === null || this.#sender === null || owner !== this.#owner) return;
      if (before === this.#changes) this.#show(rows);
    }
  }

  #show(rows: readonly Unsent[]): void {
    const before = this.#rows.list;
    this.#rows.replaceKept(rows.map((row) => offered(row, this.#owner?.epoch, this.core.words)));
    // Discarded in another tab.
    for (const { key } of before) if (this.#rows.find(key) === undefined) this.#sender?.cancel(key);
  }

  #heard(note: Note): void {
    switch (note.kind) {
      case 'changed':
        for (const key of note.gone ?? []) {
          this.#rows.gone(key);
          this.#sender?.cancel(key);
        }
        void this.#reload().then(() => this.#pump());
        return;
      case 'wake':
        this.#woken();
        return;
      case 'progress':
        this.#rows.fileChanged(note.key, note.file, { sent: note.sent });
        return;
      case 'settled':
        this.around.settled(note.message);
        return;
      case 'ask':
      case 'awake':
      case 'leads':
    }
  }

  #lead(leads: boolean): void {
    this.#leads = leads;
    // What another tab was doing is on the disk.
    if (leads) void this.#reload().then(() => this.#pump());
  }

  #woken(): void {
    this.#sender?.wake();
    this.#pump();
  }

  #pump(): void {
    this.#sender?.pump(this.#rows.list.map(({ channel }) => channel));
  }
}
