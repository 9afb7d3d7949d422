/** Short alerts, the newest on top. How long one lives is up to the view, which pauses while somebody reads it. */
import type { Flash } from '../wire';

/** More than this at once nobody reads: the oldest goes. */
const MOST_FLASHES = 4;

export interface ShownFlash extends Flash {
  readonly id: number;
}

export class Flashes {
  list: readonly ShownFlash[] = $state.raw([]);
  #last = 0;

  show(kind: Flash['kind'], text: string): void {
    this.#last += 1;
    const others = this.list.filter((flash) => flash.text !== text || flash.kind !== kind);
    this.list = [{ id: this.#last, kind, text }, ...others].slice(0, MOST_FLASHES);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((flash) => flash.id !== id);
  }
}
