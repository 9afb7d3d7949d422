/**
 * A tab as a story sees it: it finds things by role and name, acts on them as soon as that is possible, and waits for
 * what it expects. Everything waits for a condition, with one deadline.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import { LATE_MS } from '../support/deadline';
import type { Size, Tab } from './driver';
import { complaintsOf, listenForTrouble, lookAt, wanted, type Look, type Target } from './finder';

/** Between two looks. */
const POLL_MS = 40;

const LIBRARY = readFileSync(
  createRequire(import.meta.url).resolve('@testing-library/dom/dist/@testing-library/dom.umd.min.js'),
  'utf8',
);

export class Page {
  private readonly troubles: string[] = [];

  constructor(
    private readonly tab: Tab,
    private readonly origin: string,
  ) {}

  /** Opens an address of the site. */
  async open(path: string): Promise<void> {
    await this.noteTroubles();
    await this.tab.goto(`${this.origin}${path}`);
  }

  async reload(): Promise<void> {
    await this.noteTroubles();
    await this.tab.reload();
  }

  /** Looks once, as soon as there is a page to look at. */
  async glance(target: Target): Promise<Look> {
    return this.until(target, 'at all', () => true);
  }

  /** Waits until something is shown. */
  async see(target: Target): Promise<Look> {
    return this.until(target, 'to be shown', ({ count }) => count > 0);
  }

  /** Waits until something is shown no more. */
  async gone(target: Target): Promise<void> {
    await this.until(target, 'to be gone', ({ count }) => count === 0);
  }

  /** Waits until what one look finds is as it should be; `what` says in words how that is. */
  async until(target: Target, what: string, fits: (look: Look) => boolean): Promise<Look> {
    return this.attempt(target, what, false, fits);
  }

  /** Clicks something as soon as a click meets it. */
  async click(target: Target): Promise<void> {
    const [x, y] = await this.aim(target);
    await this.tab.click(x, y);
  }

  /** Points at something. */
  async hover(target: Target): Promise<void> {
    const [x, y] = await this.aim(target);
    await this.tab.hover(x, y);
  }

  /** Turns the wheel over something, by so many CSS pixels; negative is up. */
  async wheel(target: Target, by: number): Promise<void> {
    const { middle } = await this.see(target);
    await this.tab.wheel(...middle, by);
  }

  /** Clicks into a field and types. */
  async write(target: Target, text: string): Promise<void> {
    await this.click(target);
    await this.until(target, 'to have the focus', ({ focused }) => focused);
    await this.tab.type(text);
    await this.until(target, `to hold ${JSON.stringify(text)}`, ({ value }) => value.endsWith(text));
  }

  /** Types into whatever has the focus. */
  type(text: string): Promise<void> {
    return this.tab.type(text);
  }

  /** Presses a key, or several at once: `Shift+Enter`. */
  press(keys: string): Promise<void> {
    return this.tab.press(keys);
  }

  /** Gives files to a field that a CSS selector names. */
  choose(selector: string, paths: readonly string[]): Promise<void> {
    return this.tab.choose(selector, paths);
  }

  resize(size: Size): Promise<void> {
    return this.tab.resize(size);
  }

  run<A extends readonly unknown[], R>(work: (...args: A) => R | Promise<R>, ...args: A): Promise<R> {
    return this.tab.run(work, ...args);
  }

  /** Waits until the page stands at an address of the site. */
  async at(path: RegExp): Promise<void> {
    await this.poll(
      () => this.tab.run(() => location.pathname),
      (where) => path.test(where),
      (where) => `The page stands at ${where ?? 'no address'}, not at ${String(path)}.`,
    );
  }

  screenshot(): Promise<Buffer> {
    return this.tab.screenshot();
  }

  close(): Promise<void> {
    return this.tab.close();
  }

  /** What went wrong in the page: exceptions that nobody caught, and what its policy refused. */
  async complaints(): Promise<readonly string[]> {
    await this.noteTroubles();
    return this.troubles;
  }

  private async noteTroubles(): Promise<void> {
    // A tab that was closed, or shows a page that did not load, has nothing to tell.
    this.troubles.push(...(await this.tab.run(complaintsOf).catch(() => [])));
  }

  /** Brings something into view and waits until it rests there and a click meets it. Answers where. */
  private async aim(target: Target): Promise<readonly [number, number]> {
    let before: readonly [number, number] = [-1, -1];
    const { middle } = await this.attempt(target, 'to be reached by a click', true, ({ count, onTop, middle }) => {
      const rests = Math.abs(middle[0] - before[0]) < 1 && Math.abs(middle[1] - before[1]) < 1;
      before = middle;
      return count > 0 && onTop && rests;
    });
    return middle;
  }

  private async attempt(target: Target, what: string, reach: boolean, fits: (look: Look) => boolean): Promise<Look> {
    return this.poll(
      () => this.look(target, reach),
      fits,
      (last) => `${describe(target)} was not seen ${what}; last: ${JSON.stringify(last)}`,
    );
  }

  private async poll<T>(
    look: () => Promise<T>,
    fits: (seen: T) => boolean,
    complain: (last?: T) => string,
  ): Promise<T> {
    const deadline = Date.now() + LATE_MS;
    let last: T | undefined;
    let trouble: unknown;
    for (;;) {
      try {
        last = await look();
        if (fits(last)) return last;
      } catch (error) {
        // Between two pages there is nothing to ask.
        trouble = error;
      }
      if (Date.now() > deadline) throw new Error(complain(last), { cause: trouble });
      await pause(POLL_MS);
    }
  }

  private async look(target: Target, reach: boolean): Promise<Look> {
    const look = await this.tab.run(lookAt, wanted(target), reach);
    if (look !== undefined && look !== null) return look;
    await this.tab.load(LIBRARY);
    await this.tab.run(listenForTrouble);
    throw new Error('The page has only just begun.');
  }
}

function describe({ role, name, css, has, inside }: Target): string {
  const parts = [
    role ?? css ?? 'anything',
    name === undefined ? '' : String(name),
    has === undefined ? '' : `with "${has}"`,
  ];
  const self = parts.filter((part) => part !== '').join(' ');
  return inside === undefined ? self : `${self} in ${describe(inside)}`;
}
