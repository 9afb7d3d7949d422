/**
 * One history of the whole app: people go from channel to channel, write, delete, join, leave, change topics, marks,
 * settings and their names, over lines that lose events without being cut. Then the lines are calm, and what everybody has must come to be
 * what a fresh load shows, by nothing but the heads.
 */
import * as api from '../../src/api';
import { HostActions } from '../../src/actions/hosting';
import { changeName } from '../../src/actions/settings';
import { App } from '../../src/app';
import { directory } from '../../src/directory-api';
import type { Channel, ListedChannel, Message, State } from '../../src/wire';
import { Directory } from '../../src/views/channels/directory.svelte';
import { Chance, pause } from '../random';
import { signIn } from './person';
import { Proxy } from './proxy';
import { line } from './surroundings';

/** Heads are told 30 s after a stream went quiet, and looked for every 5 s. A busy machine takes its time. */
const CATCH_UP_MS = 120_000;
const PEOPLE = ['Ada', 'Grace', 'Linus'];
const FEWEST_STEPS = 15;
const MOST_STEPS = 40;

/** Somebody with the whole app, and a line of their own. */
class Person {
  /** What was handed to the outbox, by channel, in the order of writing. */
  readonly sent: { readonly channel: number; readonly text: string }[] = [];
  /** A page of the directory that is open all the time. */
  readonly directory: Directory;
  #followed = -1;

  constructor(
    readonly name: string,
    readonly app: App,
    readonly proxy: Proxy,
    readonly chance: Chance,
    /** Public channels that are there from the beginning. */
    readonly listed: readonly { readonly id: number; readonly name: string }[],
    seed: string,
  ) {
    this.directory = new Directory(app);
    this.directory.order = 'name';
    // What other histories make beside this one goes on changing.
    this.directory.letters = seed;
  }

