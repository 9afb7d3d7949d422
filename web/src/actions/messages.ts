/** What a person can do with messages: write, delete, read on in both directions, and have read. */
import * as api from '../api';
import type { Draft } from '../state/drafts.svelte';
import type { Message } from '../wire';
import { attempt, explain, type Core } from './core';
import { Outbox } from './outbox';
import { Uploads } from './uploads';

/** Reading marks are sent once reading pauses. */
const READ_PAUSE_MS = 400;

export class Messages {
  readonly outbox: Outbox;
  readonly uploads: Uploads;
  readonly #draftChannels = new WeakMap<Draft, number>();
  readonly #loading = new Set<number>();
  readonly #readTimers = new Map<number, ReturnType<typeof setTimeout>>();

  constructor(private readonly core: Core) {
    this.outbox = new Outbox(core, (message) => this.#settled(message));
    this.uploads = new Uploads(core, (draft) => this.#uploaded(draft));
  }

  /** Sends the draft of a channel, now or as soon as its uploads are done. Answers whether it left the composer. */
  send(channel: number): boolean {
    const { state, words } = this.core;
    const draft = state.drafts.of(channel);
    draft.sending = false;
    const text = draft.text.trim();
    const limit = state.session.workspace.text_limit;
    const length = [...text].length;
    if (length > limit) draft.problem = words.t('composer.tooLong', { count: limit, length });
    if (draft.empty || length > limit || draft.failed) return false;
    if (draft.uploading) {
      draft.sending = true;
      this.#draftChannels.set(draft, channel);
      return false;
    }
    const attachments = draft.files.flatMap((file) => file.attachment ?? []);
    state.drafts.clear(channel);
    if (state.place.newLine?.channel === channel) state.place.newLine = null;
    this.outbox.add(channel, text, attachments);
    if (state.windows.find(channel)?.hasNewer) void this.toLatest(channel);
    return true;
  }

  async remove(channel: number, number: number): Promise<void> {
    const message = await attempt(this.core, () => api.remove(channel, number));
    if (message !== undefined) this.#settled(message);
  }

  /** Loads older messages above what is there. */
  async older(channel: number): Promise<void> {
    const run = this.core.state.windows.find(channel);
    const first = run?.rows[0]?.number;
    if (run === undefined || first === undefined || !run.hasOlder) return;
    await this.#once(channel, async () => {
      run.addOlder(await api.messages(channel, { before: first }));
      run.trimNewest();
    });
  }

  /** Loads newer messages below what is there. */
  async newer(channel: number): Promise<void> {
    const run = this.core.state.windows.find(channel);
    const last = run?.rows.at(-1)?.number;
    if (run === undefined || last === undefined || !run.hasNewer) return;
    await this.#once(channel, async () => run.addNewer(await api.messages(channel, { after: last })));
  }

  /** Goes to the newest messages, wherever the reader was. */
  async toLatest(channel: number): Promise<void> {
    const run = this.core.state.windows.find(channel);
    if (run?.hasNewer) await attempt(this.core, async () => run.replace(await api.messages(channel)));
  }

  /** The reader has seen everything up to here. */
  seen(channel: number, number: number): void {
    const known = this.core.state.channels.find(channel);
    if (known === undefined || !known.member || number <= known.read_number) return;
    this.core.state.channels.read(channel, number);
    clearTimeout(this.#readTimers.get(channel));
    const timer = setTimeout(() => {
      this.#readTimers.delete(channel);
      const read = this.core.state.channels.find(channel)?.read_number ?? number;
      // Not worth an alert: the next message read carries the mark further.
      void api.markRead(channel, read).catch(() => undefined);
    }, READ_PAUSE_MS);
    this.#readTimers.set(channel, timer);
  }

  #settled(message: Message): void {
    const { state } = this.core;
    state.windows.find(message.channel)?.settled(message);
    state.channels.heard(message.revision, message, message.author.id === state.session.me?.id);
    state.outbox.gone(message.key);
  }

  #uploaded(draft: Draft): void {
    const channel = this.#draftChannels.get(draft);
    if (draft.sending && !draft.uploading && channel !== undefined) this.send(channel);
  }

  /** One page at a time per channel; a failure is told where the reader looks. */
  async #once(channel: number, work: () => Promise<void>): Promise<void> {
    if (this.#loading.has(channel)) return;
    this.#loading.add(channel);
    try {
      await work();
    } catch (error) {
      this.core.state.flashes.show('bad', explain(this.core, error));
    } finally {
      this.#loading.delete(channel);
    }
  }
}
