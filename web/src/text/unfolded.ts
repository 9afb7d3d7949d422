/** The long messages that the reader opened. They stay open while their rows come and go in the list. */
import { SvelteSet } from 'svelte/reactivity';

const unfolded = new SvelteSet<string>();
/** The oldest go when there are more. */
const MOST = 200;

export function isUnfolded(id: string): boolean {
  return unfolded.has(id);
}

export function unfold(id: string): void {
  unfolded.add(id);
  for (const oldest of unfolded) {
    if (unfolded.size <= MOST) break;
    unfolded.delete(oldest);
  }
}

export function fold(id: string): void {
  unfolded.delete(id);
}
