/**
 * One history: several people post, answer in threads, quote, edit, react, pin, delete and take other names in a few channels over
 * bad lines, one sleeps through all of it. Then the lines are healed, and everybody's state has to be what a fresh load shows.
 */
import { expect } from 'vitest';
import * as api from '../../src/api';
import type { Channel, Me, Message, User } from '../../src/wire';
import { Client, type Of } from './client';
import { Proxy } from './proxy';
import { Chance, pause } from '../random';
import { signIn } from './person';

/** After the lines are healed everybody has this long to catch up, on a busy machine too. */
const CATCH_UP_MS = 60_000;
const PEOPLE = ['Ada', 'Grace', 'Linus'];
/** What each person does, at least and at most. */
const FEWEST_STEPS = 8;
const MOST_STEPS = 30;

/** What somebody sent, in the order of sending. */
interface Sent {
  readonly author: number;
  readonly channel: number;
  readonly key: string;
  /** It is in a thread alone. */
  readonly aside: boolean;
}

/** Plays the history of a seed against the server at that address. */
export async function play(server: string, seed: number): Promise<void> {
  const chance = new Chance(seed);
  const owner = await signIn(server, `owner ${seed}`);
  const channels: number[] = [];
  const count = chance.between(2, 3);
  for (let index = 0; index < count; index += 1) channels.push(await owner.makeChannel(`history ${seed} ${index}`));
  // Somebody who comes in the middle of a long history has more than a page to read.
  if (chance.is(0.3)) for (let index = 0; index < 130; index += 1) await owner.say(channels[0] ?? 0, `before ${index}`);
  const clients = await Promise.all(
    [...PEOPLE, 'sleeper'].map((name) => client(server, `${name} ${seed}`, chance.fork())),
  );
  try {
    await Promise.all(clients.map((each) => each.start(channels)));
    const sleeper = clients.at(-1);
    sleeper?.sleep();
    const awake = clients.slice(0, -1);
    const sent = await Promise.all(awake.map((each) => live(each, channels, chance.fork())));
    for (const each of clients) each.proxy.heal();
    sleeper?.wake();
    const late = await client(server, `late ${seed}`, chance.fork());
    clients.push(late);
    late.proxy.heal();
    await late.start(channels);
    // Whoever came last has every name of this history; people of others go on coming to the place.
    const { place } = late.state.streams;
    await everybody(clients, 'revision of the place', place, (each) => Math.min(place, each.state.streams.place));
    for (const channel of channels) await everybodySees(clients, late, channel);
    await theListIs(clients, late, channels);
    check(late, awake, channels, sent.flat());
  } finally {
    for (const each of clients) each.close();
  }
}

async function client(server: string, name: string, chance: Chance): Promise<Client> {
  const person = await signIn(server, name);
  const proxy = await Proxy.start(server, person.cookie, chance.fork());
  return new Client(person.me as Me, proxy, chance.fork());
}

/** One person's part: they send one message after the other in each channel, and do other things in between. */
async function live(who: Client, channels: readonly number[], chance: Chance): Promise<Sent[]> {
  const sent: Sent[] = [];
  const queues = new Map<number, Promise<void>>();
  const steps = chance.between(FEWEST_STEPS, MOST_STEPS);
  for (let step = 0; step < steps; step += 1) {
    const channel = chance.pick(channels);
    const what = chance.share();
    if (what < 0.5) {
      const key = uuid(chance);
      const of = what < 0.3 ? {} : leaning(who, channel, chance);
      sent.push({ author: who.me.id, channel, key, aside: of.thread !== undefined && of.also !== true });
      const before = queues.get(channel) ?? Promise.resolve();
      queues.set(
        channel,
        before.then(() => who.post(channel, key, `step ${step} of ${who.me.name}`, of)),
      );
    } else if (what < 0.57) await who.react(channel);
    else if (what < 0.62) await who.pin(channel);
    else if (what < 0.7) await who.edit(channel, `step ${step} instead`);
    else if (what < 0.8) await who.remove(channel);
    else if (what < 0.9) await who.older(channel);
    else if (what < 0.95) who.proxy.cut();
    // Some of the names are taken back.
    else await who.rename(`${who.me.name} ${chance.pick(['', 'I', 'II', 'III'])}`);
    if (chance.is(0.7)) await pause(chance.between(0, 60));
  }
  await Promise.all(queues.values());
  return sent;
}

/** Whether a message answers one of those that its writer sees, in its thread or in the channel too, or quotes it. */
function leaning(who: Client, channel: number, chance: Chance): Of {
  const number = who.oneOf(channel);
  if (number === null) return {};
  return chance.is(0.7) ? { thread: number, also: chance.is(0.3) } : { quote: number };
}

