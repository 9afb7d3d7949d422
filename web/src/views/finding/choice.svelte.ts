/** Which option of a list the arrow keys chose. The field above the list keeps the focus and the keys. */
import type { Attachment } from 'svelte/attachments';

export class Choice {
  /** The place of the option that Enter picks; −1 is none. */
  at = $state(0);

  /** `count` says how many options there are. */
  constructor(private readonly count: () => number) {}

  /** Moves by an arrow key, around the ends; whether it was one. */
  moved(event: KeyboardEvent): boolean {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const count = this.count();
    if (step === 0 || count === 0) return false;
    this.at = this.at < 0 && step < 0 ? count - 1 : (this.at + step + count) % count;
    return true;
  }

  /** Keeps the option at a place in view when it is the chosen one. */
  seen(place: number): Attachment<HTMLElement> {
    return (option) => {
      if (place === this.at) option.scrollIntoView({ block: 'nearest' });
    };
  }
}
