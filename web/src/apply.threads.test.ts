import { describe, expect, it } from 'vitest';
import { apply } from './apply';
import { firstUnread, markBySeen } from './state/seen';
import type { Mention, ServerEvent } from './wire';
import { client, counts, heads, random, recover } from './test-client';
import { ADA, CHANNEL, RAIN, Server } from './test-server';

const CALLS_ADA: Mention[] = [{ start: 0, length: 4, user: ADA.id }];

/** A client beside whose channel the thread of a message stands. */
function beside(server: Server, root: number) {
  const state = client(server);
  const thread = state.threads.begin(CHANNEL, root);
  thread.begin(server.threadPage(root), null);
  return { state, thread, run: state.windows.open(CHANNEL) };
}

const tell = (state: ReturnType<typeof client>, told: readonly ServerEvent[]) =>
  told.flatMap((event) => [...apply(state, event)]);

describe('replies', () => {
  it('stand in their thread and not in the run, unless they were sent to the channel too; the root says how many', () => {
    const server = new Server();
    server.post();
    const { state, thread, run } = beside(server, 1);
    server.reply(1);
    server.reply(1, ADA, true);
    server.post();
    expect(tell(state, server.events.slice(1))).toEqual([]);
    expect(run.rows).toEqual(server.page().messages);
    expect(run.rows.map(({ number }) => number)).toEqual([1, 3, 4]);
    expect(thread.rows.map(({ number }) => number)).toEqual([2, 3]);
    expect([run.at(1)?.thread?.replies, thread.head?.thread?.replies]).toEqual([2, 2]);
    expect(run.at(1)?.thread?.faces.map(({ id }) => id)).toEqual([ADA.id, RAIN.id]);
    server.remove(2);
    tell(state, server.events.slice(-1));
    expect([run.at(1)?.thread?.replies, thread.at(2)?.deleted_at === null]).toEqual([1, false]);
  });

  it('leave what the channel counts alone, and what it says of its newest message', () => {
    const server = new Server();
    server.post(RAIN);
    const state = counts(client(server), server);
    server.reply(1, RAIN, false, CALLS_ADA);
    tell(state, server.events.slice(1));
    expect(state.channels.find(CHANNEL)).toMatchObject({
      unread: 1,
      mentions: 0,
      last_number: 2,
      last_message: { number: 1 },
    });
    server.remove(2);
    tell(state, server.events.slice(2));
    expect(state.channels.find(CHANNEL)).toMatchObject({ unread: 1, last_message: { number: 1 }, revision: 3 });
  });

  it('do not let an answer that comes before its event hide what became of the root', () => {
    const server = new Server();
    server.post();
    const { state, run, thread } = beside(server, 1);
    const reply = server.reply(1, ADA);
    if (reply === undefined) throw new Error('no reply');
    for (const one of state.holders(CHANNEL)) one.applyAnswer(reply);
    expect([thread.rows, run.rows[0]?.thread]).toEqual([[reply], undefined]);
    // Its event is lost; the next one shows that.
    server.post();
    expect(apply(state, server.events.at(-1) as ServerEvent)).toMatchObject([{ stream: CHANNEL }]);
    recover(state, server, [{ stream: CHANNEL, revision: server.revision }]);
    expect(run.rows).toEqual(server.page().messages);
  });

  it('are not lost by an answer to a command that changed nothing, which has the revision of the newest reply', () => {
    const server = new Server();
    server.post();
    const { state, run, thread } = beside(server, 1);
    // Its event is lost.
    server.reply(1, RAIN, true);
    const [root] = server.rows;
    if (root === undefined) throw new Error('no root');
    expect(root.revision).toBe(server.revision);
    for (const one of state.holders(CHANNEL)) one.applyAnswer(root);
    expect(run.rows).toEqual([root]);
    const [head] = apply(state, heads([CHANNEL, server.revision]));
    expect(head).toEqual({ stream: CHANNEL, revision: server.revision });
    recover(state, server, [{ stream: CHANNEL, revision: server.revision }]);
    expect([run.rows, thread.rows]).toEqual([server.page().messages, server.threadPage(1).replies]);
  });

  it('leave gaps in the numbers, over which pages meet as the server says', () => {
    const server = new Server();
    for (let i = 0; i < 3; i += 1) server.post();
    for (let i = 0; i < 5; i += 1) server.reply(1);
    for (let i = 0; i < 3; i += 1) server.post();
    const run = client(server).windows.open(CHANNEL);
    const all = server.page().messages;
    const [older, newer] = [all.slice(0, 3), all.slice(3)];
    const part = (messages: typeof all) => ({ ...server.page(), messages });
    run.replace({ ...part(newer), has_older: true });
    run.addOlder({ ...part(older), has_newer: true });
    expect(run.rows).toEqual(all);
    run.replace({ ...part(older), has_newer: true });
    run.addNewer({ ...part(newer), has_older: true });
    expect(run.rows).toEqual(all);
    // A page with a row missing between does not join, whatever the numbers say.
    run.replace({ ...part(newer), has_older: true });
    run.addOlder({ ...part(older.slice(0, 2)), has_newer: true });
    expect(run.rows).toEqual(newer);
    const reader = { me: ADA.id, calls: () => false };
    expect([
      run.unreadAbove(2, reader),
      run.unreadAbove(3, reader)?.unread,
      run.unreadAbove(6, reader)?.unread,
    ]).toEqual([null, 3, 3]);
    const rows = { rows: newer, hasOlder: true };
    expect([firstUnread(2, rows, ADA.id), firstUnread(5, rows, ADA.id)?.number]).toEqual([null, 9]);
    for (const { number } of newer) run.seen.add(number);
    expect([markBySeen(2, rows, run.seen, ADA.id), markBySeen(5, rows, run.seen, ADA.id)]).toEqual([2, 11]);
  });

  it('in any cut, doubling and order end, with catching up, where a fresh load begins', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const next = random(seed);
      const pick = (below: number): number => Math.floor(next() * below);
      const server = new Server();
      for (let i = 1 + pick(8); i > 0; i -= 1) server.post();
      const root = 1 + pick(server.rows.length);
      const { state, run, thread } = beside(server, root);
      counts(state, server);
      let [step, mark, delivered] = [1, root, server.events.length];
      state.follows.replace([server.followOf(root, mark, step)]);
      const look = (): void => void state.follows.replace([server.followOf(root, mark, step)]);
      state.follows.onUnknown = look;
      const take = (told: ServerEvent): void => {
        const gaps = apply(state, told);
        if (gaps.length > 0) look();
        recover(state, server, gaps);
      };
      const held: ServerEvent[] = [];
      for (let at = 0; at < 60; at += 1) {
        const what = next();
        const any = server.floor + 1 + pick(server.kept.length);
        const author = next() < 0.5 ? ADA : RAIN;
        if (what < 0.45)
          server.reply(next() < 0.7 ? root : any, author, next() < 0.3, next() < 0.3 ? CALLS_ADA : undefined);
        else if (what < 0.6) server.post(author);
        else if (what < 0.67) server.edit(any, `edited ${at}`);
        else if (what < 0.72) server.call(any, next() < 0.5 ? CALLS_ADA : []);
        else if (what < 0.8) server.react(any, author, '👍', next() < 0.6);
        else if (what < 0.82) server.line();
        else if (what < 0.83) server.clear(Math.min(root - 1, pick(server.rows.length + 1)));
        else if (what < 0.9) {
          // Ada reads on, in another window.
          [step, mark] = [step + 1, server.rows.length];
          const follow = server.followOf(root, mark, step);
          if (next() < 0.5 || !state.follows.take(follow)) look();
        } else server.remove(any);
        for (const told of server.events.slice(delivered)) {
          const fate = next();
          if (fate < 0.15) continue;
          if (fate < 0.3) held.push(told);
          else take(told);
          if (fate > 0.9) take(told);
        }
        delivered = server.events.length;
        if (held.length > 0 && next() < 0.3) take(held.splice(pick(held.length), 1)[0] as ServerEvent);
        const last = server.rows.at(-1);
        // Of a command that changed something, or of one that did not.
        const answered = next() < 0.5 ? last : server.rows[root - 1];
        if (next() < 0.1 && answered !== undefined) for (const one of state.holders(CHANNEL)) one.applyAnswer(answered);
      }
      take(heads([CHANNEL, server.revision]));
      expect(run.rows, `seed ${seed}`).toEqual(server.page(1000).messages);
      const { root: head, replies } = server.threadPage(root);
      expect([thread.head, thread.rows], `thread of seed ${seed}`).toEqual([head, replies]);
      const { unread, mentions, number, last_number } = state.follows.find(CHANNEL, root) ?? {};
      const told = server.followOf(root, mark, step);
      expect([unread, mentions, number, last_number], `follow of seed ${seed}`).toEqual([
        told.unread,
        told.mentions,
        mark,
        told.last_number,
      ]);
      const listed = state.channels.find(CHANNEL);
      const info = server.info();
      expect([listed?.unread, listed?.mentions, listed?.last_message?.number]).toEqual([
        info.unread,
        info.mentions,
        info.last_message?.number,
      ]);
    }
  });
});

