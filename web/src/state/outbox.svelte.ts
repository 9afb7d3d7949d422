/**
 * Messages that were written and are not settled yet, in the order of writing. What keeps and sends them is in
 * `outbox/`; here is only what is shown of them.
 */
import type { User } from '../wire';
import { isAside } from './aside';

/** A file of an unsent message: what it is, and how far it is on its way up. */
export interface UnsentFile {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly type: string;
  /** The server's id of the upload, once there is one. */
  readonly upload: string | null;
  /** How many bytes the server has. */
  readonly sent: number;
}

/** A message that is forwarded, by its place. */
export interface ForwardSource {
  readonly channel: number;
  readonly number: number;
}

export interface Unsent {
  readonly key: string;
  /** Ascending in the order of writing, over all tabs of the browser. */
  readonly order: number;
  readonly channel: number;
  /** The message that it answers in a thread, and whether it is sent to the channel too. */
  readonly root?: number | undefined;
  readonly also?: boolean | undefined;
  readonly author: User;
  /** The state of the server's data that it was written for: it goes out by itself to no other. */
  readonly epoch: string;
  readonly text: string;
  /** The number of the message that it quotes. */
  readonly quote?: number | undefined;
  /** Which message it forwards. */
  readonly forward?: ForwardSource | undefined;
  readonly files: readonly UnsentFile[];
  readonly written_at: string;
  /** `waiting` goes out by itself; `refused` stays until somebody decides. */
  readonly state: 'waiting' | 'refused';
  /** Why it did not go out yet, in the reader's language. */
  readonly reason: string | null;
  /** Before this time (ms since 1970) the server does not want to hear of it again. */
  readonly notBefore: number;
  /** Where it is kept: on its way to the disk, on the disk, or in this tab alone. Only kept ones are sent. */
  readonly kept: 'storing' | 'disk' | 'memory';
}

export class OutboxState {
  /** In order. Replaced, never changed in place. */
  list: readonly Unsent[] = $state.raw([]);

  /** Those of a channel, without replies that are for threads alone; or those of one of its threads. */
  of(channel: number, root: number | null = null): readonly Unsent[] {
    const fits = (one: Unsent): boolean => (root === null ? !isAside(one) : one.root === root);
    return this.list.filter((unsent) => unsent.channel === channel && fits(unsent));
  }

  find(key: string): Unsent | undefined {
    return this.list.find((unsent) => unsent.key === key);
  }

  /** The next one of a channel to go out. One that was refused lets later ones pass and keeps its place. */
  next(channel: number): Unsent | undefined {
    return this.list.find((unsent) => unsent.channel === channel && unsent.state === 'waiting');
  }

  /** An order after everything that is there. */
  get lastOrder(): number {
    return this.list.at(-1)?.order ?? 0;
  }

  upsert(unsent: Unsent): void {
    const others = this.list.filter(({ key }) => key !== unsent.key);
    this.list = [...others, unsent].sort((a, b) => a.order - b.order);
  }

  update(key: string, change: Partial<Unsent>): void {
    const known = this.find(key);
    if (known !== undefined) this.upsert({ ...known, ...change });
  }

  updateFile(key: string, file: string, change: Partial<UnsentFile>): void {
    const known = this.find(key);
    if (known === undefined) return;
    const files = known.files.map((one) => (one.id === file ? { ...one, ...change } : one));
    this.list = this.list.map((one) => (one.key === key ? { ...known, files } : one));
  }

  /** What the disk has, as another tab may have changed it. What is not on the disk stays. */
  replaceKept(rows: readonly Unsent[]): void {
    const own = this.list.filter(({ kept, key }) => kept !== 'disk' && !rows.some((row) => row.key === key));
    this.list = [...own, ...rows.map((row) => further(this.find(row.key), row))].sort((a, b) => a.order - b.order);
  }

  remove(key: string): void {
    if (this.find(key) !== undefined) this.list = this.list.filter((unsent) => unsent.key !== key);
  }

  clear(): void {
    this.list = [];
  }
}

/** How much of a message's files is uploaded, from 0 to 1; null if it has none or all are uploaded. */
export function progressOf({ files }: Pick<Unsent, 'files'>): number | null {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const sent = files.reduce((sum, file) => sum + file.sent, 0);
  return total === 0 || sent >= total ? null : sent / total;
}

/** Progress is told to the tabs more often than it is written. */
function further(known: Unsent | undefined, row: Unsent): Unsent {
  if (known === undefined || row.files.length === 0) return row;
  const files = row.files.map((file) => {
    const shown = known.files.find(({ id }) => id === file.id);
    return shown?.upload === file.upload && shown.sent > file.sent ? shown : file;
  });
  return { ...row, files };
}
