/**
 * The door of a channel as its hosts see it. The bar and the pane show the same one. The maker of an invite and
 * moderators are told when somebody comes to the door; other hosts are not, so it is asked for again while somebody may be
 * waiting there.
 */
import * as actions from '../../actions/guests';
import type { Core } from '../../actions/core';
import * as place from '../../actions/place';
import type { ChannelDoor, Invite, Waiting } from '../../wire';

/** How often the door is asked for while an invite waits for approval. */
const EVERY_MS = 4000;

export class Door {
  #shown: ChannelDoor | undefined = $state.raw();
  #asked = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(
    private readonly core: Core,
    readonly channel: number,
  ) {}

  belongsTo(core: Core): boolean {
    return this.core === core;
  }

  get guests(): number {
    return this.#shown?.guests ?? 0;
  }

  /** `undefined` as long as nothing is known. */
  get invites(): readonly Invite[] | undefined {
    return this.#shown?.invites;
  }

  get waiting(): readonly Waiting[] {
    return this.#shown?.waiting ?? [];
  }

  get total(): number {
    return this.#shown?.total ?? 0;
  }

  /** Those who wait and raise no doubt. */
  get doubtless(): readonly Waiting[] {
    return this.waiting.filter(({ resembles }) => resembles === null);
  }

  /** Asks for it. Whoever wants it while it is asked for gets one more answer together: a class comes in at one moment. */
  async load(): Promise<void> {
    this.#next ??= this.#asked.then(() => {
      this.#next = undefined;
      this.#asked = this.#ask();
      return this.#asked;
    });
    return this.#next;
  }

  async #ask(): Promise<void> {
    this.#shown = (await actions.channelDoor(this.core, this.channel)) ?? this.#shown;
  }

  /** Asks again from time to time while somebody may wait and the window is visible. Returns what ends that. */
  watch(): () => void {
    const look = (): void => {
      if (!document.hidden) void this.load();
    };
    const timer = setInterval(() => {
      if (this.invites?.some(({ door }) => door === 'approval')) look();
    }, EVERY_MS);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }

  async letIn(wanted: readonly Waiting[]): Promise<number> {
    let count = 0;
    for (const one of wanted) if (await place.letIn(this.core, one)) count += 1;
    await this.load();
    return count;
  }

  async refuse(one: Waiting): Promise<boolean> {
    const done = await place.refuse(this.core, one);
    await this.load();
    return done;
  }

  async set(invite: Invite, door: Invite['door']): Promise<void> {
    await actions.setDoor(this.core, invite, door);
    await this.load();
  }

  async end(invite: Invite): Promise<boolean> {
    const ended = await place.endInvite(this.core, invite);
    await this.load();
    return ended !== undefined;
  }
}

let latest: Door | undefined;

/** The door of that channel: the same for whoever asks while the channel is shown. */
export function doorOf(core: Core, channel: number): Door {
  if (latest?.channel !== channel || !latest.belongsTo(core)) latest = new Door(core, channel);
  return latest;
}