/** Waits until all have heard of the newest change of a channel, and compares row for row. */
async function everybodySees(clients: readonly Client[], late: Client, channel: number): Promise<void> {
  const fresh = await late.fresh(() => wholeChannel(channel));
  await everybody(
    clients,
    `revision of channel ${channel}`,
    fresh.revision,
    (each) => each.state.windows.find(channel)?.revision ?? 0,
  );
  for (const each of clients) {
    const held = each.state.windows.find(channel)?.rows ?? [];
    const rows = held.map((row) => plain(withNames(row, (user) => each.state.person(user))));
    const first = held[0]?.number ?? 1;
    const own = await each.fresh(() => wholeChannel(channel));
    const expected = own.rows.filter((row) => row.number >= first).map(plain);
    // What differs, in one line each: a failure is told by its message alone.
    const has = rows.filter((row) => !expected.includes(row));
    const wanted = expected.filter((row) => !rows.includes(row));
    if (has.length + wanted.length > 0)
      throw new Error(`${each.me.name} has in ${channel}\n${has.join('\n')}\ninstead of\n${wanted.join('\n')}`);
    expect(rows, `${each.me.name} in channel ${channel}`).toEqual(expected);
  }
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([name, each]) => [name, sorted(each)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => a.localeCompare(b)));
}

/** A row as text; its fields are in any order. */
function plain(row: Message): string {
  return JSON.stringify(sorted(row));
}

/** A row with the names of now, as they are shown. */
function withNames(row: Message, now: (user: User) => User): Message {
  const { line, thread, quote, pin } = row;
  const people = line?.people?.map((person) => ({ ...person, user: now(person.user) }));
  const original = quote?.original && { ...quote.original, author: now(quote.original.author) };
  return {
    ...row,
    author: now(row.author),
    ...(line !== undefined && people !== undefined && { line: { ...line, people } }),
    ...(thread !== undefined && { thread: { ...thread, faces: thread.faces.map(now) } }),
    ...(quote !== undefined && original !== undefined && { quote: { ...quote, original } }),
    ...(pin !== undefined && { pin: { ...pin, by: now(pin.by) } }),
  };
}

/** The list of channels tells of each channel's content what a fresh list tells. */
async function theListIs(clients: readonly Client[], late: Client, channels: readonly number[]): Promise<void> {
  const fresh = await late.fresh(() => api.channels());
  for (const id of channels) {
    const content = (list: readonly Channel[]): string => {
      const { revision, last_number, last_message: last } = list.find((channel) => channel.id === id) ?? {};
      return JSON.stringify([revision, last_number, last]);
    };
    await everybody(clients, `channel ${id}`, content(fresh.channels), (each) => content(each.state.channels.list));
  }
}

/** Waits until each of them has that. */
async function everybody<T>(
  clients: readonly Client[],
  what: string,
  wanted: T,
  has: (each: Client) => T,
): Promise<void> {
  const deadline = Date.now() + CATCH_UP_MS;
  const differ = (): Client[] => clients.filter((each) => has(each) !== wanted);
  while (differ().length > 0 && Date.now() < deadline) await pause(20);
  const told = differ().map((each) => `${each.me.name} has ${String(has(each))}`);
  if (told.length > 0) throw new Error(`the ${what} is ${String(wanted)}\n${told.join('\n')}`);
}

/** Every message that was sent is there once, in the order of sending, and where it was said to be. */
function check(late: Client, awake: readonly Client[], channels: readonly number[], sent: readonly Sent[]): void {
  for (const channel of channels) {
    const rows = late.state.windows.find(channel)?.rows ?? [];
    const before = rows.slice(1).map((row) => row.previous ?? row.number - 1);
    expect(before, 'what comes before each row').toEqual(rows.slice(0, -1).map((row) => row.number));
    // A reply that is in the channel too shares its revision with what it answers.
    const revisions = new Set(rows.map((row) => row.revision));
    const shared = rows.filter((row) => row.also === true).length;
    expect(revisions.size, 'no two rows have one revision').toBeGreaterThanOrEqual(rows.length - shared);
    for (const { me, acknowledged } of awake) {
      const theirs = sent.filter((each) => each.channel === channel && each.author === me.id && !each.aside);
      // What was answered or quoted was gone.
      const keys = theirs.map(({ key }) => key).filter((key) => acknowledged.has(key));
      const own = rows.filter((row) => row.author.id === me.id && row.line === undefined);
      expect(
        own.map((row) => row.key),
        `${me.name}: once each, in order`,
      ).toEqual(keys);
      expect(own.map((row) => row.number)).toEqual(keys.map((key) => acknowledged.get(key)));
    }
  }
}

/** All of a channel, page by page, as it is now. */
async function wholeChannel(channel: number): Promise<{ revision: number; rows: readonly Message[] }> {
  let page = await api.messages(channel);
  const { revision } = page;
  let rows = page.messages;
  while (page.has_older) {
    page = await api.messages(channel, { before: rows[0]?.number ?? 0 });
    rows = [...page.messages, ...rows];
  }
  return { revision, rows };
}

/** A UUID of version 4, drawn from the seed. */
function uuid(chance: Chance): string {
  const hex = Array.from({ length: 32 }, () => chance.between(0, 15).toString(16));
  hex[12] = '4';
  hex[16] = chance.pick(['8', '9', 'a', 'b']);
  const text = hex.join('');
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-');
}
