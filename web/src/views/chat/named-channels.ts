/**
 * Channels that texts name and that the app has not heard of. The directory is asked about each such word once, one after the
 * other, and what it tells becomes links; guests have no directory.
 */
import type { App } from '../../app';
import { directory } from '../../directory-api';
import { channelsIn } from '../../text/channels';
import type { Message } from '../../wire';

/** So many words are asked about as long as somebody is signed in, and so many of one text. */
export const MOST_WORDS = 100;
const MOST_OF_TEXT = 5;
/** Names that begin alike are told together. */
const MOST_HITS = 20;
const PAUSE_MS = 300;
const WORD = /(?<![\w&#/])#([\p{L}\p{N}][\p{L}\p{N}_-]{0,63})/gu;
const HAN = /^\p{Script=Han}/u;

/** What to ask about a text: the words behind a `#` that begin no name that is known. Han has no spaces, so two signs are asked. */
export function wordsIn(text: string, known: ReadonlySet<string>): string[] {
  if (!text.includes('#')) return [];
  const starts = new Set(channelsIn(text, known).map(({ start }) => start));
  const unknown = [...text.matchAll(WORD)].filter(({ index }) => !starts.has(index)).map(([, word = '']) => word);
  return unknown.slice(0, MOST_OF_TEXT).map((word) => (HAN.test(word) ? [...word].slice(0, 2).join('') : word));
}

const made = new WeakMap<App, NamedChannels>();

/** What asks for an app: one for all pages that are shown one after the other. */
export function namedChannelsOf(app: App): NamedChannels {
  const known = made.get(app) ?? new NamedChannels(app);
  made.set(app, known);
  return known;
}

export class NamedChannels {
  readonly #seen = new WeakSet<Message>();
  #waiting: string[] = [];
  #busy = false;

  constructor(private readonly app: App) {}

  /** Looks through messages that are shown. */
  look(messages: readonly Message[]): void {
    const { channels, session } = this.app.state;
    if (session.isGuest) return;
    for (const message of messages) {
      if (this.#seen.has(message)) continue;
      this.#seen.add(message);
      for (const word of wordsIn(message.text, channels.publicNames)) this.#want(word.toLowerCase());
    }
    void this.#ask();
  }

  #want(word: string): void {
    const { askedAbout } = this.app.state.channels.heard;
    if (askedAbout.has(word) || askedAbout.size >= MOST_WORDS) return;
    askedAbout.add(word);
    this.#waiting.push(word);
  }

  async #ask(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    for (let word = this.#waiting.shift(); word !== undefined; word = this.#waiting.shift()) {
      // What cannot be asked now stays text.
      const told = await directory({ letters: word, limit: MOST_HITS }).catch(() => null);
      const { channels } = this.app.state;
      // Those that are here are followed there.
      const others = (told?.channels ?? []).filter(({ id }) => channels.find(id) === undefined);
      if (others.length > 0) channels.heard.noteNames(others);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    this.#busy = false;
  }
}
