/** The runs of messages that are kept, one per channel that was opened; the least recently shown go first. */
import type { Kept } from './kept.svelte';
import { MessageRun } from './messages.svelte';
import type { Gap } from './streams.svelte';

/** How many channels keep their messages. */
export const MOST_CHANNELS = 20;

export class Windows {
  /** Told when a run began with a page that is older than what was heard of already. */
  onBehind: (gap: Gap) => void = () => undefined;
  /** In the order of use, the latest last. */
  readonly #runs = new Map<number, MessageRun>();

  constructor(private readonly kept: Kept) {}

  /** The run of a channel that was opened before, if it is still kept. */
  find(channel: number): MessageRun | undefined {
    return this.#runs.get(channel);
  }

  /** The run of a channel that is opened now. */
  open(channel: number): MessageRun {
    const run = this.#runs.get(channel) ?? this.#begin(channel);
    this.#runs.delete(channel);
    this.#runs.set(channel, run);
    for (const oldest of this.#runs.keys()) {
      if (this.#runs.size <= MOST_CHANNELS) break;
      this.#runs.delete(oldest);
    }
    return run;
  }

  #begin(channel: number): MessageRun {
    return new MessageRun(
      channel,
      (revision) => this.onBehind({ stream: channel, revision }),
      (number) => this.kept.find(channel, number),
    );
  }

  all(): Iterable<MessageRun> {
    return this.#runs.values();
  }

  drop(channel: number): void {
    this.#runs.delete(channel);
  }

  clear(): void {
    this.#runs.clear();
  }
}
