/** The thread that stands beside the channel: one at a time is held. */
import type { Kept } from './kept.svelte';
import type { Gap } from './streams.svelte';
import { ThreadRun } from './thread-run.svelte';

export class Threads {
  open: ThreadRun | null = $state.raw(null);
  /** Told when the thread began with a page that is older than what was heard of already. */
  onBehind: (gap: Gap) => void = () => undefined;

  constructor(private readonly kept: Kept) {}

  /** The thread, if it is of this channel. */
  of(channel: number): ThreadRun | undefined {
    return this.open?.channel === channel ? this.open : undefined;
  }

  /** Shows a thread. What is held of another one goes. */
  begin(channel: number, root: number): ThreadRun {
    if (this.open?.channel === channel && this.open.root === root) return this.open;
    const run = new ThreadRun(
      channel,
      root,
      (revision) => this.onBehind({ stream: channel, revision }),
      (number) => this.kept.find(channel, number),
    );
    this.open = run;
    return run;
  }

  end(run: ThreadRun): void {
    if (this.open === run) this.open = null;
  }

  /** Nobody may see the channel any more. */
  drop(channel: number): void {
    if (this.open?.channel === channel) this.open = null;
  }
}
