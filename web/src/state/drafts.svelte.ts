/** What is being written, per channel: text and files. The text outlives a reload in a store that is handed in. */
import type { Attachment } from '../wire';

/** The part of the browser's storage that is used; it may refuse, then drafts live as long as the page. */
export interface Store {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export class DraftFile {
  state: 'waiting' | 'uploading' | 'done' | 'failed' = $state('waiting');
  /** From 0 to 1. */
  progress = $state(0);
  reason: string | null = $state(null);
  attachment: Attachment | null = $state.raw(null);

  constructor(
    readonly id: string,
    readonly file: File,
  ) {}
}

export class Draft {
  text = $state('');
  files: readonly DraftFile[] = $state.raw([]);
  /** Goes out as soon as the uploads are done. */
  sending = $state(false);
  /** Why a file was not taken; stands until something else is done. */
  problem: string | null = $state(null);
  readonly uploading = $derived(this.files.some((file) => file.state === 'waiting' || file.state === 'uploading'));
  readonly failed = $derived(this.files.some((file) => file.state === 'failed'));
  readonly empty = $derived(this.text.trim() === '' && this.files.length === 0);

  constructor(stored: string) {
    this.text = stored;
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
    const draft = new Draft(this.#stored(channel));
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

  clear(channel: number): void {
    const draft = this.of(channel);
    draft.text = '';
    draft.files = [];
    draft.sending = false;
    draft.problem = null;
    this.#keep(channel, '');
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
