/** All channels as the signed-in person sees them: which she is in, and how much is unread. */
import type { Channel, ChannelInfo, Message } from '../wire';

export class Channels {
  /** Oldest first. Replaced, never changed in place. */
  list: readonly Channel[] = $state.raw([]);
  readonly #byId = $derived(new Map(this.list.map((channel) => [channel.id, channel])));
  readonly #byName = $derived(new Map(this.list.map((channel) => [channel.name, channel])));
  readonly joined = $derived(this.list.filter((channel) => channel.member));
  /** How often something was heard that has no revision: a membership, a topic, a new channel. */
  heardOf = 0;

  find(id: number): Channel | undefined {
    return this.#byId.get(id);
  }

  named(name: string): Channel | undefined {
    return this.#byName.get(name);
  }

  /** The whole list anew: first load and after a reconnection. */
  replace(list: readonly Channel[]): void {
    this.list = list.map((channel) => newer(this.#byId.get(channel.id), channel));
  }

  /** One channel as an answer or event shows it. */
  put(channel: Channel): void {
    const known = this.#byId.get(channel.id);
    this.list =
      known === undefined
        ? [...this.list, channel].sort((a, b) => a.id - b.id)
        : this.list.map((other) => (other.id === channel.id ? newer(known, channel) : other));
  }

  /** A channel was made or changed. */
  changed(info: ChannelInfo): void {
    this.heardOf += 1;
    const known = this.#byId.get(info.id);
    this.put({ ...info, member: known?.member ?? false, read_number: known?.read_number ?? 0 });
  }

  /** A message was posted or deleted. An own one is read by having been written. */
  heard(revision: number, message: Message, own: boolean): void {
    this.#change(message.channel, (channel) => {
      if (revision <= channel.revision) return channel;
      const newest = message.number >= channel.last_number;
      return {
        ...channel,
        revision,
        last_number: Math.max(channel.last_number, message.number),
        last_message: newest ? summary(message) : channel.last_message,
        read_number: own ? Math.max(channel.read_number, message.number) : channel.read_number,
      };
    });
  }

  read(id: number, number: number): void {
    this.#change(id, (channel) =>
      number <= channel.read_number ? channel : { ...channel, read_number: Math.min(number, channel.last_number) },
    );
  }

  memberCount(id: number, count: number): void {
    this.heardOf += 1;
    this.#change(id, (channel) => ({ ...channel, member_count: count }));
  }

  joinedOne(id: number): void {
    this.heardOf += 1;
    this.#change(id, (channel) => ({ ...channel, member: true, read_number: channel.last_number }));
  }

  leftOne(id: number): void {
    this.heardOf += 1;
    this.#change(id, (channel) => ({ ...channel, member: false }));
  }

  #change(id: number, change: (channel: Channel) => Channel): void {
    const known = this.#byId.get(id);
    if (known === undefined) return;
    const changed = change(known);
    if (changed !== known) this.put(changed);
  }
}

/** How many messages she has not seen. */
export function unread(channel: Channel): number {
  return channel.member ? Math.max(0, channel.last_number - channel.read_number) : 0;
}

/** Answers and events overtake each other: content follows the revision, and read marks never go back. */
function newer(known: Channel | undefined, told: Channel): Channel {
  if (known === undefined) return told;
  const read_number = Math.max(known.read_number, told.read_number);
  if (known.revision <= told.revision) return { ...told, read_number };
  const { revision, last_number, last_message } = known;
  return { ...told, read_number, revision, last_number, last_message };
}

const SUMMARY = 200;

function summary(message: Message): Channel['last_message'] {
  if (message.deleted_at !== null) return null;
  const { number, author, created_at } = message;
  return { number, author, created_at, text: message.text.slice(0, SUMMARY) };
}
