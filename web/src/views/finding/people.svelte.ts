/** Finding people by a few letters of their names, wherever they are. */
import { attempt, type Core } from '../../actions/core';
import { people } from '../../people-api';
import { ranked, type Hit } from '../../text/finding';
import type { User } from '../../wire';

export class PeopleSearch {
  /** Those who were found, oneself among them; `null` before there is an answer. */
  hits: readonly Hit<User>[] | null = $state.raw(null);
  /** Counts the searches, so that a late answer to an earlier one is not shown. */
  #asked = 0;

  constructor(private readonly core: Core) {}

  async look(typed: string): Promise<void> {
    const asked = (this.#asked += 1);
    const answer = await attempt(this.core, () => people(typed.trim()));
    if (asked === this.#asked && answer !== undefined) this.hits = ranked(answer.people, typed);
  }

  forget(): void {
    this.#asked += 1;
    this.hits = null;
  }
}
