// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from 'vitest';
import type { Row } from './rows';
import { VirtualList } from './virtual-list.svelte';

const VIEW_PX = 1000;
const ROW_PX = 50;

/** The browser's part: lays nothing out, tells sizes when it is told to. */
class Sizes {
  static tell: (sizes: readonly (readonly [Element, number])[]) => void;
  constructor(told: (entries: readonly unknown[]) => void) {
    Sizes.tell = (sizes) => told(sizes.map(([target, height]) => ({ target, contentRect: { width: 800, height } })));
  }
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

beforeEach(() => {
  vi.stubGlobal('ResizeObserver', Sizes);
  return () => vi.unstubAllGlobals();
});

function rows(from: number, to: number): Row[] {
  return Array.from({ length: to - from + 1 }, (_, index) => {
    const key = String(from + index);
    return { key, text: key, state: 'sent', newSince: null, attachments: [], files: [] } as unknown as Row;
  });
}

/** A list in elements, whose rows are all of one height unless they are said to be of another. */
class Stage {
  readonly told = vi.fn();
  readonly list = new VirtualList(this.told);
  readonly scroller = document.createElement('div');
  readonly box = document.createElement('div');
  readonly block = document.createElement('div');
  mounted: readonly Row[] = [];
  follows = true;
  kept: string | null = null;
  readonly #high = new Map<string, number>();
  #rows: readonly Row[] = [];

  constructor() {
    this.list.begin(this.scroller, this.box, this.block);
    Sizes.tell([[this.scroller, VIEW_PX]]);
  }

  /** Shows rows and lets the browser measure what is mounted, until nothing moves any more. */
  show(shown: readonly Row[] = this.#rows): void {
    this.#rows = shown;
    for (let before: readonly Row[] | undefined; before !== this.mounted;) {
      before = this.mounted;
      this.draw();
    }
  }

