/**
 * What is being written, per channel and per thread: text and files. The text outlives a reload in a store that is handed in. All tabs of a
 * browser write at one draft: each takes over at once what another wrote or sent, so that nothing is sent twice, and nothing
 * of another tab's is thrown away.
 */
import type { BrowserStore } from './browser-store';
import { channelOf, parsePlace, type Place } from './place';

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
    readonly place: Place,
    stored: string,
    quote: number | null = null,
  ) {
    this.text = this.stored = stored;
    this.quote = this.storedQuote = quote;
  }

  // No `$derived`: a draft is made where it is first looked at, and outlives that view, which its deriveds would not.

  get channel(): number {
    return channelOf(this.place);
  }

  get failed(): boolean {
    return this.files.some((file) => file.state === 'failed');
  }

  get empty(): boolean {
    return this.text.trim() === '' && this.files.length === 0;
  }
}

export class Drafts {
  readonly #drafts = new Map<Place, Draft>();

  constructor(
    private readonly store: BrowserStore | null,
    /** Whose they are, on which server. */
    private readonly owner: string,
  ) {}

  /** The draft of a channel or thread, as it was left in the store. */
  of(place: Place): Draft {
    const known = this.#drafts.get(place);
    if (known !== undefined) return known;
    const draft = new Draft(place, this.#stored(place), this.#storedQuote(place, null));
    this.#drafts.set(place, draft);
    return draft;
  }

  /** Whether something is being written there; for the pencil in the sidebar. */
  has(place: Place): boolean {
    return !this.of(place).empty;
  }

  write(place: Place, text: string): void {
    const draft = this.of(place);
    draft.text = text;
    this.#keep(place, draft);
  }

  /** It quotes that message from now on, or none. */
  setQuote(place: Place, number: number | null): void {
    const draft = this.of(place);
    draft.quote = number;
    try {
      if (number === null) this.store?.removeItem(this.#quotePrefix + String(place));
      else this.store?.setItem(this.#quotePrefix + String(place), String(number));
      draft.storedQuote = number;
    } catch {
      draft.storedQuote = this.#storedQuote(place, null);
    }
  }

  /** Takes over what another tab wrote or sent meanwhile. Returns whether there was something. */
  syncFromStore(place: Place): boolean {
    const draft = this.of(place);
    const stored = this.#stored(place, draft.stored);
    const quote = this.#storedQuote(place, draft.storedQuote);
    if (stored === draft.stored && quote === draft.storedQuote) return false;
    if (stored !== draft.stored) draft.text = draft.stored = stored;
    if (quote !== draft.storedQuote) draft.quote = draft.storedQuote = quote;
    return true;
  }

  /** The same for every draft of this tab: it was asleep, or the store told of a change. */
  syncAllFromStore(): void {
    for (const place of this.#drafts.keys()) this.syncFromStore(place);
  }

  /** Removes what was sent. What was written meanwhile, in this tab or another, stays. */
  removeSent(place: Place, text: string, files: readonly DraftFile[], quote: number | null = null): void {
    this.syncFromStore(place);
    const draft = this.of(place);
    draft.files = draft.files.filter((file) => !files.includes(file));
    draft.problem = null;
    if (quote !== null && draft.quote === quote) this.setQuote(place, null);
    this.write(place, draft.text.startsWith(text) ? draft.text.slice(text.length) : draft.text);
  }

  /** Puts an unsent message back into the draft, before what is being written. */
  restore(place: Place, text: string, files: readonly DraftFile[], quote?: number): void {
    const draft = this.of(place);
    if (quote !== undefined && draft.quote === null) this.setQuote(place, quote);
    draft.files = [...files, ...draft.files];
    this.write(place, [text, draft.text].filter((part) => part !== '').join('\n'));
  }

  /** Where something is being written in this browser. */
  get places(): readonly Place[] {
    const kept = this.#names().map((name) => parsePlace(name.slice(this.#prefix.length)));
    return [...new Set([...kept, ...this.#drafts.keys()])].filter((place) => this.has(place));
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

  #name(place: Place): string {
    return this.#prefix + String(place);
  }

  #stored(place: Place, otherwise = ''): string {
    try {
      return this.store === null ? otherwise : (this.store.getItem(this.#name(place)) ?? '');
    } catch {
      return otherwise;
    }
  }

  #storedQuote(place: Place, otherwise: number | null): number | null {
    try {
      if (this.store === null) return otherwise;
      const number = Number(this.store.getItem(this.#quotePrefix + String(place)));
      return Number.isSafeInteger(number) && number > 0 ? number : null;
    } catch {
      return otherwise;
    }
  }

  #keep(place: Place, draft: Draft): void {
    try {
      if (draft.text === '') this.store?.removeItem(this.#name(place));
      else this.store?.setItem(this.#name(place), draft.text);
      draft.stored = draft.text;
    } catch {
      // A full or forbidden store: the draft lives as long as the page.
      draft.stored = this.#stored(place);
    }
  }
}
