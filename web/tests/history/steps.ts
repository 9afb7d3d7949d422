/** What somebody does in the app, drawn by chance. The server may refuse any of it: then nothing has to change anywhere. */
import { DirectActions } from '../../src/actions/direct';
import { HostActions } from '../../src/actions/hosting';
import { Order } from '../../src/actions/order';
import * as people from '../../src/actions/people';
import { beginEdit, cancelEdit, saveEdit, toggle } from '../../src/actions/wishing';
import { changeName } from '../../src/actions/settings';
import { routeOf } from '../../src/route';
import type { Channel, ChannelPatch, Message } from '../../src/wire';
import type { Browser } from './browser';
import { withMessages } from './with-messages';

/** The smallest picture that there is: one grey point. */
const PICTURE = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==';

/** One step; `others` are the people of the history. */
export async function step(browser: Browser, number: number, others: readonly number[]): Promise<void> {
  if (!browser.ready) return;
  const { chance } = browser;
  // Those that are not here are found in the directory.
  const elsewhere = browser.listed.filter(({ id }) => browser.app.state.channels.find(id) === undefined);
  if (browser.channels.length === 0 || (elsewhere.length > 0 && chance.is(0.2))) {
    const { id, name } = chance.pick(elsewhere.length > 0 ? elsewhere : browser.listed);
    if (chance.is(0.5)) browser.app.navigator.go({ kind: 'channel', name, number: null });
    else await browser.app.channels.join(id);
    return;
  }
  const what = chance.share();
  if (what < 0.4) await inChannels(browser, number);
  else if (what < 0.65) await withMessages(browser, number);
  else if (what < 0.88) await asHost(browser, number, others);
  else if (what < 0.95) await amongPeople(browser, number, others);
  else await aboutOneself(browser, number);
}

/** What every member does: writing, reading, coming and going. */
async function inChannels({ app, name, chance, channels }: Browser, number: number): Promise<void> {
  const { state } = app;
  const channel = chance.pick(channels);
  const run = state.windows.find(channel.id);
  const what = chance.share();
  if (what < 0.35) {
    if (!channel.member) return;
    state.drafts.write(channel.id, `${name} ${number}`);
    app.messages.send(channel.id);
  } else if (what < 0.5) {
    const own = (row: Message): boolean => row.author.id === state.session.me?.id && row.deleted_at === null;
    const newest = run?.rows.findLast(own);
    if (newest !== undefined) await app.messages.remove(channel.id, newest.number);
  } else if (what < 0.6) {
    const standing = run?.rows.filter((row) => row.deleted_at === null) ?? [];
    if (standing.length === 0) return;
    const { number: at } = chance.pick(standing);
    if (chance.is(0.6)) toggle(app, channel.id, at, chance.pick(['👍', '🎉', '👀']));
    else change(app, channel, at, `${name} ${number} instead`);
  } else if (what < 0.72) app.navigator.go(routeOf(channel));
  else if (what < 0.78) await app.channels.leave(channel.id);
  else if (what < 0.82) app.messages.seen(channel.id, chance.between(0, channel.last_number));
  else if (what < 0.87) {
    const first = chance.between(0, channel.last_number);
    const onScreen = (run?.rows ?? []).map((row) => row.number).filter((at) => at >= first && at < first + 8);
    app.reading.wasOnScreen(channel.id, onScreen);
  } else if (what < 0.88) app.reading.markRead(channel.id);
  else if (what < 0.89) await app.reading.toFirst(channel.id);
  else app.messages.markAt(channel.id, chance.between(0, channel.last_number));
}

/** Edits a message, if it is the person's own, as the field in its place does. */
function change(app: Browser['app'], channel: Channel, number: number, text: string): void {
  beginEdit(app, channel, number);
  const editing = app.state.view.edits.get(channel.id);
  if (editing === undefined) return;
  // One that came second is given up.
  if (editing.second) return cancelEdit(app, editing);
  editing.text = text;
  if (!saveEdit(app, editing)) cancelEdit(app, editing);
}

