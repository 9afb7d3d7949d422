/**
 * Notices a connection that died silently, as after sleep or a change of network. The server pings; when a ping is overdue the
 * connection is dead, whatever the browser believes. Time is wall-clock time. Timers stand still while a computer sleeps or a
 * tab is frozen, so the time is checked again whenever there is a sign of waking up.
 */

/** How late a ping may be. With the server's 20 s and the 2 s of the strip a dead line is told within 25 s. */
const GRACE_MS = 2_500;
const TICK_MS = 1_000;

/** Signs that time may have passed unnoticed, and where they are heard. */
const SIGNS: readonly [target: 'window' | 'document', name: string][] = [
  ['window', 'focus'],
  ['window', 'pageshow'],
  ['document', 'resume'],
  ['document', 'visibilitychange'],
];

export class Pulse {
  #heardAt = Date.now();
  #running: ReturnType<typeof setInterval> | undefined;
  #intervalMs = 0;

  /** `dead` is called once per silence. */
  constructor(private readonly dead: () => void) {}

  /** Begins to watch a connection whose server pings this often. */
  start(intervalMs: number): void {
    this.stop();
    this.#intervalMs = intervalMs;
    this.noteTraffic();
    this.#running = setInterval(this.#look, TICK_MS);
    for (const [target, name] of SIGNS) on(target).addEventListener(name, this.#look);
  }

  /** Notes that something came over the connection. */
  noteTraffic(): void {
    this.#heardAt = Date.now();
  }

  stop(): void {
    clearInterval(this.#running);
    this.#running = undefined;
    for (const [target, name] of SIGNS) on(target).removeEventListener(name, this.#look);
  }

  readonly #look = (): void => {
    const silentMs = Date.now() - this.#heardAt;
    // A clock that was set back says nothing.
    if (silentMs < 0) this.noteTraffic();
    if (silentMs <= this.#intervalMs + GRACE_MS) return;
    this.stop();
    this.dead();
  };
}

function on(target: 'window' | 'document'): EventTarget {
  return target === 'window' ? window : document;
}
