/**
 * A long list of which only the rows near the view are in the document. The mounted rows stand in the normal flow of one block,
 * so that one number positions all of them. When rows are added, removed or turn out higher than they were estimated, the list
 * keeps the view where it is; for a reader who follows the newest message it keeps the view at the end.
 */
import { aim, type Goal } from './aim';
import { Heights } from './heights';
import { MountedRows } from './mounted-rows';
import type { Row } from './rows';

/** Mounting goes on after this time if the reader does not scroll on. */
const STEP_MS = 20;
/** Scrolling is over after this long without a scroll event. */
const REST_MS = 150;
/** How long a row that was scrolled to is held in place while its surroundings are measured. */
const HOLD_MS = 500;
/** Browsers round where they scroll to. */
const ROUNDING_PX = 1;
/** Browsers where setting the scroll position stops a scroll with momentum: the position is set after its end. */
const GLIDES =
  /iP(hone|od|ad)/.test(navigator.userAgent) || (/^Mac/.test(navigator.platform) && navigator.maxTouchPoints > 1);

export class VirtualList {
  readonly #heights = new Heights();
  readonly #mounted = new MountedRows(this.#heights);
  readonly #sizes = new ResizeObserver((entries) => this.#resized(entries));
  readonly #keys = new WeakMap<Element, string>();
  #scroller: HTMLElement | undefined;
  #box: HTMLElement | undefined;
  #block: HTMLElement | undefined;
  #version = $state(0);
  #viewport = innerHeight;
  #scrollTop = 0;
  /** The rows stand this many pixels too high. This is corrected when scrolling is over, as nothing may interfere with it. */
  #lift = 0;
  #follows = false;
  /** Something changed while the reader follows: the view goes to the end. */
  #pulled = false;
  #touched = false;
  /** The row above which others were added last. It may lose its day and its avatar; what is below must not move up then. */
  #seam: string | undefined;
  /** The position of the view that was reported last, in pixels. */
  #reportedOffset = 0;
  #goal: { readonly key: string; readonly how: Goal } | undefined;
  #holding: ReturnType<typeof setTimeout> | undefined;
  #resting: ReturnType<typeof setTimeout> | undefined;
  #stepping: ReturnType<typeof setTimeout> | undefined;

  /** `scrolled` is called when the view has moved. */
  constructor(private readonly onScroll: () => void) {}

  /** How far down the list the view begins. */
  get offset(): number {
    return this.#scrollTop + this.#lift;
  }

