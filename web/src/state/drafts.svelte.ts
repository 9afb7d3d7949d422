/**
 * What is being written, per channel: text and files. The text outlives a reload in a store that is handed in. All tabs of a
 * browser write at one draft: each takes over at once what another wrote or sent, so that nothing is sent twice, and nothing
 * of another tab's is thrown away.
 */
import type { BrowserStore } from './browser-store';

export class DraftFile {
  /** `waiting` goes up by itself; `failed` was refused. */
  state: 'waiting' | 'uploading' | 'done' | 'failed' = $state('waiting');
  /** From 0 to 1. */
  progress = $state(0);
  /** Why it was refused, or waits. */
  reason: string | null = $state(null);
  /** The server's id of the upload, once there is one. */
  upload: string | null = null;
  /** The same picture without its metadata, when it has some. */
  clean: File | null = $state.raw(null);
  /** Whether metadata is taken out. */
  cleans = $state(false);
  /** Ends when it is known whether there is metadata; nothing goes out before. */
  looked: Promise<void> = Promise.resolve();

  constructor(
    readonly id: string,
    readonly original: File,
  ) {}

  /** What goes out. */
  get file(): File {
    return this.cleans && this.clean !== null ? this.clean : this.original;
  }
}

export class Draft {
  text = $state('');
  files: readonly DraftFile[] = $state.raw([]);
  /** Whether the outbox is taking it over now, and whether it is to be sent once more after that. */
  taken: 'no' | 'taking' | 'again' = 'no';
  /** Why a file was not taken; stands until something else is done. */
  problem: string | null = $state(null);
  /** The text that the store had when this tab last looked or wrote. */
  stored: string;

  constructor(
    readonly channel: number,
    stored: string,
  ) {
    this.text = this.stored = stored;
  }

  // No `$derived`: a draft is made where it is first looked at, and outlives that view, which its deriveds would not.

  get failed(): boolean {
    return this.files.some((file) => file.state === 'failed');
  }

  get empty(): boolean {
    return this.text.trim() === '' && this.files.length === 0;
  }
}

export class Drafts {
  readonly #drafts = new Map<number, Draft>();

  constructor(
    private readonly store: BrowserStore | null,
    /** Whose they are, on which server. */
    private readonly owner: string,
  ) {}

  /** The draft of a channel, as it was left in the store. */
  of(channel: number): Draft {
    const known = this.#drafts.get(channel);
    if (known !== undefined) return known;
    const draft = new Draft(channel, this.#stored(channel));
    this.#drafts.set(channel, draft);
    return draft;
  }

  /** Whether something is being written there; for the pencil in the sidebar. */
  has(channel: number): boolean {
    return !this.of(channel).empty;
  }

  write(channel: number, text: string): void {
    const draft = this.of(channel);
    draft.text = text;
    this.#keep(channel, draft);
  }

  /** Takes over what another tab wrote or sent meanwhile. Returns whether there was something. */
  syncFromStore(channel: number): boolean {
    const draft = this.of(channel);
    const stored = this.#stored(channel, draft.stored);
    if (stored === draft.stored) return false;
    draft.text = draft.stored = stored;
    return true;
  }

  /** The same for every draft of this tab: it was asleep, or the store told of a change. */
  syncAllFromStore(): void {
    for (const channel of this.#drafts.keys()) this.syncFromStore(channel);
  }

  /** Removes what was sent. What was written meanwhile, in this tab or another, stays. */
  removeSent(channel: number, text: string, files: readonly DraftFile[]): void {
    this.syncFromStore(channel);
    const draft = this.of(channel);
    draft.files = draft.files.filter((file) => !files.includes(file));
    draft.problem = null;
    this.write(channel, draft.text.startsWith(text) ? draft.text.slice(text.length) : draft.text);
  }

  /** Puts an unsent message back into the draft, before what is being written. */
  restore(channel: number, text: string, files: readonly DraftFile[]): void {
    const draft = this.of(channel);
    draft.files = [...files, ...draft.files];
    this.write(channel, [text, draft.text].filter((part) => part !== '').join('\n'));
  }

  /** The channels in which something is being written in this browser. */
  get channels(): readonly number[] {
    const kept = this.#names().map((name) => Number(name.slice(this.#prefix.length)));
    return [...new Set([...kept, ...this.#drafts.keys()])].filter((channel) => this.has(channel));
  }

  /** The drafts that this page has read so far. */
  all(): Iterable<Draft> {
    return this.#drafts.values();
  }

  /** Removes all drafts from this page and from the store. */
  wipe(): void {
    this.#drafts.clear();
    for (const name of this.#names()) this.store?.removeItem(name);
  }

  get #prefix(): string {
    return `chinwag.draft.${this.owner}.`;
  }

  /** Under which names the store keeps drafts of this account. */
  #names(): string[] {
    try {
      const { store } = this;
      const names = Array.from({ length: store?.length ?? 0 }, (_, index) => store?.key(index) ?? '');
      return names.filter((name) => name.startsWith(this.#prefix));
    } catch {
      return [];
    }
  }

  #name(channel: number): string {
    return this.#prefix + String(channel);
  }

  #stored(channel: number, otherwise = ''): string {
    try {
      return this.store === null ? otherwise : (this.store.getItem(this.#name(channel)) ?? '');
    } catch {
      return otherwise;
    }
  }

  #keep(channel: number, draft: Draft): void {
    try {
      if (draft.text === '') this.store?.removeItem(this.#name(channel));
      else this.store?.setItem(this.#name(channel), draft.text);
      draft.stored = draft.text;
    } catch {
      // A full or forbidden store: the draft lives as long as the page.
      draft.stored = this.#stored(channel);
    }
  }
}
