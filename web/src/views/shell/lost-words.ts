/** What somebody wrote and did not send for places that they may not know of any more. */
import type { AppState } from '../../state';
import type { Draft } from '../../state/drafts.svelte';
import type { Unsent } from '../../state/outbox.svelte';

/** The ids of private places begin here; public channels go on counting. All private places that one is in are known. */
const FIRST_PRIVATE = 2 ** 32;

export interface LostWords {
  readonly id: string;
  /** What the place was called; empty if that is not known. */
  readonly place: string;
  readonly text: string;
  readonly files: number;
  /** Where it is: a message that is not sent, or a draft. */
  readonly kept: { readonly unsent: Unsent } | { readonly draft: Draft };
}

/** Messages first, as they were written before the draft. */
export function lostWords(state: AppState): readonly LostWords[] {
  const { channels, drafts, outbox, view } = state;
  const isLost = (id: number): boolean =>
    channels.find(id) === undefined && (id >= FIRST_PRIVATE || view.lost.some(({ channel }) => channel === id));
  const place = (id: number): string => view.lost.findLast(({ channel }) => channel === id)?.name ?? '';
  const messages = outbox.list
    .filter(({ channel }) => isLost(channel))
    .map((unsent) => {
      const { key, channel, text, files } = unsent;
      return { id: key, place: place(channel), text, files: files.length, kept: { unsent } };
    });
  const begun = drafts.places
    .map((at) => drafts.of(at))
    .filter(({ channel }) => isLost(channel))
    .map((draft) => {
      const { channel, text, files } = draft;
      return { id: String(draft.place), place: place(channel), text, files: files.length, kept: { draft } };
    });
  return [...messages, ...begun];
}
