/**
 * The whole app in several browsers: people talk, read, run channels, write to each other, take names and pictures, while
 * somebody gives them roles and deactivates them. Their lines lose events without being cut. Then the lines are calm, and what
 * everybody has must come to be what a fresh load shows, by nothing but the heads.
 */
import * as api from '../../src/api';
import { directory } from '../../src/directory-api';
import type { Channel, Follow, ListedChannel, Me, Message, MessageSummary, State, User } from '../../src/wire';
import { Chance, pause } from '../random';
import { Browser, patiently } from './browser';
import type { Owner } from './owner';
import { signIn } from './person';
import { Proxy } from './proxy';
import { step } from './steps';

/** Heads are told 30 s after a stream went quiet, and looked for every 5 s. A busy machine takes its time. */
const CATCH_UP_MS = 120_000;
const PEOPLE = ['Ada', 'Grace', 'Linus'];
const FEWEST_STEPS = 20;
const MOST_STEPS = 60;

/** Plays the history of a seed against the server at that address. */
export async function playWhole(server: string, owner: Owner, seed: number): Promise<void> {
  const chance = new Chance(seed);
  const founder = await signIn(server, `whole founder ${seed}`);
  const listed: { id: number; name: string }[] = [];
  for (let index = 0; index < 3; index += 1) {
    const name = `whole ${seed} ${index}`;
    const channel = await founder.makeChannel(name);
    listed.push({ id: channel, name });
    for (let said = 0; said < 3; said += 1) await founder.say(channel, `before ${said}`);
  }
  const browsers: Browser[] = [];
  try {
    for (const name of PEOPLE.map((each) => `whole ${each} ${seed}`)) {
      const { cookie, me } = await signIn(server, name);
      const arrive = async (called: string): Promise<void> => {
        const proxy = await Proxy.start(server, cookie, chance.fork(), true);
        const browser = new Browser(
          server,
          called,
          me.id,
          proxy,
          chance.fork(),
          () => owner.nameOf(me.id),
          listed,
          String(seed),
        );
        browsers.push(browser);
        await browser.as(() => browser.begin());
      };
      await arrive(name);
      // The first of them has another browser, in which they leave, join and read as well.
      if (browsers.length === 1) await arrive(`${name} elsewhere`);
    }
    const ids = [...new Set(browsers.map(({ id }) => id))];
    const kept = owner.keepOrder(ids, chance.fork(), chance.between(0, 6));
    await Promise.all([kept, ...browsers.map((each) => each.as(() => live(each, ids)))]);
    for (const each of browsers) each.proxy.calm();
    await Promise.all(browsers.map((each) => each.as(() => comesTrue(each))));
  } finally {
    for (const each of browsers) each.close();
  }
}

async function live(browser: Browser, people: readonly number[]): Promise<void> {
  const others = people.filter((id) => id !== browser.id);
  const steps = browser.chance.between(FEWEST_STEPS, MOST_STEPS);
  for (let number = 0; number < steps; number += 1) {
    // Their session was ended: they come back when they may.
    if (browser.app.state.session.me === null) await browser.begin();
    await step(browser, number, others);
    if (browser.chance.is(0.6)) await pause(browser.chance.between(0, 80));
  }
}

