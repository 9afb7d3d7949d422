/**
 * What the reader wants of stored messages and of channels, on its way to the server: reactions, edits, pins, what is saved, and
 * levels. A wish is shown at once and kept on
 * the browser's disk; of several about one subject only the newest counts. They go out in order, from the tab that sends
 * messages, and each is something that may be asked for twice. What the server refuses is dropped, and said; an edit that
 * came second goes back to its writer.
 */
import { ApiError, call, type Sender } from '../api';
import { endsSession, explain, type Core } from '../actions/core';
import { newKey } from '../keys';
import type { EditWish, Wanted, Wish } from '../state/wishes.svelte';
import type { Channel, Message, Saved } from '../wire';
import type { Beside, Outbox } from './outbox';
import { overlay } from './overlay';
import { pauseAfter, Pauses } from './pauses';
import type { KeptWish, OutboxStore } from './store';

/** So many wishes of one person wait at most; a day's without a network are far less. */
export const MOST_WISHES = 500;

/** What a wish was about, as it is now. */
export interface Answer {
  readonly message?: Message;
  readonly saved?: Saved;
  readonly channel?: Channel;
}

/** What the wishes need of the app around them. */
export interface Settling {
  /** The server's answer. */
  settled(answer: Answer): void;
  /** An edit came second: it is its writer's again. */
  second(wish: Wish & EditWish): void;
}

/** What a wish is about. */
export function subjectOf(wanted: Wanted): string {
  const { kind, channel } = wanted;
  if (wanted.kind === 'level') return `${kind}:${channel}`;
  return [kind, channel, wanted.number, ...(wanted.kind === 'reaction' ? [wanted.emoji] : [])].join(':');
}

export class Wishes implements Beside {
  /** Wishes that are not on the disk: this tab alone has them, and sends them itself. */
  readonly #unkept = new Set<string>();
  readonly #pauses = new Pauses();
  /** Ends with the person's stay. */
  #stay = new AbortController();
  #sending = false;
  /** Writing to the disk keeps the order of the wishes. */
  #writing: Promise<void> = Promise.resolve();
  /** The order of the newest one. */
  #order = 0;
  /** Counts what this tab changed: a slower look at the disk does not undo it. */
  #changes = 0;

  constructor(
    private readonly core: Core,
    private readonly outbox: Outbox,
    private readonly around: Settling,
  ) {
    core.state.wishes.overlay = overlay;
    outbox.accompany(this);
  }

  begin(): void {
    this.end();
    this.#stay = new AbortController();
    this.look();
  }

  end(): void {
    this.#stay.abort();
    this.#unkept.clear();
    this.core.state.wishes.list = [];
  }

  look(): void {
    void this.#reload().then(() => this.#send());
  }

  wake(): void {
    this.#pauses.wake();
    void this.#send();
  }

  /** Shows a wish at once. Resolves when it is kept, or is known not to be. An older one about the same is forgotten. */
  async add(wanted: Wanted): Promise<void> {
    const { wishes, flashes } = this.core.state;
    const { owner } = this.outbox;
    if (owner === null) return;
    const subject = subjectOf(wanted);
    const others = wishes.list.filter((wish) => wish.subject !== subject);
    if (others.length >= MOST_WISHES) return void flashes.show('bad', this.core.words.t('wishes.full'));
    const wish: Wish = { ...wanted, key: newKey(), subject, epoch: owner.epoch, second: false };
    wishes.list = [...others, wish];
    await this.#keep(wish);
  }