/** What hosts do. One who runs no channel makes one. */
async function asHost(browser: Browser, number: number, others: readonly number[]): Promise<void> {
  const { app, name, chance } = browser;
  const host = new HostActions(app);
  const own = browser.channels.filter((channel) => channel.host);
  const what = chance.share();
  if (own.length === 0 || what < 0.08) {
    const kind = chance.pick(['public', 'public', 'private'] as const);
    const made = `${name} made ${number}`;
    await app.channels.create({ name: made, kind, people: chance.is(0.5) ? [chance.pick(others)] : [] });
    return;
  }
  const { id } = chance.pick(own);
  const other = chance.pick(others);
  if (what < 0.5) await host.change(id, patch(browser, number));
  else if (what < 0.64) await host.add(id, [{ id: other, name: '' }]);
  else if (what < 0.72) await host.takeOut(id, other);
  else if (what < 0.78) await host.keepOut(id, other);
  else if (what < 0.86) await host.letBackIn(id, other);
  else if (what < 0.9) await host.mute(id, other, chance.pick([0, 5, null]));
  else if (what < 0.96) await host.setHost(id, other, chance.is(0.6));
  else await removeAny(browser, id);
}

function patch({ name, chance }: Browser, number: number): ChannelPatch {
  const what = chance.share();
  if (what < 0.3) return { kind: chance.pick(['public', 'private']) };
  if (what < 0.5) return { name: `${name} ${chance.pick(['again', `named ${number}`])}` };
  if (what < 0.65) return { topic: `topic ${number} of ${name}` };
  if (what < 0.75) return { archived: chance.is(0.4) };
  if (what < 0.83) return { locked: chance.is(0.4) };
  if (what < 0.88) return { all_muted: chance.is(0.4) };
  // Not `newcomers`: the people of later histories would be put in, and this one would never come to rest.
  return { posting: chance.pick(['everybody', 'everybody', 'hosts']) };
}

async function removeAny({ app, chance }: Browser, id: number): Promise<void> {
  const rows = app.state.windows.find(id)?.rows.filter((row) => row.deleted_at === null) ?? [];
  if (rows.length > 0) await new Order(app).removeOther(id, chance.pick(rows).number, { reason: 'spam' });
}

/** Direct conversations, and whom somebody sets aside. */
async function amongPeople(
  { app, chance, channels }: Browser,
  number: number,
  others: readonly number[],
): Promise<void> {
  const direct = new DirectActions(app);
  const conversations = channels.filter(({ kind, member }) => kind === 'direct' && member);
  const what = chance.share();
  if (what < 0.45 || conversations.length === 0) {
    await direct.open(chance.is(0.7) ? [chance.pick(others)] : [...others]);
  } else if (what < 0.65) await direct.hide(chance.pick(conversations).id);
  else if (what < 0.9) say(app, chance.pick(conversations), `just us ${number}`);
  else await people.setAside(app, chance.pick(others), chance.pick(['mute', 'block', null]));
}

function say(app: Browser['app'], { id }: Channel, text: string): void {
  app.state.drafts.write(id, text);
  app.messages.send(id);
}

/** Name, picture, profile, settings. */
async function aboutOneself({ app, name, chance }: Browser, number: number): Promise<void> {
  const what = chance.share();
  if (what < 0.3) await app.session.change({ theme: chance.pick(['light', 'dark', 'auto']) });
  // Some of the names are taken back.
  else if (what < 0.6) await changeName(app, `${name} ${chance.pick(['', 'I', 'II', 'III'])}`);
  else if (what < 0.8) {
    const status = chance.is(0.5) ? { emoji: '🍵', text: `tea ${number}`, quiet: false, until: null } : null;
    await people.changeProfile(app, { about: `about ${number}`, zone: chance.pick(['', 'Asia/Shanghai']), status });
  } else if (what < 0.95) await people.changePicture(app, new Blob([Buffer.from(PICTURE, 'base64')]));
  else await people.removePicture(app);
}
