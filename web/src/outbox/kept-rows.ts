/**
 * The rows of the outbox in two places: in the state, where they are shown, and on the browser's disk, where they last.
 * Every change goes to both. What this tab changed is not undone by a slower look at the disk.
 */
import type { Core } from '../actions/core';
import { secondScript } from '../second-script';
import type { Identity } from '../state/identity';
import type { OutboxState, Unsent, UnsentFile } from '../state/outbox.svelte';
import type { Disk } from './disk';
import { Keeping, type NotKept } from './keeping';
import { Asleep, offered } from './rows';
import type { BrowserStore } from '../state/browser-store';

/** Whom the rows tell of their changes. */
export interface RowListener {
  /** Rows were written or changed on the disk; nobody sends those that are `gone` any more. */
  onChange(gone?: readonly string[]): void;
  /** A row reached the disk: the tab that sends may take it. */
  onStored(): void;
  /** A row is gone: what is on its way for it stops. */
  onGone(key: string): void;
  /** There may be something to send. */
  onReady(): void;
}

export class KeptRows {
  readonly #keeping: Keeping;
  #owner: Identity | null = null;
  /** Adding keeps the order of writing. */
  #adding: Promise<void> = Promise.resolve();
  /** Counts what this tab changed. */
  #changes = 0;
  /** Why rows are not on the disk is said once. */
  #saidWhyNotKept = false;
  /** Rows that are not on the disk and wait for their writer to come back. */
  readonly #asleep = new Asleep();

  constructor(
    private readonly core: Core,
    private readonly listener: RowListener,
    /** Where the browser writes at once what must not be forgotten. */
    store: BrowserStore | null,
  ) {
    this.#keeping = new Keeping(store, () => void this.#revived());
  }

  get disk(): Disk {
    return this.#keeping.disk;
  }

  /** Whose rows are shown. */
  get owner(): Identity | null {
    return this.#owner;
  }

  /** Makes the database of an installation before anybody writes. */
  prepare(instance: string): void {
    this.#keeping.prepare(instance);
  }

  /** Shows a person's rows: those that this tab alone has, those on the disk, and those of an installation before this. */
  async begin(owner: Identity): Promise<void> {
    this.#owner = owner;
    this.#keeping.belongsTo(owner.instance);
    for (const row of this.#asleep.take(owner.key)) this.#rows.upsert(row);
    const adopted = this.disk.use(async (store) => (await secondScript.load()).adopt(store, owner, this.core.state));
    await adopted.catch(() => undefined);
    await this.reload();
  }

  /** Shows nothing any more. What is on the disk stays there; the rest waits for its writer. */
  end(): void {
    this.#asleep.add(this.#owner?.key ?? '', this.#rows.list);
    this.#rows.clear();
    this.#owner = null;
  }

  /** Shows a row at once. Resolves when it is on the disk, or is known not to get there for now. */
  add(row: Unsent, blobs: ReadonlyMap<string, Blob>): Promise<void> {
    const owner = this.#owner?.key ?? '';
    this.#rows.upsert(row);
    return (this.#adding = this.#adding.then(() => this.#keep(owner, row, blobs)));
  }

  async change(key: string, change: Partial<Omit<Unsent, 'order' | 'kept'>>): Promise<void> {
    this.#changes += 1;
    this.#rows.update(key, change);
    if (this.#rows.find(key)?.kept === 'disk') {
      await this.#keeping.change(key, change);
      this.listener.onChange();
    }
    this.listener.onReady();
  }

  /** Forgets rows so that they stay forgotten, whatever becomes of the disk or this tab. */
  async discard(keys: readonly string[]): Promise<void> {
    this.#keeping.discard(keys.filter((key) => this.#rows.find(key)?.kept !== 'memory'));
    await this.forget(keys);
  }

  async forget(keys: readonly string[]): Promise<void> {
    this.#changes += 1;
    const kept = keys.some((key) => this.#rows.find(key)?.kept !== 'memory');
    for (const key of keys) {
      this.#keeping.drop(this.#rows.find(key)?.files ?? []);
      this.#rows.remove(key);
      this.listener.onGone(key);
    }
    if (kept) {
      this.listener.onChange(keys);
      await this.#adding.then(() => this.#keeping.remove(keys));
    }
    this.listener.onChange();
    this.listener.onReady();
  }

  /** Another tab removed these: they are shown no longer. */
  removedElsewhere(keys: readonly string[]): void {
    for (const key of keys) {
      this.#rows.remove(key);
      this.listener.onGone(key);
    }
  }

  /** The bytes of several files, by their ids. Fails while the disk does not give them. */
  blobs(files: readonly UnsentFile[]): Promise<ReadonlyMap<string, Blob>> {
    return this.#keeping.blobs(files, this.core.words.t('outbox.filesHang'));
  }

  /** The bytes of a file, if there are any. Fails while the disk does not give them. */
  blob(file: UnsentFile): Promise<Blob | undefined> {
    return this.#keeping.blob(file, this.core.words.t('outbox.filesHang'));
  }

  /** Shows what the disk has; looks again when this tab changed something meanwhile. */
  async reload(): Promise<void> {
    const owner = this.#owner;
    for (let before = -1; before !== this.#changes && owner === this.#owner;) {
      before = this.#changes;
      const rows = owner === null ? null : await this.#keeping.all(owner.key);
      if (rows === null || owner !== this.#owner) return;
      if (before === this.#changes) this.#show(rows);
    }
  }

  get #rows(): OutboxState {
    return this.core.state.outbox;
  }

  async #keep(owner: string, row: Unsent, blobs: ReadonlyMap<string, Blob>): Promise<void> {
    const why = await this.#keeping.add(owner, row, blobs, (order) => this.#isKept(row.key, order));
    if (why !== null) {
      this.#rows.update(row.key, { kept: 'memory' });
      this.#sayNotKept(why);
    }
    this.listener.onReady();
  }

  /** It is on the disk, perhaps long after it was sent or discarded. */
  #isKept(key: string, order: number): void {
    this.#changes += 1;
    if (this.#rows.find(key) !== undefined) {
      this.#rows.update(key, { order, kept: 'disk' });
      this.listener.onStored();
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
    await this.reload();
    this.listener.onReady();
  }

  #show(rows: readonly Unsent[]): void {
    const before = this.#rows.list;
    this.#rows.replaceKept(rows.map((row) => offered(row, this.#owner?.epoch, this.core.words)));
    // Discarded in another tab.
    for (const { key } of before) if (this.#rows.find(key) === undefined) this.listener.onGone(key);
  }
}
