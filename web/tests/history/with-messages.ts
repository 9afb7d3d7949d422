/** What somebody does with the messages of others: answers in threads, quotes, forwards, pins and saves, by chance. */
import { Keeping } from '../../src/actions/keeping';
import { threadsOf } from '../../src/actions/threads';
import { setLevel } from '../../src/actions/wishing';
import { placeOf } from '../../src/state/place';
import type { Channel, Message } from '../../src/wire';
import type { Browser } from './browser';

export async function withMessages(browser: Browser, number: number): Promise<void> {
  const { app, chance, channels } = browser;
  const { state } = app;
  const channel = chance.pick(channels);
  const run = state.windows.find(channel.id);
  const standing = run?.rows.filter((row) => row.deleted_at === null && row.line === undefined) ?? [];
  if (standing.length === 0) return;
  const message = chance.pick(standing);
  const at = message.number;
  const keeping = new Keeping(app);
  const what = chance.share();
  if (what < 0.32) await inThread(browser, channel, message, number);
  else if (what < 0.44) {
    if (!channel.member) return;
    state.drafts.write(channel.id, `${browser.name} ${number} on that`);
    state.drafts.setQuote(channel.id, at);
    app.messages.send(channel.id);
  } else if (what < 0.54) {
    const to = chance.pick(channels);
    if (to.member)
      await app.messages.outbox.forward(to.id, chance.pick(['', 'look']), { channel: channel.id, number: at });
  } else if (what < 0.64) keeping.pin(channel.id, at);
  else if (what < 0.7) keeping.unpin(channel.id, at);
  else if (what < 0.8) keeping.save(channel.id, at);
  else if (what < 0.85) keeping.unsave(channel.id, at);
  else if (what < 0.9) await keeping.note(channel.id, at, `note ${number}`);
  else if (channel.member) setLevel(app, channel, chance.pick(['all', 'mentions', 'nothing']));
}

/** Opens a thread and does something in it: one at a time is open, as beside the channel. */
async function inThread(
  { app, name, chance }: Browser,
  channel: Channel,
  message: Message,
  number: number,
): Promise<void> {
  const { state } = app;
  const threads = threadsOf(app);
  // Mostly the one that is open: otherwise none becomes long.
  const open = state.threads.of(channel.id);
  const root = open !== undefined && chance.is(0.6) ? open.root : (message.root ?? message.number);
  const run = state.threads.begin(channel.id, root);
  if (!run.loaded) await threads.load(run, null);
  const place = placeOf(channel.id, root);
  const what = chance.share();
  if (what < 0.5) {
    if (!channel.member) return;
    state.drafts.write(place, `${name} ${number} in a thread`);
    app.messages.send(place, chance.is(0.3));
  } else if (what < 0.62) {
    const own = run.rows.findLast((row) => row.author.id === state.session.me?.id && row.deleted_at === null);
    if (own !== undefined) await app.messages.remove(channel.id, own.number);
  } else if (what < 0.75)
    threads.wasOnScreen(
      run,
      run.rows.slice(0, chance.between(1, 6)).map((row) => row.number),
    );
  else if (what < 0.82) threads.markRead(channel.id, root);
  else if (channel.member) await threads.follow(channel.id, root, chance.is(0.5));
}