  /** Its writer does not want it any more. */
  async forget(wish: Wish): Promise<void> {
    const { wishes } = this.core.state;
    this.#changes += 1;
    this.#unkept.delete(wish.key);
    wishes.list = wishes.list.filter(({ key }) => key !== wish.key);
    await this.#write(async (owner, db) => {
      const kept = await db.get('wishes', [owner, wish.subject]);
      // Another tab may have put a newer one in its place.
      if (kept?.key === wish.key) await db.delete('wishes', [owner, wish.subject]);
    });
    this.outbox.shareWishes();
  }

  async discardAll(): Promise<void> {
    for (const wish of this.core.state.wishes.list) await this.forget(wish);
  }

  /** Writes a wish, in place of an older one about the same. */
  async #keep(wish: Wish): Promise<void> {
    this.#changes += 1;
    const order = (this.#order = Math.max(this.#order + 1, Date.now()));
    const kept = await this.#write(async (owner, db) => {
      await db.put('wishes', { ...wish, owner, order });
    });
    if (!kept) this.#unkept.add(wish.key);
    this.outbox.shareWishes();
    void this.#send();
  }

  async #write(work: (owner: string, db: Database) => Promise<void>): Promise<boolean> {
    const owner = this.outbox.owner?.key;
    if (owner === undefined) return false;
    const written = this.#writing.then(() => this.outbox.disk.use((store) => store.use((db) => work(owner, db))));
    this.#writing = written.catch(() => undefined);
    return written.then(
      () => true,
      () => false,
    );
  }

  /** Shows what the disk has; looks again when this tab changed something meanwhile. */
  async #reload(): Promise<void> {
    const { owner } = this.outbox;
    const { wishes } = this.core.state;
    if (owner === null) return;
    for (let before = -1; before !== this.#changes && owner === this.outbox.owner;) {
      before = this.#changes;
      await this.#writing;
      const use = this.outbox.disk.use((store) => store.use((db) => db.getAllFromIndex('wishes', 'owner', owner.key)));
      const rows = await use.catch(() => null);
      if (rows === null || owner !== this.outbox.owner || before !== this.#changes) continue;
      // The numbers of messages mean something else since the server's data was replaced.
      const kept = rows.filter(({ epoch }) => epoch === owner.epoch).sort((a, b) => a.order - b.order);
      const own = wishes.list.filter(({ key }) => this.#unkept.has(key));
      wishes.list = [...kept.map((row) => wishOf(row, wishes.list)), ...own];
      this.#offerSecond();
    }
  }

  /** Edits that came second are opened for their writers, also those of an earlier visit. */
  #offerSecond(): void {
    const { wishes, view } = this.core.state;
    for (const wish of wishes.list)
      if (wish.second && wish.kind === 'edit' && !view.edits.has(wish.channel)) this.around.second(wish);
  }

  /** The next one to go out, if it is for this tab to send it. */
  #next(): Wish | undefined {
    const { list } = this.core.state.wishes;
    return list.find(({ key, second }) => !second && (this.outbox.leads || this.#unkept.has(key)));
  }

  async #send(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    const { signal } = this.#stay;
    let failures = 0;
    for (let next = this.#next(); next !== undefined && this.outbox.isOwners; next = this.#next()) {
      failures = (await this.#ask(next, failures, signal)) ? 0 : failures + 1;
      if (signal.aborted) break;
    }
    this.#sending = false;
    // Somebody else may have come in meanwhile.
    if (signal.aborted && !this.#stay.signal.aborted) void this.#send();
  }

  /** Asks the server for one. Returns true when that is settled; otherwise it has already waited for the next try. */
  async #ask(wish: Wish, failures: number, stay: AbortSignal): Promise<boolean> {
    try {
      const answer = await request(wish, this.#sender(wish));
      if (stay.aborted) return true;
      // First what is true, then that nothing more is wanted: nothing flickers.
      this.around.settled(answer);
      this.outbox.shareWishes(answer.message);
      await this.#settled(wish, answer);
      return true;
    } catch (error) {
      if (stay.aborted) return true;
      // Of other data the heads tell: then the app begins anew.
      if (error instanceof ApiError && (error.passing || error.code === 'other_instance')) {
        const least = error.retryAfterMs ?? 0;
        await this.#pauses.wait(Math.max(least, pauseAfter(failures)), least, stay);
        return false;
      }
      await this.#refused(wish, error);
      return true;
    }
  }

  /** Somebody else may sign in in another tab while it is on its way: it must not go out as theirs. */
  #sender({ epoch }: Wish): Sender {
    const { user = 0, instance = '' } = this.outbox.owner ?? {};
    return { user, instance, epoch };
  }

  async #settled(wish: Wish, { message, saved }: Answer): Promise<void> {
    // A newer edit, written while this one was on its way, knows it.
    const newer = this.core.state.wishes.list.find(({ subject, key }) => subject === wish.subject && key !== wish.key);
    if (newer?.kind === 'edit') await this.#replace(newer, { ...newer, edits: message?.edits ?? 0 });
    // What was taken out and is wanted back has its note again.
    if (newer?.kind === 'save' && newer.note === null && newer.kept && saved?.kept === false)
      await this.#replace(newer, { ...newer, note: saved.note });
    await this.forget(wish);
  }

  async #refused(wish: Wish, error: unknown): Promise<void> {
    // It stays on the disk for whoever wanted it, also where somebody else is signed in now.
    if (endsSession(error)) return this.core.ended();
    if (wish.kind === 'edit' && error instanceof ApiError && error.code === 'edited_meanwhile')
      return this.#replace(wish, { ...wish, second: true });
    await this.forget(wish);
    // A list shows what is stored again, and not the note that was wanted.
    if (wish.kind === 'save') this.core.state.kept.changes += 1;
    this.core.state.flashes.show('bad', explain(this.core, error));
  }

  /** The same wish in another form; not where a newer one stands in its place by now. */
  async #replace(before: Wish, now: Wish): Promise<void> {
    const { wishes } = this.core.state;
    if (!wishes.list.includes(before)) return;
    wishes.list = wishes.list.map((wish) => (wish === before ? now : wish));
    this.#offerSecond();
    await this.#keep(now);
  }
}

type Database = Parameters<Parameters<OutboxStore['use']>[0]>[0];

async function request(wish: Wish, sender: Sender): Promise<Answer> {
  const ask = <T>(method: string, path: string, body?: unknown): Promise<T> => call(method, path, body, sender);
  if (wish.kind === 'level')
    return { channel: await ask('PUT', `/api/channels/${wish.channel}/level`, { level: wish.level }) };
  const message = `/api/channels/${wish.channel}/messages/${wish.number}`;
  switch (wish.kind) {
    case 'edit': {
      const { text, files, edits } = wish;
      return { message: await ask('PATCH', message, { text, edits, ...(files !== null && { attachments: files }) }) };
    }
    case 'pin':
      return { message: await ask(wish.pin === null ? 'DELETE' : 'PUT', `${message}/pin`) };
    case 'save': {
      const note = wish.note === null ? {} : { note: wish.note };
      return { saved: await (wish.kept ? ask('PUT', `${message}/saved`, note) : ask('DELETE', `${message}/saved`)) };
    }
    case 'reaction': {
      const emoji = encodeURIComponent(wish.emoji);
      return { message: await ask(wish.on ? 'PUT' : 'DELETE', `${message}/reactions/${emoji}`) };
    }
  }
}

/** What the disk has of a wish, without how it is kept; one that is shown stays the same object. */
function wishOf({ owner: _owner, order: _order, ...wish }: KeptWish, shown: readonly Wish[]): Wish {
  const known = shown.find(({ key }) => key === wish.key);
  const same = known !== undefined && JSON.stringify(known) === JSON.stringify(wish);
  return same ? known : (wish as Wish);
}
