/** What a person can do with messages: write, delete, read on in both directions, and have read. */
import * as api from '../api';
import { ApiError } from '../api';
import { before } from '../state/aside';
import { type MarkKind } from '../state/channels.svelte';
import { MANY_UNREAD } from '../state/counting';
import type { BrowserStore } from '../state/browser-store';
import { DraftFile, type Draft, type Drafts } from '../state/drafts.svelte';
import { placeOf, type Place } from '../state/place';
import { toReadBetween, type Counts } from '../state/seen';
import type { UnsentFile } from '../state/outbox.svelte';
import type { Message } from '../wire';
import { Outbox } from '../outbox/outbox';
import { attempt, endsSession, explain, patiently, type Core } from './core';
import { Uploads } from './uploads';

/** A read mark is sent once reading has paused for this long. */
const READ_PAUSE_MS = 400;
/** A mark is sent at least this often while somebody reads on without a pause. */
const READ_LATEST_MS = 3_000;
/** After a mark did not get through, the pause before it is sent again. */
const READ_AGAIN_MS = 10_000;

export class Messages {
  readonly outbox: Outbox;
  readonly uploads: Uploads;
  readonly #loading = new Set<number>();
  /** Per channel: the timer that sends its mark, and when the mark began to wait for a pause in reading. */
  readonly #readTimers = new Map<number, { readonly timer: ReturnType<typeof setTimeout>; readonly since: number }>();
  #marksSent: Promise<void> = Promise.resolve();

  constructor(
    private readonly core: Core,
    signedInAs: (person: number) => boolean,
    store: BrowserStore | null = null,
  ) {
    this.outbox = new Outbox(core, { settled: (message) => this.settled(message), signedInAs }, store);
    this.uploads = new Uploads(core);
  }

