/** Whoever keeps order in the whole place, straight at the server: roles, and who is deactivated. */
import type { Server } from '../../../e2e/support/server';
import { pause, type Chance } from '../random';
import { signIn, type Person } from './person';

export class Owner {
  private constructor(private readonly person: Person) {}

  static async of(server: Server): Promise<Owner> {
    const person = await signIn(server.origin, 'Hedy keeps order');
    await person.ask('PUT', '/api/me/password', { new: 'correct horse' });
    server.giveRole(person.me.name, 'owner');
    return new Owner(person);
  }

  /** What somebody is called now. */
  async nameOf(id: number): Promise<string> {
    return ((await this.person.ask('GET', `/api/people/${id}`)) as { name: string }).name;
  }

  /** Keeps order among these people for a while. At the end nobody is deactivated. */
  async keepOrder(people: readonly number[], chance: Chance, steps: number): Promise<void> {
    for (let step = 0; step < steps; step += 1) {
      await pause(chance.between(100, 900));
      const id = chance.pick(people);
      if (chance.is(0.7)) {
        const role = chance.pick(['guest', 'member', 'member']);
        await this.person.ask('PUT', `/api/people/${id}/role`, { role });
        continue;
      }
      await this.person.ask('PUT', `/api/people/${id}/deactivated`);
      await pause(chance.between(0, 600));
      await this.person.ask('DELETE', `/api/people/${id}/deactivated`);
    }
  }
}
