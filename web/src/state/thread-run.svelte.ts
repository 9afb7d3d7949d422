/** The replies of one thread as far as they are loaded, and the message that begins it. They follow the channel's stream. */
import type { Message, ThreadPage } from '../wire';
import { isAside } from './aside';
import { MessageRun } from './messages.svelte';
import type { Readable } from './seen';

/** All rows of a thread are in the document: so many are held, and so many more before the far end is given up. */
const MOST_REPLIES = 300;
const SPARE_REPLIES = 60;

export class ThreadRun extends MessageRun {
  /** The message that begins it; null when it is not kept any more. */
  head: Message | null = $state.raw(null);
  /** How many others follow it, as was told with the page. */
  followers = 0;
  /** What the reader had read when they set the mark by hand: as long as it holds, nothing is read by being on screen. */
  markedAt: number | null = $state(null);
  /** Nothing of the thread stands between this number and the first row. */
  #from = 0;
  protected override readonly most = MOST_REPLIES;
  protected override readonly spare = SPARE_REPLIES;

  constructor(
    channel: number,
    /** The number of the message that begins it. */
    readonly root: number,
    ...rest: ConstructorParameters<typeof MessageRun> extends [number, ...infer Rest] ? Rest : never
  ) {
    super(channel, ...rest);
  }

  /** A page that stands for itself; what was asked for was all `after` a number, or the newest. */
  begin(page: ThreadPage, after: number | null): void {
    this.head = page.root === null ? null : this.marked(page.root);
    this.#from = after ?? Infinity;
    this.followers = page.followers;
    this.replace({ ...page, messages: page.replies, last_number: 0 });
  }

  /** Whether the page that was asked for before or after a row still joins that row. */
  add(page: ThreadPage, beside: Message, where: 'older' | 'newer'): void {
    const end = where === 'older' ? this.rows[0] : this.rows.at(-1);
    if (end?.number !== beside.number) return;
    const whole = { ...page, messages: page.replies, last_number: 0 };
    if (where === 'newer') return this.addNewer(whole);
    this.#from = Infinity;
    this.addOlder(whole);
  }

  /** The replies that count in the thread, above the reader's mark: those that were sent to the channel too count there. */
  readable(mark: number): Readable {
    return { rows: this.rows.filter(isAside), hasOlder: this.hasOlder && this.#from > mark && !this.#reaches(mark) };
  }

  override at(number: number): Message | undefined {
    return number === this.root ? (this.head ?? undefined) : super.at(number);
  }

  override raise(floor: number): boolean {
    if (this.root <= floor) this.head = null;
    return super.raise(floor);
  }

  /** Whether the first row stands below the mark. */
  #reaches(mark: number): boolean {
    const [first] = this.rows;
    return first !== undefined && first.number <= mark;
  }

  protected override holds({ root }: Message): boolean {
    return root === this.root;
  }

  /** A page is asked for at the end of what is held, so it joins it. */
  protected override meets(): boolean {
    return true;
  }

  protected override put(row: Message): void {
    if (row.number === this.root) this.head = row;
    else super.put(row);
  }

  protected override mergeRows(messages: readonly Message[]): void {
    for (const message of messages) {
      const { head } = this;
      if (head !== null && message.number === this.root && head.revision < message.revision)
        this.head = this.marked(message, head);
    }
    super.mergeRows(messages);
  }
}
