/**
 * The loop that sends: one message at a time per channel, in the order of writing, its files before it. Trouble of the
 * network or the server is tried again by itself; a refusal waits for the writer and lets later messages pass; the end of
 * the session stops it all and keeps everything.
 */
import { ApiError, post, type NewMessage } from '../api';
import { secondScript } from '../second-script';
import type { Unsent, UnsentFile } from '../state/outbox.svelte';
import type { Message } from '../wire';
import { pauseAfter, Pauses } from './pauses';

/** What the loop asks and reports. */
export interface Desk {
  /** The next one of a channel, if this tab is to send it. */
  next(channel: number): Unsent | undefined;
  /** A message with this key is known to be stored already. */
  known(unsent: Unsent): Message | undefined;
  /** Who wrote it, and for which server: that refuses it when it is another. */
  sender(unsent: Unsent): NonNullable<NewMessage['sender']>;
  blob(file: UnsentFile): Promise<Blob | undefined>;
  /** Whether the browser still belongs to the author: another may have signed in in another tab. */
  allowed(unsent: Unsent): boolean;
  /** It will be tried again; `failures` is how often it failed in a row. */
  later(key: string, error: ApiError, failures: number, waitMs: number): void;
  refused(key: string, error: unknown): void;
  begun(key: string, file: string, upload: string): void;
  progress(key: string, file: string, sent: number): void;
  settled(message: Message): void;
  /** The server does not know the session any more. */
  ended(): void;
}

export class Sender {
  /** Channels whose queue is being worked on. */
  readonly #busy = new Set<number>();
  readonly #pauses = new Pauses();
  /** What is on its way, by key. */
  readonly #running = new Map<string, AbortController>();
  #stopped = false;

  constructor(private readonly desk: Desk) {}

  /** There may be something to send in these channels. */
  pump(channels: Iterable<number>): void {
    for (const channel of new Set(channels)) void this.#work(channel);
  }

  /** It may work now: nobody waits for the end of a pause, except where the server asked for it. */
  wake(): void {
    this.#pauses.wake();
  }

  /** Stops what is on its way for a message that is not to be sent any more. */
  cancel(key: string): void {
    this.#running.get(key)?.abort();
  }

  stop(): void {
    this.#stopped = true;
    for (const running of this.#running.values()) running.abort();
  }

  async #work(channel: number): Promise<void> {
    if (this.#busy.has(channel)) return;
    this.#busy.add(channel);
    let failures = 0;
    for (let next = this.#next(channel); next !== undefined; next = this.#next(channel)) {
      const stop = new AbortController();
      this.#running.set(next.key, stop);
      failures = (await this.#send(next, failures, stop.signal)) ? 0 : failures + 1;
      this.#running.delete(next.key);
    }
    this.#busy.delete(channel);
  }

  #next(channel: number): Unsent | undefined {
    return this.#stopped ? undefined : this.desk.next(channel);
  }

  /** Tries to send one. Returns true when it is stored or refused; otherwise it has already waited for the next try. */
  async #send(unsent: Unsent, failures: number, stop: AbortSignal): Promise<boolean> {
    const { key, notBefore } = unsent;
    try {
      const early = notBefore - Date.now();
      if (early > 0) await this.#pauses.wait(early, early, stop);
      const message = this.desk.known(unsent) ?? (await this.#post(unsent, stop));
      if (!stop.aborted) this.desk.settled(message);
      return true;
    } catch (error) {
      if (stop.aborted) return true;
      if (!(error instanceof ApiError) || !error.passing) return this.#refused(key, error);
      const least = error.retryAfterMs ?? 0;
      this.desk.later(key, error, failures + 1, least);
      await this.#pauses.wait(Math.max(least, pauseAfter(failures)), least, stop);
      return false;
    }
  }

  async #post(unsent: Unsent, stop: AbortSignal): Promise<Message> {
    const attachments: string[] = [];
    for (const file of unsent.files) attachments.push(await this.#upload(unsent, file, stop));
    this.#mayGoOn(unsent, stop);
    // From here on it is not taken back: it may be stored whatever becomes of the answer.
    const { key, text, root, also, quote, forward } = unsent;
    const sender = this.desk.sender(unsent);
    const reply = root === undefined ? {} : { thread: root, also: also === true };
    const of = { ...(quote !== undefined && { quote }), ...(forward !== undefined && { forward }) };
    return post(unsent.channel, { key, text, ...reply, ...of, attachments, sender });
  }

  async #upload(unsent: Unsent, file: UnsentFile, stop: AbortSignal): Promise<string> {
    this.#mayGoOn(unsent, stop);
    const { key } = unsent;
    const blob = await this.desk.blob(file);
    if (blob === undefined) throw new ApiError('file_gone', 400, '');
    const hooks = {
      begun: (upload: string) => this.desk.begun(key, file.id, upload),
      progress: (sent: number) => this.desk.progress(key, file.id, sent),
    };
    const { sendFile } = await secondScript.load();
    return sendFile({ ...file, blob }, hooks, stop);
  }

  #mayGoOn(unsent: Unsent, stop: AbortSignal): void {
    if (stop.aborted || !this.desk.allowed(unsent)) throw new ApiError('not_signed_in', 401, '');
  }

  #refused(key: string, error: unknown): boolean {
    if (error instanceof ApiError && error.status === 401) {
      this.stop();
      this.desk.ended();
    } else {
      this.desk.refused(key, error);
    }
    return true;
  }
}