describe('threads that are followed', () => {
  it('count replies by others above the mark, from a revision on, and a mark is shown before it is answered', () => {
    const server = new Server();
    server.post(ADA);
    server.reply(1);
    const state = client(server);
    state.follows.replace([server.followOf(1, 1, 1)]);
    expect(state.follows.waiting).toEqual({ unread: 1, mentions: 0 });
    const at = server.events.length;
    server.reply(1, ADA);
    server.reply(1, RAIN, true);
    server.reply(1, RAIN, false, CALLS_ADA);
    tell(state, server.events.slice(at));
    expect(state.follows.find(CHANNEL, 1)).toMatchObject({ unread: 2, mentions: 1 });
    state.follows.mark(CHANNEL, 1, { number: 5, kind: 'read', unread: 0, mentions: 0 });
    expect([state.follows.find(CHANNEL, 1)?.unread, state.follows.waiting.unread]).toEqual([0, 0]);
    state.follows.unmark(CHANNEL, 1);
    expect(state.follows.waiting).toEqual({ unread: 1, mentions: 1 });
    state.follows.forget(CHANNEL);
    expect([state.follows.find(CHANNEL, 1), state.follows.revision(CHANNEL)]).toEqual([undefined, undefined]);
  });

  it('are asked for again when events were missed, and when an answer is older than what was heard', () => {
    const server = new Server();
    server.post(ADA);
    const state = client(server);
    const before = server.followOf(1, 1, 1);
    expect(state.follows.replace([before])).toBe(true);
    server.reply(1);
    tell(state, server.events.slice(1));
    expect(state.follows.take({ ...before, step: 2 })).toBe(false);
    server.reply(1);
    server.reply(1);
    expect(apply(state, server.events.at(-1) as ServerEvent)).toMatchObject([{ stream: CHANNEL, revision: 4 }]);
  });
});
