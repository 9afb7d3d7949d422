/**
 * What a story needs of a browser, in the least words that all three engines have. `chromium.ts`, `firefox.ts` and
 * `webkit.ts` do it; `page.ts` finds and waits on top of it.
 */

/** The engines that run the stories. */
export type EngineName = 'chromium' | 'firefox' | 'webkit';

export const ENGINES: readonly EngineName[] = ['chromium', 'firefox', 'webkit'];

/** The size of a window's contents in CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** One tab. Nothing here waits for the page, except for its loading. */
export interface Tab {
  /** Goes to an address and waits until the page has loaded. */
  goto(address: string): Promise<void>;
  /** Loads the page again and waits until it has loaded. */
  reload(): Promise<void>;
  /** Evaluates an expression in the page, for its effect. */
  load(script: string): Promise<void>;
  /** Calls a function in the page. Arguments and result travel as JSON; a promise is awaited. */
  run<A extends readonly unknown[], R>(work: (...args: A) => R | Promise<R>, ...args: A): Promise<R>;
  /** Moves the pointer to a place in the view. */
  hover(x: number, y: number): Promise<void>;
  /** Clicks at a place in the view. */
  click(x: number, y: number): Promise<void>;
  /** Turns the wheel over a place in the view, by so many CSS pixels; negative is up. */
  wheel(x: number, y: number, by: number): Promise<void>;
  /** Types a text, key by key. */
  type(text: string): Promise<void>;
  /** Presses a key, such as `Enter`, or several, such as `Shift+Enter`. */
  press(keys: string): Promise<void>;
  /** Gives files to the field that a CSS selector names. */
  choose(selector: string, paths: readonly string[]): Promise<void>;
  /** Makes the window's contents this large. */
  resize(size: Size): Promise<void>;
  /** The view, as a PNG. */
  screenshot(): Promise<Buffer>;
  /** Closes the tab, as its user would. */
  close(): Promise<void>;
}

/** A browser of somebody's own: its tabs share cookies and storage with each other and with nobody else. */
export interface Browser {
  /** Opens a further tab and shows it. */
  tab(): Promise<Tab>;
  /** Ends it; what it stored goes with it. */
  close(): Promise<void>;
}

/** An engine that is installed here. */
export interface Engine {
  /** A browser that has stored nothing yet. */
  browser(): Promise<Browser>;
  /** Ends whatever runs for it. */
  close(): Promise<void>;
}

/** The window in which a story begins. */
export const WINDOW: Size = { width: 1440, height: 860 };