  /** What happens in one frame. */
  draw(): void {
    this.mounted = this.list.mounted(this.#rows, this.follows, this.kept);
    this.block.replaceChildren(...this.mounted.map(() => document.createElement('div')));
    this.list.place();
    const elements = [...this.block.children];
    this.mounted.forEach((row, at) => elements[at] && this.list.measured(row.key)(elements[at]));
    Sizes.tell(this.mounted.flatMap((row, at) => (elements[at] ? [[elements[at], this.heightOf(row)]] : [])));
  }

  heightOf(row: Row): number {
    return this.#high.get(row.key) ?? ROW_PX;
  }

  high(key: string, px: number): void {
    this.#high.set(key, px);
  }

  scroll(top: number): void {
    this.scroller.scrollTop = top;
    this.scroller.dispatchEvent(new Event('scroll'));
    this.show();
  }

  /** How far below the top of the view a row is seen. */
  seenAt(key: string): number {
    const blockTop = Number.parseFloat(this.block.style.top);
    const near = this.mounted.filter((_, at) => !this.isAway(at));
    const at = near.findIndex((row) => row.key === key);
    if (at < 0) return Number.NaN;
    const above = near.slice(0, at).reduce((sum, row) => sum + this.heightOf(row), 0);
    return blockTop + above - this.scroller.scrollTop;
  }

  isAway(at: number): boolean {
    return (this.block.children[at] as HTMLElement).style.position === 'absolute';
  }

  get numbers(): readonly number[] {
    return this.mounted.map((row) => Number(row.key));
  }
}

test('only what is near the view is mounted, and who follows sees the end', () => {
  const stage = new Stage();
  stage.show(rows(1, 500));
  expect(stage.scroller.scrollTop).toBe(500 * ROW_PX - VIEW_PX);
  expect(stage.numbers.at(-1)).toBe(500);
  expect(stage.numbers.length).toBeLessThan(50);
  stage.high('501', 300);
  stage.show(rows(1, 501));
  expect(stage.scroller.scrollTop).toBe(500 * ROW_PX + 300 - VIEW_PX);
  expect(stage.seenAt('501')).toBe(VIEW_PX - 300);
});

test('a view that grows at the end is at the end before its new size is reported', () => {
  const stage = new Stage();
  stage.show(rows(1, 500));
  Object.defineProperty(stage.scroller, 'clientHeight', { value: VIEW_PX + 56 });
  stage.told.mockImplementation(() => expect(stage.list.size - stage.list.offset - stage.list.viewport).toBe(0));
  stage.scroll(500 * ROW_PX - VIEW_PX - 56);
  expect(stage.told).toHaveBeenCalled();
});

test('what comes right after the reader went to the end is the end', () => {
  const stage = new Stage();
  stage.show(rows(1, 500));
  stage.list.scrollTo(499, { align: 'end' });
  stage.show(rows(1, 502));
  expect(stage.seenAt('502')).toBe(VIEW_PX - ROW_PX);
});

test('a row that loses its day to older ones does not draw up what is below', () => {
  const stage = new Stage();
  stage.high('100', 112);
  stage.show(rows(100, 300));
  stage.follows = false;
  stage.scroll(40);
  const before = stage.seenAt('103');
  stage.high('100', ROW_PX);
  stage.show(rows(1, 300));
  expect(stage.seenAt('103')).toBe(before);
});

test('who reads further up is not moved by what comes below', () => {
  const stage = new Stage();
  stage.show(rows(1, 500));
  stage.follows = false;
  stage.scroll(10_010);
  const before = stage.seenAt('205');
  stage.show(rows(1, 510));
  expect(stage.seenAt('205')).toBe(before);
  expect(stage.scroller.scrollTop).toBe(10_010);
});

test('rows above that come, go and turn out higher than guessed leave the view where it is', () => {
  vi.useFakeTimers();
  const stage = new Stage();
  stage.show(rows(1000, 1500));
  stage.follows = false;
  stage.scroll(4_010);
  const before = stage.seenAt('1085');
  expect(before).not.toBeNaN();
  for (let key = 1060; key < 1080; key += 1) stage.high(String(key), 200);
  // Older rows come and the newest are given up, all at once.
  stage.show(rows(900, 1400));
  expect(stage.seenAt('1085')).toBe(before);
  stage.scroll(stage.scroller.scrollTop - 300);
  expect(stage.seenAt('1085')).toBe(before + 300);
  // While scrolling goes on its place is left alone; when it rests, the room above is the true one.
  vi.advanceTimersByTime(1_000);
  stage.show();
  expect(stage.seenAt('1085')).toBe(before + 300);
  expect(stage.scroller.scrollTop).toBe(stage.list.offset);
  expect(Number.parseFloat(stage.box.style.height)).toBe(stage.list.size);
  vi.useRealTimers();
});

test('near the beginning the room above is the true one at once', () => {
  const stage = new Stage();
  stage.show(rows(100, 300));
  stage.follows = false;
  stage.scroll(200);
  const before = stage.seenAt('110');
  stage.show(rows(1, 300));
  const offsets: number[] = [];
  stage.told.mockImplementation(() => offsets.push(stage.list.offset));
  stage.scroll(stage.scroller.scrollTop);
  expect(stage.scroller.scrollTop).toBe(200 + 99 * ROW_PX);
  // Nobody is told of a place in between.
  expect(new Set(offsets)).toEqual(new Set([200 + 99 * ROW_PX]));
  expect(stage.seenAt('110')).toBe(before);
});

test.each([
  ['start', 0],
  ['center', (VIEW_PX - ROW_PX) / 2],
  ['end', VIEW_PX - ROW_PX],
] as const)('a row can be brought to the %s of the view, though nothing there was measured', (align, at) => {
  const stage = new Stage();
  for (let key = 1; key < 400; key += 3) stage.high(String(key), 120);
  stage.show(rows(1, 500));
  stage.follows = false;
  stage.list.scrollTo(199, { align });
  stage.show();
  expect(stage.seenAt('200')).toBe(at);
});

test('a row in view does not move for being looked for', () => {
  const stage = new Stage();
  stage.show(rows(1, 500));
  const before = stage.scroller.scrollTop;
  stage.list.scrollTo(490, { align: 'nearest' });
  stage.show();
  expect(stage.scroller.scrollTop).toBe(before);
});

test('rows further away are made a few at a time, those in view at once', () => {
  vi.useFakeTimers();
  const stage = new Stage();
  stage.show(rows(1, 500));
  stage.follows = false;
  stage.scroll(10_000);
  const [first = 0] = stage.numbers;
  stage.scroller.scrollTop = 9_500;
  stage.scroller.dispatchEvent(new Event('scroll'));
  stage.draw();
  expect(stage.numbers[0]).toBe(first - 6);
  stage.scroller.scrollTop = 8_500;
  stage.scroller.dispatchEvent(new Event('scroll'));
  stage.draw();
  expect(stage.numbers[0]).toBe(8_500 / ROW_PX + 1);
  // The rest comes though nobody scrolls on.
  for (let steps = 0; steps < 3; steps += 1) {
    const [before = 0] = stage.numbers;
    vi.advanceTimersByTime(50);
    stage.draw();
    expect(stage.numbers[0]).toBe(Math.max(before - 6, (8_500 - 600) / ROW_PX + 1));
  }
  vi.useRealTimers();
});

test('the one stop of the keyboard stays mounted', () => {
  const stage = new Stage();
  stage.kept = '3';
  stage.show(rows(1, 500));
  expect(stage.numbers.slice(0, 2)).toEqual([3, stage.numbers[1]]);
  expect([stage.isAway(0), stage.isAway(1)]).toEqual([true, false]);
  const away = stage.block.children[0] as HTMLElement;
  expect(Number.parseFloat(away.style.top) + Number.parseFloat(stage.block.style.top)).toBe(2 * ROW_PX);
  stage.follows = false;
  stage.scroll(0);
  expect(stage.numbers.slice(0, 3)).toEqual([1, 2, 3]);
  expect(stage.mounted.some((_, at) => stage.isAway(at))).toBe(false);
});

test('whoever turns the wheel is not brought back', () => {
  const stage = new Stage();
  stage.show(rows(1, 500));
  stage.follows = false;
  stage.list.scrollTo(100, { align: 'start' });
  stage.scroller.dispatchEvent(new Event('wheel'));
  stage.scroll(9_000);
  stage.high('195', 80);
  stage.show();
  expect(stage.list.offset).toBe(9_000);
});
