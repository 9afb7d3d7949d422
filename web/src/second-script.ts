/**
 * Loads the second script, and goes on trying until it is there: without it the app hears nothing of others and keeps nothing
 * on the disk.
 */
import { pauseAfter, Pauses } from './outbox/pauses';

export type Second = typeof import('./second');

/** Where the script is, seen from this one. The build puts its name here (`vite.config.ts`). */
const ADDRESS = './second.ts';

export class SecondScript {
  #loaded: Second | null = null;
  #loading: Promise<Second> | null = null;
  readonly #pauses = new Pauses();

  constructor(
    private readonly fetch: (failures: number) => Promise<Second>,
    /** Called when it did not come, each time. */
    public onFailure: () => void = () => undefined,
  ) {}

  /** It, if it is there. */
  get loaded(): Second | null {
    return this.#loaded;
  }

  /** It, as soon as it is there. What waits for it goes on in the order of the calls. */
  load(): Promise<Second> {
    return (this.#loading ??= this.#untilThere().then((second) => (this.#loaded = second)));
  }

  /** It may come now: nobody waits for the end of a pause. */
  wake(): void {
    this.#pauses.wake();
  }

  async #untilThere(): Promise<Second> {
    for (let failures = 0; ; failures += 1) {
      try {
        return await this.fetch(failures);
      } catch {
        this.onFailure();
        await this.#pauses.wait(pauseAfter(failures), 0, new AbortController().signal);
      }
    }
  }
}

/** Chromium never asks again for a script that failed: each further try goes to an address of its own. */
export const secondScript = new SecondScript((failures) =>
  failures === 0 ? import('./second') : (import(/* @vite-ignore */ `${ADDRESS}?again=${failures}`) as Promise<Second>),
);
