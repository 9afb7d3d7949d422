/**
 * The browser's database with a bound on waiting: a disk that hangs holds nobody up for longer than a few seconds. What was
 * asked of it goes on behind; when it answers after all, that is told. What speaks to the database comes with the second
 * script; until it is there the disk does not answer.
 */
import { secondScript } from '../second-script';
import type { OutboxStore } from './store';

/** A disk that takes longer than this hangs, as far as the outbox is concerned. */
const PATIENCE_MS = 3_000;
/** A script that is on its way is no broken disk. */
const SCRIPT_PATIENCE_MS = 10_000;

/** The disk did not answer in time. */
export class DiskHangs extends Error {}

export class Disk {
  #store: OutboxStore | null = null;
  readonly #opening: Promise<OutboxStore>;
  /** The installation whose database it is. */
  #instance = '';
  /** Who waited once in vain does not wait again until the disk has answered something. */
  #hangs = false;

  /** `revived` is called when a disk that hung answers again. */
  constructor(private readonly revived: () => void) {
    this.#opening = secondScript.load().then((second) => (this.#store = new second.OutboxStore(this.#instance)));
  }

  /** The database is that of this installation. */
  belongsTo(instance: string): void {
    this.#instance = instance;
    this.#store?.belongsTo(instance);
  }

  /**
   * Does something on the disk, in the order of the calls. Fails with `DiskHangs` when it takes too long; the work goes on
   * all the same, and `late` is told when it succeeds after that.
   */
  async use<T>(work: (store: OutboxStore) => Promise<T>, late?: (result: T) => void): Promise<T> {
    // What is there is used without a pause: the page may end at any moment.
    const working = this.#store === null ? this.#opening.then(work) : work(this.#store);
    try {
      return await within(this.#patienceMs, working);
    } catch (error) {
      if (error instanceof DiskHangs) this.#waitBehind(working, late);
      throw error;
    }
  }

  get #patienceMs(): number {
    if (this.#hangs) return 0;
    return this.#store === null ? SCRIPT_PATIENCE_MS : PATIENCE_MS;
  }

  #waitBehind<T>(working: Promise<T>, late?: (result: T) => void): void {
    this.#hangs = true;
    working.then(
      (result) => {
        const hung = this.#hangs;
        this.#hangs = false;
        late?.(result);
        if (hung) this.revived();
      },
      () => (this.#hangs = false),
    );
  }
}

function within<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new DiskHangs()), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
