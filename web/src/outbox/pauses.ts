/** Pauses before the next try: growing, jittered, and over at once when something says that it may work now. */

/** The first pause; doubles up to the longest. Each is drawn from its upper half, so that clients spread out. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** How long to wait after so many failures in a row. */
export function pauseAfter(failures: number): number {
  const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures, 16));
  return pause * (0.5 + Math.random() / 2);
}

export class Pauses {
  readonly #wakers = new Set<() => void>();

  /** Waits; `wake` ends it, but not before `leastMs`, which the server asked for. `signal` ends it at once. */
  wait(ms: number, leastMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const earliest = Date.now() + leastMs;
      let timer: ReturnType<typeof setTimeout>;
      const done = (): void => {
        clearTimeout(timer);
        this.#wakers.delete(wake);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const wake = (): void => {
        const left = earliest - Date.now();
        if (left <= 0) return done();
        clearTimeout(timer);
        timer = setTimeout(done, left);
      };
      timer = setTimeout(done, Math.max(ms, leastMs));
      this.#wakers.add(wake);
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    });
  }

  wake(): void {
    for (const wake of [...this.#wakers]) wake();
  }
}