  get size(): number {
    return Math.max(this.#heights.total, this.#viewport);
  }

  get viewport(): number {
    return this.#viewport;
  }

  /** The row at this distance from the beginning. */
  at(px: number): number {
    return this.#heights.at(px);
  }

  topOf(index: number): number {
    return this.#heights.top(index);
  }

  /** Takes over the rows and returns those that are to be in the document. An effect that calls it runs again when they change. */
  mounted(rows: readonly Row[], follows: boolean, kept: string | null): readonly Row[] {
    void this.#version;
    this.#follows = follows;
    const isOther = rows !== this.#heights.rows;
    if (isOther) this.#setRows(rows);
    const top = this.#pulled && this.#goal === undefined ? this.#end() : this.offset;
    return this.#mounted.mount({ top, height: this.#viewport }, kept, isOther);
  }

  /** Begins in these elements. Returns a function that ends it. */
  begin(scroller: HTMLElement, box: HTMLElement, block: HTMLElement): () => void {
    this.#scroller = scroller;
    this.#box = box;
    this.#block = block;
    this.#sizes.observe(scroller);
    const ended = new AbortController();
    const hear = (name: string, heard: () => void): void =>
      scroller.addEventListener(name, heard, { passive: true, signal: ended.signal });
    hear('scroll', () => this.#onscroll());
    for (const sign of ['wheel', 'touchstart', 'pointerdown', 'keydown']) hear(sign, () => this.#letGo());
    hear('touchstart', () => (this.#touched = true));
    for (const sign of ['touchend', 'touchcancel']) hear(sign, () => this.#rest((this.#touched = false)));
    return () => {
      ended.abort();
      this.#box = undefined;
      this.#letGo();
      clearTimeout(this.#resting);
      clearTimeout(this.#stepping);
      this.#sizes.disconnect();
    };
  }

  /** An attachment for the element of a row: its height is measured from now on. */
  readonly measured =
    (key: string) =>
    (element: Element): (() => void) => {
      this.#keys.set(element, key);
      this.#sizes.observe(element);
      return () => this.#sizes.unobserve(element);
    };

  /** Positions the mounted rows and the view. To be called when the document shows the mounted rows. */
  place(wanted = this.#wanted()): void {
    if (this.#box === undefined || this.#block === undefined) return;
    this.#pulled = false;
    if (wanted !== undefined) this.#lift = 0;
    const { top } = this.#mounted;
    write(this.#box, 'height', px(this.#heights.total - this.#lift));
    write(this.#block, 'top', px(top - this.#lift));
    for (const [at] of this.#mounted.rows.entries()) {
      const element = this.#block.children[at];
      const away = this.#mounted.isAway(at);
      if (!(element instanceof HTMLElement)) continue;
      write(element, 'position', away ? 'absolute' : '');
      if (away) write(element, 'top', px(this.#mounted.topOfKept - top));
    }
    if (wanted !== undefined) this.#scrollTo(wanted);
    // The browser itself reports when it scrolls.
    else if (this.offset !== this.#reportedOffset) this.#report();
    clearTimeout(this.#stepping);
    if (!this.#isComplete()) this.#stepping = setTimeout(() => this.#look(), STEP_MS);
  }

  /** Brings a row into view, and holds it there until its surroundings are measured. */
  scrollTo(index: number, how: Goal): void {
    const row = this.#heights.rows[index];
    if (row === undefined) return;
    this.#letGo();
    if (aim(this.#heights, this, index, how) === undefined) return;
    this.#goal = { key: row.key, how };
    this.#holding = setTimeout(() => this.#letGo(), HOLD_MS);
    this.place();
    this.#version += 1;
  }

  /** Where the view has to be, when there is such a place. */
  #wanted(): number | undefined {
    const goal = this.#goal;
    if (goal === undefined) return this.#pulled ? this.#end() : undefined;
    const index = this.#heights.rows.findIndex((row) => row.key === goal.key);
    const top = index < 0 ? undefined : aim(this.#heights, this, index, goal.how);
    return top === undefined ? undefined : Math.min(Math.max(0, top), this.#end());
  }

  #end(): number {
    return Math.max(0, this.#heights.total - this.#viewport);
  }

  #setRows(rows: readonly Row[]): void {
    const first = this.#heights.rows[0]?.key;
    if (first !== rows[0]?.key) this.#seam = first;
    // The goal may have been the end, which is elsewhere now.
    if (this.#follows) this.#letGo();
    this.#change(() => this.#heights.set(rows));
  }

  /** Changes heights or rows. What is in view stays where it is: only what is above it may have moved it. */
  #change(change: () => void): void {
    const { rows } = this.#heights;
    const topmost = this.#heights.at(this.offset);
    const before = rows[topmost]?.key === this.#seam ? topmost + 1 : topmost;
    const key = rows[before]?.key;
    const top = this.#heights.top(before);
    change();
    const now = this.#heights.rows;
    const after = now[before]?.key === key ? before : now.findIndex((row) => row.key === key);
    if (key !== undefined && after >= 0) this.#lift += this.#heights.top(after) - top;
    this.#pulled = this.#follows;
  }

  #onscroll(): void {
    if (this.#scroller === undefined) return;
    const { scrollTop, clientHeight } = this.#scroller;
    this.#scrollTop = scrollTop;
    // A view that has just grown scrolls before its new size is reported.
    if (clientHeight > 0 && Math.abs(clientHeight - this.#viewport) >= ROUNDING_PX) this.#viewport = clientHeight;
    clearTimeout(this.#stepping);
    // Near the beginning the room above has to be the true one.
    const near = Math.min(this.#scrollTop, this.offset) < this.#viewport;
    if (near && !GLIDES) this.#settle();
    this.#rest();
    this.#look();
    this.#report();
  }

  #report(): void {
    this.#reportedOffset = this.offset;
    this.onScroll();
  }

  #rest(touched = this.#touched): void {
    clearTimeout(this.#resting);
    if (!touched && this.#lift !== 0) this.#resting = setTimeout(() => this.#settle(), REST_MS);
  }

  /** Draws anew when other rows come near the view. */
  #look(): void {
    if (!this.#isComplete()) this.#version += 1;
  }

  #isComplete(): boolean {
    return this.#mounted.isComplete({ top: this.offset, height: this.#viewport });
  }

  #settle(): void {
    if (this.#lift !== 0) this.place(this.#wanted() ?? this.offset);
  }

  #scrollTo(top: number): void {
    if (this.#scroller === undefined || Math.abs(this.#scrollTop - top) < ROUNDING_PX) return;
    this.#scroller.scrollTop = top;
    this.#scrollTop = this.#scroller.scrollTop;
  }

  #letGo(): void {
    clearTimeout(this.#holding);
    this.#goal = undefined;
  }

  #resized(entries: readonly ResizeObserverEntry[]): void {
    const view = entries.find(({ target }) => target === this.#scroller)?.contentRect;
    let moved = view !== undefined;
    this.#change(() => {
      if (view !== undefined) this.#resizedView(view);
      for (const { target, contentRect } of entries) moved = this.#measure(target, contentRect.height) || moved;
    });
    if (!moved) return void (this.#pulled = false);
    this.place();
    this.#look();
    this.#rest();
  }

  #measure(target: Element, height: number): boolean {
    const key = this.#keys.get(target);
    const at = this.#mounted.rows.findIndex((row) => row.key === key);
    // Nothing is as low as that but what is not shown at all.
    return at >= 0 && height > 0 && this.#heights.measure(this.#mounted.indexOf(at), height);
  }

  #resizedView({ width, height }: DOMRectReadOnly): void {
    if (height === 0) return;
    this.#viewport = height;
    this.#heights.setWidth(width, new Set(this.#mounted.rows.map((row) => row.key)));
  }
}

function write(element: HTMLElement, property: 'height' | 'top' | 'position', value: string): void {
  if (element.style[property] !== value) element.style[property] = value;
}

function px(value: number): string {
  return `${String(value)}px`;
}
