/** Short alerts, the newest on top. How long one lives is up to the view, which pauses while somebody reads it. */
import type { Flash } from '../wire';

/** More than this at once nobody reads: the oldest goes. */
const MOST_FLASHES = 4;

/** What can be done about what an alert says. */
export interface FlashAction {
  readonly label: string;
  readonly run: () => void;
}

export interface ShownFlash extends Flash {
  readonly id: number;
  readonly action: FlashAction | null;
}

export class Flashes {
  list: readonly ShownFlash[] = $state.raw([]);
  #last = 0;

  show(kind: Flash['kind'], text: string, action: FlashAction | null = null): void {
    this.#last += 1;
    const others = this.list.filter((flash) => flash.text !== text || flash.kind !== kind);
    this.list = [{ id: this.#last, kind, text, action }, ...others].slice(0, MOST_FLASHES);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((flash) => flash.id !== id);
  }
}
