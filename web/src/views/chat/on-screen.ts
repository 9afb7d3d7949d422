/**
 * Which unread messages are on screen, as the browser says it after it laid them out. What is in view of a window that
 * nobody looks at is told when somebody does.
 */
import type { Channel } from '../../wire';
import type { Row } from './rows';

/** A row counts from half of it on; a high one when it fills a quarter of the view. */
const ROW_SHARE = 0.5;
const VIEW_SHARE = 0.25;
/** The browser tells at these shares of a row: fine enough also for rows of a thousand views. */
const SHARES = [0, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, ROW_SHARE];

export class OnScreen {
  #observer: IntersectionObserver | undefined;
  /** The elements that are watched, also before it begins: what is in a box is there before the box. */
  readonly #numbers = new Map<Element, number>();
  readonly #inView = new Set<number>();
  #looking = false;

  /** `seen` gets the numbers of messages, possibly the same one again. */
  constructor(private readonly seen: (numbers: readonly number[]) => void) {}

  /** Begins in the element that scrolls. Returns how to end. */
  readonly begin = (scroller: Element): (() => void) => {
    const seen = (entries: readonly IntersectionObserverEntry[]): void => this.#looked(entries);
    this.#observer = new IntersectionObserver(seen, { root: scroller, threshold: SHARES });
    for (const element of this.#numbers.keys()) this.#observer.observe(element);
    return () => {
      this.#observer?.disconnect();
      this.#inView.clear();
    };
  };

  /** For the element of an unread message. */
  readonly watched =
    (number: number) =>
    (element: Element): (() => void) => {
      this.#numbers.set(element, number);
      this.#observer?.observe(element);
      return () => {
        this.#observer?.unobserve(element);
        this.#numbers.delete(element);
        this.#inView.delete(number);
      };
    };

  /** For a row, if it is an unread message by somebody else. */
  watch({ number, state, own }: Row, channel: Channel): ReturnType<OnScreen['watched']> | undefined {
    const counts = number !== null && state === 'sent' && !own && channel.member && number > channel.read_number;
    return counts ? this.watched(number) : undefined;
  }

  /** Whether somebody looks at the window. */
  look(looking: boolean): void {
    this.#looking = looking;
    this.#tell();
  }

  #looked(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, boundingClientRect, intersectionRect, rootBounds, isIntersecting } of entries) {
      const number = this.#numbers.get(target);
      if (number === undefined) continue;
      const enough = Math.min(ROW_SHARE * boundingClientRect.height, VIEW_SHARE * (rootBounds?.height ?? 0));
      if (isIntersecting && enough > 0 && intersectionRect.height >= enough) this.#inView.add(number);
      else this.#inView.delete(number);
    }
    this.#tell();
  }

  #tell(): void {
    if (this.#looking && this.#inView.size > 0) this.seen([...this.#inView]);
  }
}
