/** What a browser remembers of how somebody picks emoji: the newest that they picked, and their skin tone. */
import type { BrowserStore } from '../state/browser-store';
import { TONES, type Tone } from './tones';

/** Three rows of the picker. */
export const MOST_RECENT = 27;

export class RememberedEmoji {
  constructor(
    private readonly store: BrowserStore | null,
    /** Whose they are, on which server. */
    private readonly owner: string,
  ) {}

  /** Without their tones, the newest first. */
  get recent(): readonly string[] {
    return this.#read('recent').split(' ').filter(Boolean).slice(0, MOST_RECENT);
  }

  picked(char: string): void {
    const recent = [char, ...this.recent.filter((other) => other !== char)].slice(0, MOST_RECENT);
    this.#write('recent', recent.join(' '));
  }

  get tone(): Tone {
    return TONES.find((tone) => String(tone) === this.#read('tone')) ?? 0;
  }

  set tone(tone: Tone) {
    this.#write('tone', String(tone));
  }

  #read(what: string): string {
    try {
      return this.store?.getItem(this.#name(what)) ?? '';
    } catch {
      return '';
    }
  }

  #write(what: string, value: string): void {
    try {
      this.store?.setItem(this.#name(what), value);
    } catch {
      // A full or forbidden store: nothing is remembered.
    }
  }

  #name(what: string): string {
    return `chinwag.emoji.${this.owner}.${what}`;
  }
}
