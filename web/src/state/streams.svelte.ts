/**
 * Which installation the state is of, and up to where two of its streams are in it: the person's own (memberships, read
 * marks, settings, last channel) and the place's (people, the directory of channels). Each channel keeps its own revision.
 */
import type { State } from '../wire';

/** A stream: a channel's by its id, or one of the two others. */
export type Stream = number | 'own' | 'place';

/** A stream is behind: it has been heard that it stands at this revision. */
export interface Gap {
  readonly stream: Stream;
  readonly revision: number;
}

/** What became of an event. */
export type Outcome = 'applied' | 'known' | 'gap';

/** What an event that covers the revisions after `since` up to `revision` is to somebody who has `known`. */
export function follows(known: number, { since, revision }: { since: number; revision: number }): Outcome {
  if (revision <= known) return 'known';
  return since > known ? 'gap' : 'applied';
}

export class Streams {
  instance = '';
  epoch = '';
  own = $state(0);
  place = 0;

  /** A fresh state: everything in it is as of these. */
  begin({ instance, epoch, own, place }: Pick<State, 'instance' | 'epoch' | 'own' | 'place'>): void {
    this.instance = instance;
    this.epoch = epoch;
    this.own = own;
    this.place = place;
  }

  /** Whether the server's data is another than what the state is of. */
  isOther({ instance, epoch }: { instance: string; epoch: string }): boolean {
    return instance !== this.instance || epoch !== this.epoch;
  }

  /** Everything up to here is in the state. */
  advanceTo(stream: 'own' | 'place', revision: number): void {
    this[stream] = Math.max(this[stream], revision);
  }
}
