/**
 * Layers over a page (picture, drawer, sheet, dialog, menu) as steps of the browser's history: Back closes the topmost layer
 * before it leaves the page. The history has one entry for each open layer. The entries are adjusted after each change, so that
 * a dialog that follows a sheet takes over its entry.
 */

/** The part of the window that is used. */
export interface HistoryWindow {
  readonly history: Pick<History, 'state' | 'pushState' | 'replaceState' | 'go'>;
  addEventListener(name: 'popstate', heard: (event: { readonly state: unknown }) => void): void;
}

/** If the browser has not answered a step back within this time, it has taken none. */
const STEP_MS = 10_000;

export class Layers {
  /** How each of them is closed, the topmost last. */
  #open: { readonly close: () => void }[] = [];
  /** How many entries of the history stand for layers. */
  #entries = 0;
  /** A step that this class has begun, and what to do after it. */
  #stepping: { readonly then: () => void; readonly late: ReturnType<typeof setTimeout> } | null = null;
  #settling: ReturnType<typeof setTimeout> | undefined;
  /** The address that the page got since it was come to; the entries below its layers have the one before. */
  #address: string | null = null;

  constructor(
    private readonly window: HistoryWindow,
    /** Back or Forward, with no layer left to close. */
    private readonly moved: () => void,
  ) {}

  listen(): void {
    // After a reload nothing is open.
    if (entriesOf(this.window.history.state) > 0) this.window.history.replaceState(null, '');
    this.window.addEventListener('popstate', ({ state }) => this.#popped(entriesOf(state)));
  }

  /** Notes that a layer was opened; `close` closes it. Returns a function to call when the layer is closed for any reason. */
  opened(close: () => void): () => void {
    const layer = { close };
    this.#open.push(layer);
    this.#settleSoon();
    return () => {
      this.#open = this.#open.filter((other) => other !== layer);
      this.#settleSoon();
    };
  }

  /** The page that is shown has another address by now. */
  readdress(address: string): void {
    this.#address = address;
    this.#correct();
  }

  #correct(): void {
    const { history } = this.window;
    if (this.#address !== null) history.replaceState(history.state, '', this.#address);
  }

  /** Goes to another address: all layers close, and the address replaces their entries. */
  leave(address: string): void {
    this.#address = null;
    const open = this.#open;
    this.#open = [];
    for (const { close } of open.reverse()) close();
    const { history } = this.window;
    if (this.#entries === 0 && this.#stepping === null) return history.pushState(null, '', address);
    const take = (): void => {
      if (this.#entries === 0) history.pushState(null, '', address);
      else history.replaceState(null, '', address);
      this.#entries = 0;
    };
    if (this.#stepping !== null || this.#entries > 1) this.#step(1 - this.#entries, take);
    else take();
  }

  /** Adjusts the entries a little later, as a layer that closes is often followed by another. */
  #settleSoon(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#settle());
  }

  #settle(): void {
    if (this.#stepping !== null) return;
    const missing = this.#open.length - this.#entries;
    if (missing < 0) this.#step(missing, () => undefined);
    for (let i = 0; i < missing; i += 1) {
      this.#entries += 1;
      this.window.history.pushState({ layers: this.#entries }, '');
    }
  }

  /** Steps back by so many entries, then does something. */
  #step(by: number, then: () => void): void {
    const before = this.#stepping;
    if (before !== null) clearTimeout(before.late);
    const both = (): void => {
      before?.then();
      then();
    };
    this.#stepping = { then: both, late: setTimeout(() => this.#late(), STEP_MS) };
    if (before === null) this.window.history.go(by);
  }

  /** The browser did not answer: its present entry counts. */
  #late(): void {
    this.#entries = entriesOf(this.window.history.state);
    this.#stepped();
  }

  #stepped(): void {
    const step = this.#stepping;
    if (step === null) return;
    clearTimeout(step.late);
    this.#stepping = null;
    this.#correct();
    step.then();
    this.#settleSoon();
  }

  #popped(entries: number): void {
    this.#entries = entries;
    if (this.#stepping !== null) return this.#stepped();
    const closing = this.#open.splice(entries).reverse();
    if (closing.length === 0) this.#address = null;
    this.#correct();
    for (const { close } of closing) close();
    // Forward may lead to the entry of a layer that no longer exists.
    this.#settleSoon();
    this.moved();
  }
}

/** How many layers were open at an entry of the history. */
function entriesOf(state: unknown): number {
  const layers: unknown = typeof state === 'object' && state !== null ? Reflect.get(state, 'layers') : 0;
  return typeof layers === 'number' && layers > 0 ? layers : 0;
}
