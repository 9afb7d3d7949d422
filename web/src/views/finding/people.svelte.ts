/** Finding people by a few letters of their names, wherever they are. */
import { attempt, type Core } from '../../actions/core';
import { people } from '../../people-api';
import { find, ranked, type Hit } from '../../text/finding';
import type { User } from '../../wire';

export class PeopleSearch {
  /** Those who were found, oneself among them; `null` as long as nothing is known. */
  hits: readonly Hit<User>[] | null = $state.raw(null);
  /** Counts the searches, so that a late answer to an earlier one is not shown. */
  #asked = 0;

  constructor(private readonly core: Core) {}

  async look(typed: string): Promise<void> {
    const asked = (this.#asked += 1);
    // Until there is an answer, those whom these letters find too stay. Where they find nobody, it is not known that nobody is found.
    const still = find(this.hits?.map(({ item }) => item) ?? [], typed);
    this.hits = still.length > 0 ? still : null;
    const answer = await attempt(this.core, () => people(typed.trim()));
    if (asked === this.#asked && answer !== undefined) this.hits = ranked(answer.people, typed);
  }

  forget(): void {
    this.#asked += 1;
    this.hits = null;
  }
}
