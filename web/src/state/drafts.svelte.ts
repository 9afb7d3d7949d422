/** What is being written, per channel: text and files. The text outlives a reload in a store that is handed in. */
/** The part of the browser's storage that is used; it may refuse, then drafts live as long as the page. */
export interface Store {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

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
  /** Being taken over by the outbox; sent once more after that. */
  taken: 'no' | 'taking' | 'again' = 'no';
  /** Why a file was not taken; stands until something else is done. */
  problem: string | null = $state(null);

  constructor(
    readonly channel: number,
    stored: string,
  ) {
    this.text = stored;
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
    private readonly store: Store | null,
    private readonly account: number,
  ) {}

  /** The draft of a channel, as it was left. */
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
    this.of(channel).text = text;
    this.#keep(channel, text);
  }

  /** What was sent leaves the draft; what was written meanwhile stays. */
  sent(channel: number, text: string, files: readonly DraftFile[]): void {
    const draft = this.of(channel);
    draft.files = draft.files.filter((file) => !files.includes(file));
    draft.problem = null;
    this.write(channel, draft.text.startsWith(text) ? draft.text.slice(text.length) : draft.text);
  }

  /** Something that was on its way comes back, before what is being written. */
  back(channel: number, text: string, files: readonly DraftFile[]): void {
    const draft = this.of(channel);
    draft.files = [...files, ...draft.files];
    this.write(channel, [text, draft.text].filter((part) => part !== '').join('\n'));
  }

  #name(channel: number): string {
    return `chinwag.draft.${this.account}.${channel}`;
  }

  #stored(channel: number): string {
    try {
      return this.store?.getItem(this.#name(channel)) ?? '';
    } catch {
      return '';
    }
  }

  #keep(channel: number, text: string): void {
    try {
      if (text === '') this.store?.removeItem(this.#name(channel));
      else this.store?.setItem(this.#name(channel), text);
    } catch {
      // A full or forbidden store: the draft lives as long as the page.
    }
  }
}
