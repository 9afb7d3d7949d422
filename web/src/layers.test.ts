import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Layers } from './layers';

/** A browser's history, whose steps are done a moment later. */
class Browser {
  entries: { state: unknown; address: string }[] = [{ state: null, address: '/a' }];
  at = 0;
  moved = 0;
  readonly layers = new Layers(
    {
      history: {
        state: null,
        pushState: (state, _title, address) => {
          const next = { state: state as unknown, address: String(address ?? this.address) };
          this.entries = [...this.entries.slice(0, this.at + 1), next];
          this.at += 1;
        },
        replaceState: (state, _title, address) => {
          this.entries[this.at] = { state: state as unknown, address: String(address ?? this.address) };
        },
        go: (by) => void setTimeout(() => this.step(by ?? 0), 5),
      },
      addEventListener: (_name, heard) => (this.#heard = heard),
    },
    () => (this.moved += 1),
  );
  #heard: (event: { state: unknown }) => void = () => undefined;

  constructor() {
    this.layers.listen();
  }

  get address(): string {
    return this.entries[this.at]?.address ?? '';
  }

  step(by: number): void {
    this.at += by;
    this.#heard({ state: this.entries[this.at]?.state });
  }

  /** Opens a layer that closes when it is told to. */
  open(): { closes: number; closed: () => void } {
    const layer = { closes: 0, closed: (): void => undefined };
    layer.closed = this.layers.opened(() => {
      layer.closes += 1;
      layer.closed();
    });
    return layer;
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const settle = (): void => void vi.advanceTimersByTime(50);

describe('layers', () => {
  it('are closed by Back, the topmost first, and then the page is left', () => {
    const browser = new Browser();
    const drawer = browser.open();
    settle();
    const menu = browser.open();
    settle();
    expect(browser.entries).toHaveLength(3);
    browser.step(-1);
    settle();
    expect([drawer.closes, menu.closes]).toEqual([0, 1]);
    browser.step(-1);
    settle();
    expect([drawer.closes, menu.closes, browser.at]).toEqual([1, 1, 0]);
  });

  it('that are closed otherwise leave no step behind', () => {
    const browser = new Browser();
    const dialog = browser.open();
    settle();
    dialog.closed();
    settle();
    expect(browser.at).toBe(0);
    expect(dialog.closes).toBe(0);
    expect(browser.moved).toBe(0);
  });

  it('take over from each other', () => {
    const browser = new Browser();
    const sheet = browser.open();
    settle();
    sheet.closed();
    const dialog = browser.open();
    settle();
    expect([browser.at, browser.entries.length]).toEqual([1, 2]);
    browser.step(-1);
    expect([sheet.closes, dialog.closes]).toEqual([0, 1]);
  });

  it('opened while a step back is under way are there after it', () => {
    const browser = new Browser();
    browser.open().closed();
    const first = browser.open();
    settle();
    first.closed();
    vi.advanceTimersByTime(1);
    const second = browser.open();
    settle();
    expect([second.closes, browser.at]).toEqual([0, 1]);
    browser.step(-1);
    expect(second.closes).toBe(1);
  });

  it('give their step to the place that is gone to from them', () => {
    const browser = new Browser();
    const drawer = browser.open();
    settle();
    const menu = browser.open();
    settle();
    browser.layers.leave('/b');
    settle();
    expect([drawer.closes, menu.closes]).toEqual([1, 1]);
    expect([browser.address, browser.at]).toEqual(['/b', 1]);
    browser.step(-1);
    settle();
    expect([browser.address, browser.at, browser.moved]).toEqual(['/a', 0, 1]);
  });

  it('that Forward comes back to are stepped out of', () => {
    const browser = new Browser();
    browser.open();
    settle();
    browser.step(-1);
    settle();
    browser.step(1);
    settle();
    expect(browser.at).toBe(0);
  });

  it('leave the page at the address that it got meanwhile', () => {
    const browser = new Browser();
    const layer = browser.open();
    settle();
    browser.layers.readdress('/b');
    layer.closed();
    settle();
    expect([browser.at, browser.address, browser.moved]).toEqual([0, '/b', 0]);
    // By Back too.
    browser.open();
    settle();
    browser.layers.readdress('/c');
    browser.step(-1);
    settle();
    expect([browser.at, browser.address]).toEqual([0, '/c']);
  });
});