/** Waits until the app has what a fresh load shows. */
async function comesTrue(browser: Browser): Promise<void> {
  const deadline = Date.now() + CATCH_UP_MS;
  // What people of other histories do to the place from here on is not waited for: it may never end.
  const place = (await patiently(() => api.state(null))).place;
  let [has, wanted] = ['', ' '];
  while (has !== wanted && Date.now() < deadline) {
    await pause(500);
    if (browser.app.state.session.me === null) await browser.begin();
    if (!browser.ready) continue;
    const { outbox, wishes } = browser.app.state;
    const wished = wishes.list.filter(({ second }) => !second).length;
    const waiting = outbox.list.filter(({ state }) => state === 'waiting').length + wished;
    try {
      [has, wanted] = [await shown(browser, place), await fresh(browser, place)];
    } catch (error) {
      // The session was ended, which the app has yet to hear of.
      if (!(error instanceof api.ApiError) || error.code !== 'not_signed_in') throw error;
      [has, wanted] = ['somebody is signed in', 'nobody is signed in'];
    }
    if (waiting > 0) has += ` and ${waiting} unsent`;
  }
  if (has !== wanted)
    throw new Error(`${browser.name} has\n${without(has, wanted)}\ninstead of\n${without(wanted, has)}`);
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
async function shown(browser: Browser, place: number): Promise<string> {
  const { state } = browser.app;
  const { me } = state.session;
  if (me === null) return 'nobody is signed in';
  const now = (user: User): User => state.person(user);
  const lines = told(
    me,
    { own: state.streams.own, place: Math.min(place, state.streams.place) },
    state.channels.list,
    now,
  );
  const { waiting } = state.follows;
  lines.push(...(await threadLines(({ channel, root }) => state.follows.find(channel, root))), waitingLine(waiting));
  if (me.role !== 'guest') lines.push(...(await browser.directory()).rows.filter(isPublic).map(listedLine));
  for (const channel of state.channels.list.filter(({ member }) => member)) {
    const run = state.windows.find(channel.id);
    if (run?.loaded === true) lines.push(...rowsOf(me, channel.id, run.rows, now));
    const thread = state.threads.of(channel.id);
    if (thread?.loaded === true) lines.push(...rowsOf(me, channel.id, thread.rows, now));
  }
  return lines.join('\n');
}

/** How the person stands to each thread that they follow, by what `knows`. */
async function threadLines(knows: (follow: Follow) => Follow | undefined): Promise<string[]> {
  const { follows } = await patiently(() => api.follows());
  const sortedOnes = [...follows].sort((a, b) => a.channel - b.channel || a.root - b.root);
  return sortedOnes.map((follow) => {
    const known = knows(follow);
    const told = known && [known.following, known.number, known.step, known.unread, known.mentions, known.last_number];
    return JSON.stringify(['follows', follow.channel, follow.root, told]);
  });
}

/** How many threads wait to be read: whoever has one more than they follow is told here. */
function waitingLine({ unread, mentions }: { unread: number; mentions: number }): string {
  return JSON.stringify(['threads waiting', unread, mentions]);
}

/** The same from the server. */
async function fresh(browser: Browser, place: number): Promise<string> {
  const { app } = browser;
  const state = await patiently(() => api.state(null));
  if (state.me === null) return 'nobody may sign in';
  const { me } = state;
  const own = await allChannels(state);
  // Of channels that somebody only looked at, what each of them is for them now.
  const looked: Channel[] = [];
  for (const { id } of app.state.channels.list.filter(({ id }) => own.every((one) => one.id !== id))) {
    const now = await patiently(() => api.channel(id).catch(orNothing));
    if (now !== null) looked.push(now);
  }
  const channels = [...own, ...looked].sort((a, b) => a.id - b.id);
  const asRead = (user: User): User => user;
  const lines = told(me, { own: state.own, place: Math.min(place, state.place) }, channels, asRead);
  const follows = (await patiently(() => api.follows())).follows.filter(({ unread }) => unread > 0);
  const waiting = { unread: follows.length, mentions: follows.filter(({ mentions }) => mentions > 0).length };
  lines.push(...(await threadLines((follow) => follow)), waitingLine(waiting));
  if (me.role !== 'guest') {
    const { letters, order } = await browser.directory();
    lines.push(...(await patiently(() => directory({ letters, order }))).channels.map(listedLine));
  }
  for (const channel of channels.filter(({ member }) => member)) {
    const run = app.state.windows.find(channel.id);
    if (run?.loaded === true) {
      const first = run.rows[0]?.number ?? 1;
      const { messages } = await patiently(() => api.messages(channel.id));
      const rows = messages.filter((row) => row.number >= first);
      lines.push(...rowsOf(me, channel.id, rows, asRead));
    }
    // A thread may stand there without its channel's messages.
    const thread = app.state.threads.of(channel.id);
    if (thread?.loaded !== true) continue;
    const from = thread.rows[0]?.number ?? 0;
    // A message that began no thread before it was deleted begins none any more.
    const page = await patiently(() => api.thread(channel.id, thread.root, { limit: 100 }).catch(orNothing));
    const replies = page?.replies ?? [];
    lines.push(
      ...rowsOf(
        me,
        channel.id,
        replies.filter((row) => row.number >= from),
        asRead,
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

const isPublic = ({ kind }: Pick<Channel, 'kind'>): boolean => kind === 'public';

/** A row of the directory. */
function listedLine({ id, name, topic, member }: ListedChannel): string {
  return JSON.stringify(['listed', id, name, topic, member]);
}

/** A state holds as many channels as fit into one answer. */
async function allChannels(state: State): Promise<readonly Channel[]> {
  const all = [...state.channels];
  for (let complete = state.channels_complete; !complete;) {
    const more = await patiently(() => api.channels(all.at(-1)?.id ?? 0));
    all.push(...more.channels);
    complete = more.complete;
  }
  return all;
}

function told(
  me: Me,
  { own, place }: { own: number; place: number },
  channels: readonly Channel[],
  now: (user: User) => User,
): string[] {
  const named = (user: User | null): string | null => user && nameFor(me, user, now);
  return [
    // Going somewhere sets the last channel before the server has heard of it.
    JSON.stringify([sorted({ ...me, last_channel: null }), own, place]),
    ...channels.map((channel) => {
      const { people, created_by, locked_by, muted_by } = channel;
      const withNames = {
        ...channel,
        created_by: named(created_by),
        locked_by: named(locked_by),
        muted_by: named(muted_by),
        people: people?.map((each) => (me.role === 'guest' ? named(each) : now(each))),
      };
      return JSON.stringify(sorted(channel.member ? withNames : seenFromOutside(withNames)));
    }),
  ];
}

/** The content of a channel that somebody is not in is not told to them, nor how many are in it. */
function seenFromOutside<Seen extends { last_message: MessageSummary | object | null }>(channel: Seen): object {
  return { ...channel, revision: 0, own_revision: 0, last_number: 0, last_message: null, member_count: 0 };
}

/** Guests do not hear of new names until they load the page again: theirs are compared by the person alone. */
function nameFor(me: Me, user: User, now: (user: User) => User): string {
  return me.role === 'guest' ? String(user.id) : now(user).name;
}

function rowsOf(me: Me, channel: number, rows: readonly Message[], now: (user: User) => User): string[] {
  return rows.map(
    (row) =>
      `${channel}: ${row.number} at ${row.revision} by ${nameFor(me, row.author, now)}: ${row.text} ` +
      JSON.stringify([
        row.edits,
        row.edited_at,
        row.reactions?.map(({ emoji, count, mine }) => [emoji, count, mine]),
        under(me, row, now),
      ]),
  );
}

/** What stands with a message beside its text: where it was sent, what it brings, and what became of it. */
function under(me: Me, row: Message, now: (user: User) => User): object {
  const { root, also, previous, quote, forwarded, pin, saved, thread } = row;
  const named = (user: User): string => nameFor(me, user, now);
  return {
    place: [root, also, previous],
    quote: quote && [
      quote.number,
      quote.original && sorted({ ...quote.original, author: named(quote.original.author) }),
    ],
    forwarded: forwarded && [named(forwarded.author), forwarded.text],
    pin: pin && [named(pin.by), pin.at],
    saved: saved === true,
    thread: thread && [thread.replies, thread.last_number, thread.last_at, thread.faces.map(named)],
  };
}

/** Answers and events may name the same things in another order. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([name, each]) => [name, sorted(each)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => a.localeCompare(b)));
}
