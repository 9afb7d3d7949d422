/** How a person left the sidebar in this browser: which sections are shut, and how far it is scrolled. */
import type { BrowserStore } from './browser-store';

export type Section = 'channels' | 'direct';

export class Side {
  #shut: readonly string[] = $state.raw([]);
  #top = 0;

  constructor(
    private readonly store: BrowserStore | null,
    /** Whose, on which server. */
    private readonly owner: string,
  ) {
    try {
      const [top = '', ...shut] = (store?.getItem(this.#name) ?? '').split(' ');
      this.#top = Number(top) || 0;
      this.#shut = shut;
    } catch {
      // A browser that forbids its store begins anew.
    }
  }

  isShut(section: Section): boolean {
    return this.#shut.includes(section);
  }

  toggle(section: Section): void {
    this.#shut = this.isShut(section) ? this.#shut.filter((one) => one !== section) : [...this.#shut, section];
    this.#keep();
  }

  /** How far the sidebar is scrolled, in pixels. */
  get top(): number {
    return this.#top;
  }

  set top(pixels: number) {
    this.#top = Math.round(pixels);
    this.#keep();
  }

  get #name(): string {
    return `chinwag.side.${this.owner}`;
  }

  #keep(): void {
    try {
      this.store?.setItem(this.#name, [this.#top, ...this.#shut].join(' '));
    } catch {
      // It lives as long as the page.
    }
  }
}