  /**
   * Hands the draft of a channel or thread to the outbox; `also` sends a reply to the channel too. It leaves the composer once it
   * is stored. Returns whether it was accepted.
   */
  send(place: Place, also = false): boolean {
    const { state, words } = this.core;
    const { drafts } = state;
    const draft = drafts.of(place);
    if (draft.taken !== 'no') {
      draft.taken = 'again';
      return true;
    }
    if (drafts.syncFromStore(place)) {
      draft.problem = words.t('composer.otherTab');
      return false;
    }
    const { text: written, files, quote } = draft;
    const text = withoutBlankEdges(written);
    const limit = state.session.workspace.text_limit;
    const length = [...text].length;
    if (length > limit) draft.problem = words.t('composer.tooLong', { count: limit, length });
    else if (draft.failed) draft.problem = words.t('composer.failedFiles');
    if (draft.empty || length > limit || draft.failed) return false;
    draft.taken = 'taking';
    if (this.uploads.looksAt(files)) {
      void this.uploads.looked(files).then(() => {
        draft.taken = 'no';
        if (drafts === state.drafts) this.send(place, also);
      });
      return true;
    }
    this.uploads.handOver(files);
    this.core.flushInbox();
    const kept = this.outbox.add(place, text, files, { also, quote });
    void kept.then(() => this.#taken(drafts, place, also, { text: written, files, quote }));
    if (state.view.newLine?.channel === place) state.view.newLine = null;
    return true;
  }

  /** Takes a message that was not sent back into the composer, with its files. */
  async edit(key: string): Promise<void> {
    const taken = await this.outbox.takeBack(key);
    if (taken === undefined) return;
    const files = taken.row.files.flatMap((file) => {
      const blob = taken.files.get(file.id);
      return blob === undefined ? [] : [draftFile(file, blob)];
    });
    const place = placeOf(taken.row.channel, taken.row.root);
    this.core.state.drafts.restore(place, taken.row.text, files, taken.row.quote);
    this.uploads.goOn(this.core.state.drafts.of(place), files);
  }

  /** The connection is back: sends and uploads that wait go on. */
  wake(): void {
    this.outbox.wake();
    this.uploads.wake();
    for (const channel of this.core.state.channels.pendingMarks) this.#sendMarkSoon(channel);
  }

  async remove(channel: number, number: number): Promise<void> {
    const message = await attempt(this.core, () => api.remove(channel, number));
    if (message !== undefined) this.settled(message);
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

  /** The reader has seen everything up to here. The mark never goes down by that. */
  seen(channel: number, number: number): void {
    const known = this.core.state.channels.find(channel);
    if (known === undefined || !known.member || number <= known.read_number) return;
    this.#mark(channel, number, 'read');
  }

  /** The reader wants the mark here, also further up than it is. */
  markAt(channel: number, number: number): void {
    const known = this.core.state.channels.find(channel);
    if (known === undefined || !known.member || number === known.read_number) return;
    this.#mark(channel, number, 'mark');
  }

  /** Moves the mark at once; the server is told when reading pauses, or when it can be reached again. */
  #mark(channel: number, number: number, kind: MarkKind): void {
    const { channels, session, windows } = this.core.state;
    const run = windows.find(channel);
    if (kind === 'mark') run?.seen.clear();
    const above =
      run?.unreadAbove(number, session.reader) ?? (kind === 'read' ? this.#leftUnread(channel, number) : null);
    channels.mark(channel, number, kind, above);
    // What somebody sets by hand does not wait for a pause in reading.
    this.#sendMarkSoon(channel, kind === 'mark' ? 0 : READ_PAUSE_MS);
  }

  /** How much is left unread when the mark moves up to `number`. `null` if the loaded rows do not tell. */
  #leftUnread(channel: number, number: number): Counts | null {
    const known = this.core.state.channels.find(channel);
    const run = this.core.state.windows.find(channel);
    const first = run?.rows[0];
    if (run === undefined || known === undefined || first === undefined || known.unread >= MANY_UNREAD) return null;
    const reaches = before(first) <= known.read_number || !run.hasOlder;
    if (!reaches || number > (run.rows.at(-1)?.number ?? 0)) return null;
    const read = toReadBetween(run.rows, known.read_number, number, this.core.state.session.reader);
    return {
      unread: Math.max(0, known.unread - read.unread),
      mentions: Math.max(0, known.mentions - read.mentions),
    };
  }

  #sendMarkSoon(channel: number, pauseMs = READ_PAUSE_MS): void {
    const now = performance.now();
    const waiting = this.#readTimers.get(channel);
    clearTimeout(waiting?.timer);
    const since = waiting?.since ?? now;
    const afterMs = pauseMs > READ_PAUSE_MS ? pauseMs : Math.min(pauseMs, Math.max(0, since + READ_LATEST_MS - now));
    const send = (): void => {
      this.#readTimers.delete(channel);
      // One after another: somebody who reads everything at once may have a thousand of them.
      this.#marksSent = this.#marksSent.then(() => this.#sendMark(channel));
    };
    this.#readTimers.set(channel, {
      timer: setTimeout(send, afterMs),
      since: pauseMs > READ_PAUSE_MS ? now + pauseMs : since,
    });
  }

  async #sendMark(channel: number): Promise<void> {
    const { channels, identity } = this.core.state;
    const mark = channels.pendingMark(channel);
    if (mark === undefined) return;
    try {
      channels.applyReadMark(await api.markRead(channel, mark.number, mark.kind, identity));
      channels.clearPendingMark(channel, mark);
    } catch (error) {
      if (endsSession(error)) return this.core.ended();
      // Not worth an alert. What does not get through now is sent later, or when the connection is back.
      if (!(error instanceof ApiError) || !error.passing) channels.clearPendingMark(channel, mark);
      else if (!this.#readTimers.has(channel)) this.#sendMarkSoon(channel, error.retryAfterMs ?? READ_AGAIN_MS);
    }
  }

  /** The server's answer: a message as it is now. */
  settled(message: Message): void {
    const { state } = this.core;
    this.core.flushInbox();
    for (const run of state.holders(message.channel)) run.applyAnswer(message);
    this.outbox.confirmStored(message.key);
  }

  /** The outbox has taken a message: removes it from the composer. */
  #taken(drafts: Drafts, place: Place, also: boolean, sent: Pick<Draft, 'text' | 'files' | 'quote'>): void {
    const draft = drafts.of(place);
    const again = draft.taken === 'again';
    draft.taken = 'no';
    drafts.removeSent(place, sent.text, sent.files, sent.quote);
    this.uploads.forget(sent.files);
    if (again && drafts === this.core.state.drafts) this.send(place, also);
  }

  /** Loads one page at a time per channel. A failure is shown as an alert. */
  async #once(channel: number, work: () => Promise<void>): Promise<void> {
    if (this.#loading.has(channel)) return;
    this.#loading.add(channel);
    try {
      await patiently(this.core, work);
    } catch (error) {
      this.core.state.flashes.show('bad', explain(this.core, error));
    } finally {
      this.#loading.delete(channel);
    }
  }
}

/** As the server keeps it: without blank lines at its start and white space at its end. The first line's indent stays. */
export function withoutBlankEdges(text: string): string {
  return text.replace(/^(?:[^\S\n]*\n)+/, '').trimEnd();
}

function draftFile({ id, name, type, upload, size, sent }: UnsentFile, blob: Blob): DraftFile {
  const file = new DraftFile(id, new File([blob], name, { type }));
  file.upload = upload;
  file.progress = size === 0 ? 0 : sent / size;
  return file;
}