  /** Loads the page of the directory anew if the app heard that it changed, as the page itself does. */
  async followDirectory(): Promise<void> {
    const { directoryChanges } = this.app.state.channels;
    if (this.#followed === directoryChanges && this.directory.problem === null) return;
    this.#followed = directoryChanges;
    await this.directory.load();
  }

  as<T>(work: () => Promise<T> | T): Promise<T> {
    return line.run(this.proxy, async () => work());
  }

  get channels(): readonly Channel[] {
    return this.app.state.channels.list;
  }

  async step(number: number): Promise<void> {
    const { app, chance } = this;
    const { state } = app;
    // Those that are not here are found in the directory.
    const elsewhere = this.listed.filter(({ id }) => state.channels.find(id) === undefined);
    if (this.channels.length === 0 || (elsewhere.length > 0 && chance.is(0.3))) {
      const { id, name } = chance.pick(elsewhere.length > 0 ? elsewhere : this.listed);
      if (chance.is(0.5)) app.navigator.go({ kind: 'channel', name, number: null });
      else await app.channels.join(id);
      return;
    }
    const channel = chance.pick(this.channels);
    const run = state.windows.find(channel.id);
    const what = chance.share();
    if (!channel.member && chance.is(0.2)) await app.channels.join(channel.id);
    else if (what < 0.35) {
      if (!channel.member) return;
      const text = `${this.name} ${number}`;
      this.sent.push({ channel: channel.id, text });
      state.drafts.write(channel.id, text);
      app.messages.send(channel.id);
    } else if (what < 0.5) {
      const own = (row: Message): boolean => row.author.id === state.session.me?.id && row.deleted_at === null;
      const newest = run?.rows.findLast(own);
      if (newest !== undefined) await app.messages.remove(channel.id, newest.number);
    } else if (what < 0.7) app.navigator.go({ kind: 'channel', name: channel.name, number: null });
    else if (what < 0.76) await app.channels.leave(channel.id);
    else if (what < 0.82) {
      if (channel.member) await new HostActions(app).change(channel.id, { topic: `topic ${number} of ${this.name}` });
    } else if (what < 0.84) app.messages.seen(channel.id, chance.between(0, channel.last_number));
    else if (what < 0.87) {
      const first = chance.between(0, channel.last_number);
      const onScreen = (run?.rows ?? []).map((row) => row.number).filter((at) => at >= first && at < first + 8);
      app.reading.wasOnScreen(channel.id, onScreen);
    } else if (what < 0.875) app.reading.markRead(channel.id);
    else if (what < 0.88) await app.reading.toFirst(channel.id);
    else if (what < 0.94) app.messages.markAt(channel.id, chance.between(0, channel.last_number));
    else if (what < 0.96) await app.session.change({ theme: chance.pick(['light', 'dark', 'auto']) });
    // Some of the names are taken back.
    else if (what < 0.98) await changeName(app, `${this.name} ${chance.pick(['', 'I', 'II', 'III'])}`);
    else await app.channels.create({ name: `${this.name} made ${number}` });
  }

  close(): void {
    this.app.stop();
    this.proxy.close();
  }
}

/** Plays the history of a seed against the server at that address. */
export async function playWhole(server: string, seed: number): Promise<void> {
  const chance = new Chance(seed);
  const owner = await signIn(server, `whole owner ${seed}`);
  const listed: { id: number; name: string }[] = [];
  for (let index = 0; index < 3; index += 1) {
    const name = `whole ${seed} ${index}`;
    const channel = await owner.makeChannel(name);
    listed.push({ id: channel, name });
    for (let said = 0; said < 3; said += 1) await owner.say(channel, `before ${said}`);
  }
  const people: Person[] = [];
  try {
    for (const name of PEOPLE.map((each) => `whole ${each} ${seed}`)) {
      const { cookie } = await signIn(server, name);
      people.push(await arrive(server, name, cookie, chance.fork(), listed, seed));
      // The first of them has another browser, in which they leave, join and read as well.
      if (people.length === 1)
        people.push(await arrive(server, `${name} elsewhere`, cookie, chance.fork(), listed, seed));
    }
    await Promise.all(people.map((each) => each.as(() => live(each))));
    for (const each of people) each.proxy.calm();
    await Promise.all(people.map((each) => each.as(() => comesTrue(each))));
  } finally {
    for (const each of people) each.close();
  }
}

async function arrive(
  server: string,
  name: string,
  cookie: string,
  chance: Chance,
  listed: Person['listed'],
  seed: number,
): Promise<Person> {
  const proxy = await Proxy.start(server, cookie, chance.fork(), true);
  const app = new App(null);
  const person = new Person(name, app, proxy, chance, listed, String(seed));
  await person.as(async () => app.start(await patiently(() => api.state(null))));
  await person.as(() => person.followDirectory());
  return person;
}

async function live(person: Person): Promise<void> {
  const steps = person.chance.between(FEWEST_STEPS, MOST_STEPS);
  for (let step = 0; step < steps; step += 1) {
    await person.step(step);
    if (person.chance.is(0.6)) await pause(person.chance.between(0, 80));
  }
}

/** Waits until the app has what a fresh load shows. */
async function comesTrue(person: Person): Promise<void> {
  const deadline = Date.now() + CATCH_UP_MS;
  let [has, wanted] = ['', ' '];
  while (has !== wanted && Date.now() < deadline) {
    await pause(500);
    const outbox = person.app.state.outbox.list.length;
    [has, wanted] = [await shown(person), `${await fresh(person)}`];
    if (outbox > 0) has += ` and ${outbox} unsent`;
  }
  if (has !== wanted)
    throw new Error(`${person.name} has\n${without(has, wanted)}\ninstead of\n${without(wanted, has)}`);
}

/** The lines that the other does not have. */
function without(text: string, other: string): string {
  const lines = new Set(other.split('\n'));
  return text
    .split('\n')
    .filter((each) => !lines.has(each))
    .join('\n');
}

/** What the app has, as text. */
async function shown(person: Person): Promise<string> {
  const { state } = person.app;
  const channels = state.channels.list.map((channel) => {
    return { ...channel, created_by: state.person(channel.created_by) };
  });
  const lines = told(state.session.me, state.streams, channels);
  await person.followDirectory();
  lines.push(...person.directory.rows.filter(({ kind }) => kind === 'public').map(listedLine));
  for (const channel of state.channels.joined) {
    const run = state.windows.find(channel.id);
    const named = (row: Message): Message => ({ ...row, author: state.person(row.author) });
    if (run?.loaded === true) lines.push(...rowsOf(channel.id, run.rows.map(named)));
  }
  return Promise.resolve(lines.join('\n'));
}

/** The same from the server. */
async function fresh(person: Person): Promise<string> {
  const state = await patiently(() => api.state(null));
  // Of channels that somebody only looked at, what each of them is for them now.
  const held = person.app.state.channels.list.filter(({ id }) => state.channels.every((one) => one.id !== id));
  const looked: Channel[] = [];
  for (const { id } of held) {
    const now = await patiently(() => api.channel(id).catch(orNothing));
    if (now !== null) looked.push(now);
  }
  const channels = [...state.channels, ...looked].sort((a, b) => a.id - b.id);
  const lines = told(state.me, state, channels);
  const { letters, order } = person.directory;
  lines.push(...(await patiently(() => directory({ letters, order }))).channels.map(listedLine));
  for (const channel of channels.filter(({ member }) => member)) {
    const run = person.app.state.windows.find(channel.id);
    if (run?.loaded !== true) continue;
    const first = run.rows[0]?.number ?? 1;
    const { messages } = await patiently(() => api.messages(channel.id));
    lines.push(
      ...rowsOf(
        channel.id,
        messages.filter((row) => row.number >= first),
      ),
    );
  }
  return lines.join('\n');
}

/** There is no such channel for the person. */
function orNothing(error: unknown): null {
  if (error instanceof api.ApiError && error.code === 'not_found') return null;
  throw error;
}

/** A row of the directory. */
function listedLine({ id, name, topic, member }: ListedChannel): string {
  return JSON.stringify(['listed', id, name, topic, member]);
}

function told(me: State['me'], { own, place }: { own: number; place: number }, channels: readonly Channel[]): string[] {
  // Going somewhere sets the last channel before the server has heard of it.
  return [
    JSON.stringify([sorted({ ...me, last_channel: null }), own, place]),
    ...channels.map((channel) => {
      const { id, name, topic, member, own_revision } = channel;
      // The content of a channel that somebody is not in is not told to them.
      if (!member) return JSON.stringify([id, name, topic, own_revision]);
      return JSON.stringify(sorted(channel));
    }),
  ];
}

function rowsOf(channel: number, rows: readonly Message[]): string[] {
  return rows.map((row) => `${channel}: ${row.number} at ${row.revision} by ${row.author.name}: ${row.text}`);
}

/** Answers and events may name the same things in another order. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([name, each]) => [name, sorted(each)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => a.localeCompare(b)));
}

async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof api.ApiError) || !error.passing) throw error;
      await pause(50);
    }
  }
  throw new Error('no answer, however often it was tried');
}
