/** What those who run a channel can do. It is loaded with the pane that it serves. */
import * as hosting from '../hosting-api';
import type { ChannelPatch, User } from '../wire';
import { attempt, explain, patiently, type Core } from './core';

export class HostActions {
  constructor(private readonly core: Core) {}

  /** Changes a channel. Returns why it did not work, or null. */
  async change(id: number, patch: ChannelPatch): Promise<string | null> {
    try {
      const info = await patiently(this.core, () => hosting.changeChannel(id, patch));
      // Where nothing changed, the newest revision is somebody else's change: the rows are reached by events alone.
      this.core.state.channels.applyDirectoryEntry(info);
      return null;
    } catch (error) {
      return explain(this.core, error);
    }
  }

  /** The same, where nothing stands beside which the reason could be shown. */
  async set(id: number, patch: ChannelPatch): Promise<boolean> {
    const problem = await this.change(id, patch);
    if (problem !== null) this.core.state.flashes.show('bad', problem);
    return problem === null;
  }

  /** Clears a channel up to the newest message that was seen. Returns why it did not work, or null. */
  async clear(id: number, through: number): Promise<string | null> {
    try {
      const info = await patiently(this.core, () => hosting.clearChannel(id, through));
      this.core.state.windows.find(id)?.raise(info.floor);
      this.core.state.channels.applyDirectoryEntry(info);
      return null;
    } catch (error) {
      return explain(this.core, error);
    }
  }

  /** Deletes a channel. Returns why it did not work, or null. */
  async delete(id: number): Promise<string | null> {
    try {
      await patiently(this.core, () => hosting.deleteChannel(id));
      return null;
    } catch (error) {
      return explain(this.core, error);
    }
  }

  /** Puts people into a channel. Returns why it did not work, or null. */
  async add(id: number, people: readonly User[]): Promise<string | null> {
    try {
      const ids = people.map((person) => person.id);
      await patiently(this.core, () => hosting.addPeople(id, ids));
      return null;
    } catch (error) {
      return explain(this.core, error);
    }
  }

  takeOut(id: number, user: number): Promise<boolean> {
    return this.#done(() => hosting.takeOut(id, user));
  }

  keepOut(id: number, user: number): Promise<boolean> {
    return this.#done(() => hosting.keepOut(id, user));
  }

  letBackIn(id: number, user: number): Promise<boolean> {
    return this.#done(() => hosting.letBackIn(id, user));
  }

  setHost(id: number, user: number, host: boolean): Promise<boolean> {
    return this.#done(() => hosting.setHost(id, user, host));
  }

  /** Mutes a member for so many minutes, `null` for good; 0 ends it. */
  mute(id: number, user: number, minutes: number | null): Promise<boolean> {
    return this.#done(() => (minutes === 0 ? hosting.unmute(id, user) : hosting.mute(id, user, minutes)));
  }

  async keptOut(id: number): Promise<readonly User[]> {
    return (await attempt(this.core, () => hosting.keptOut(id)))?.people ?? [];
  }

  async #done(work: () => Promise<void>): Promise<boolean> {
    const done = await attempt(this.core, async () => {
      await work();
      return true;
    });
    return done === true;
  }
}
