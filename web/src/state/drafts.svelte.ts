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
  /** The number of the message that it quotes. */
  quote: number | null = $state(null);
  /** Whether the outbox is taking it over now, and whether it is to be sent once more after that. */
  taken: 'no' | 'taking' | 'again' = 'no';
  /** Why a file was not taken; stands until something else is done. */
  problem: string | null = $state(null);
  /** The text and the quote that the store had when this tab last looked or wrote. */
  stored: string;
  storedQuote: number | null;

  constructor(
    readonly channel: number,
    stored: string,
    quote: number | null = null,
  ) {
    this.text = this.stored = stored;
    this.quote = this.storedQuote = quote;
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
    const draft = new Draft(channel, this.#stored(channel), this.#storedQuote(channel, null));
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

  /** It quotes that message from now on, or none. */
  setQuote(channel: number, number: number | null): void {
    const draft = this.of(channel);
    draft.quote = number;
    try {
      if (number === null) this.store?.removeItem(this.#quotePrefix + String(channel));
      else this.store?.setItem(this.#quotePrefix + String(channel), String(number));
      draft.storedQuote = number;
    } catch {
      draft.storedQuote = this.#storedQuote(channel, null);
    }
  }

  /** Takes over what another tab wrote or sent meanwhile. Returns whether there was something. */
  syncFromStore(channel: number): boolean {
    const draft = this.of(channel);
    const stored = this.#stored(channel, draft.stored);
    const quote = this.#storedQuote(channel, draft.storedQuote);
    if (stored === draft.stored && quote === draft.storedQuote) return false;
    if (stored !== draft.stored) draft.text = draft.stored = stored;
    if (quote !== draft.storedQuote) draft.quote = draft.storedQuote = quote;
    return true;
  }

  /** The same for every draft of this tab: it was asleep, or the store told of a change. */
  syncAllFromStore(): void {
    for (const channel of this.#drafts.keys()) this.syncFromStore(channel);
  }

  /** Removes what was sent. What was written meanwhile, in this tab or another, stays. */
  removeSent(channel: number, text: string, files: readonly DraftFile[], quote: number | null = null): void {
    this.syncFromStore(channel);
    const draft = this.of(channel);
    draft.files = draft.files.filter((file) => !files.includes(file));
    draft.problem = null;
    if (quote !== null && draft.quote === quote) this.setQuote(channel, null);
    this.write(channel, draft.text.startsWith(text) ? draft.text.slice(text.length) : draft.text);
  }

  /** Puts an unsent message back into the draft, before what is being written. */
  restore(channel: number, text: string, files: readonly DraftFile[], quote?: number): void {
    const draft = this.of(channel);
    if (quote !== undefined && draft.quote === null) this.setQuote(channel, quote);
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
    for (const name of [...this.#names(), ...this.#names(this.#quotePrefix)]) this.store?.removeItem(name);
  }

  get #prefix(): string {
    return `chinwag.draft.${this.owner}.`;
  }

  get #quotePrefix(): string {
    return `chinwag.quote.${this.owner}.`;
  }

  /** Under which names the store keeps drafts of this account, or what they quote. */
  #names(prefix = this.#prefix): string[] {
    try {
      const { store } = this;
      const names = Array.from({ length: store?.length ?? 0 }, (_, index) => store?.key(index) ?? '');
      return names.filter((name) => name.startsWith(prefix));
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

  #storedQuote(channel: number, otherwise: number | null): number | null {
    try {
      if (this.store === null) return otherwise;
      const number = Number(this.store.getItem(this.#quotePrefix + String(channel)));
      return Number.isSafeInteger(number) && number > 0 ? number : null;
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
