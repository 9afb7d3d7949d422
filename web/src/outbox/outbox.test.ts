import { describe, expect, it, vi } from 'vitest';
import { DraftFile } from '../state/drafts.svelte';
import type { Channel } from '../wire';
import { ADA, calls, furnish, GRACE, SERVER, Tab, turn, until, OWNER } from './test-browser';

furnish();

describe('the outbox', () => {
  it('sends one at a time per channel, in order, and channels side by side', async () => {
    const { outbox, state } = await new Tab().open();
    for (const text of ['a', 'b']) void outbox.add(7, text, []);
    void outbox.add(8, 'c', []);
    expect(state.outbox.list).toHaveLength(3);
    await until(() => calls.length === 2);
    expect(calls.map(({ text }) => text)).toEqual(['a', 'c']);
    calls[0]?.accept();
    await until(() => calls.length === 3);
    expect(calls[2]?.text).toBe('b');
    expect(state.outbox.list.map(({ text }) => text)).toEqual(['b', 'c']);
  });

  it('tries again with the same key after the network dropped, with growing pauses', async () => {
    const { outbox, state } = await new Tab().open();
    void outbox.add(7, 'a', []);
    for (const longest of [1_000, 2_000, 4_000]) {
      await until(() => calls.at(-1)?.done === false);
      const before = calls.length;
      calls.at(-1)?.drop();
      await turn();
      await vi.advanceTimersByTimeAsync(longest / 2 - 1);
      await turn();
      expect(calls).toHaveLength(before);
      await vi.advanceTimersByTimeAsync(longest / 2 + 2);
      await until(() => calls.length === before + 1);
    }
    expect(new Set(calls.map(({ key }) => key)).size).toBe(1);
    expect(state.outbox.list[0]).toMatchObject({ state: 'waiting' });
    calls.at(-1)?.accept();
    await until(() => state.outbox.list.length === 0);
  });

  it('goes on at once when the connection is back, but not before the server wants it', async () => {
    const { outbox, state } = await new Tab().open();
    void outbox.add(7, 'a', []);
    await until(() => calls.length === 1);
    calls[0]?.drop();
    await turn();
    outbox.wake();
    await until(() => calls.length === 2);
    calls[1]?.answer(429, { code: 'too_many', detail: 'Too many messages.' }, { 'retry-after': '9' });
    await until(() => state.outbox.list[0]?.reason !== null);
    expect(state.outbox.list[0]).toMatchObject({ state: 'waiting', reason: expect.stringContaining('in 9 s') });
    for (let i = 0; i < 3; i += 1) {
      outbox.wake();
      await turn();
    }
    await vi.advanceTimersByTimeAsync(8_500);
    await turn();
    expect(calls).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(600);
    await until(() => calls.length === 3);
  });

  it('keeps a refused message in its place, lets the next ones pass, and retries when told', async () => {
    const { outbox, state } = await new Tab().open();
    for (const text of ['a', 'b']) void outbox.add(7, text, []);
    await until(() => calls.length === 1);
    calls[0]?.answer(403, { code: 'forbidden', detail: 'You may not write here.' });
    await until(() => calls.length === 2);
    expect(calls[1]?.text).toBe('b');
    const [refused] = state.outbox.list;
    expect(refused).toMatchObject({ text: 'a', state: 'refused', reason: 'You may not write here.' });
    calls[1]?.accept();
    await until(() => state.outbox.list.length === 1);
    void outbox.retry(refused?.key ?? '');
    await until(() => calls.length === 3);
    expect(calls[2]).toMatchObject({ text: 'a', key: refused?.key });
    calls[2]?.answer(403, { detail: 'no' });
    await until(() => state.outbox.list[0]?.state === 'refused');
    await outbox.discard(refused?.key ?? '');
    expect(state.outbox.list).toEqual([]);
    expect((await new Tab().open()).texts).toEqual([]);
  });

  it('says who wrote what, and for which server', async () => {
    const { outbox } = await new Tab().open();
    void outbox.add(7, 'a', []);
    await until(() => calls.length === 1);
    expect(calls[0]?.sender).toEqual({ user: ADA.id, ...SERVER });
  });

  it('offers what was written before a restore, and does not send it by itself', async () => {
    const tab = await new Tab().open();
    void tab.outbox.add(7, 'a', []);
    await until(() => calls.length === 1);
    calls[0]?.answer(409, { code: 'other_instance', detail: 'It was restored.' });
    await until(() => tab.state.outbox.list[0]?.state === 'refused');
    tab.close();
    const restored = { ...SERVER, epoch: 'second' };
    const after = await new Tab().open(ADA, restored);
    expect(after.state.outbox.list).toMatchObject([{ text: 'a', state: 'refused' }]);
    expect(calls).toHaveLength(1);
    void after.outbox.retry(after.state.outbox.list[0]?.key ?? '');
    await until(() => calls.length === 2);
    expect(calls[1]?.sender).toEqual({ user: ADA.id, ...restored });
  });

  it('offers what was waiting for a server that was restored meanwhile', async () => {
    const tab = await new Tab().open();
    void tab.outbox.add(7, 'a', []);
    await until(() => calls.length === 1);
    tab.close();
    const after = await new Tab().open(ADA, { ...SERVER, epoch: 'second' });
    expect(after.state.outbox.list).toMatchObject([{ text: 'a', state: 'refused' }]);
    await turn();
    expect(calls).toHaveLength(1);
  });

  it('shows nothing of a person whose number another has now', async () => {
    const tab = await new Tab().open();
    void tab.outbox.add(7, 'a', []);
    await until(() => calls.length === 1);
    tab.close();
    const other = { id: ADA.id, name: 'Grace' };
    expect((await new Tab().open(other, { ...SERVER, epoch: 'second' }, '2026-02-02T00:00:00.000Z')).texts).toEqual([]);
    expect((await new Tab().open(other, { instance: 'new', epoch: 'x' })).texts).toEqual([]);
    await turn();
    expect(calls).toHaveLength(1);
  });

  it('offers what somebody of the same name left with a server that was replaced', async () => {
    const tab = await new Tab().open();
    void tab.outbox.add(7, 'a', [new DraftFile('f', new File(['bytes'], 'x.txt'))]);
    await until(() => tab.state.outbox.list[0]?.kept === 'disk');
    tab.close();
    const after = new Tab();
    const general = { id: 3, name: 'general', member: true } as Channel;
    after.state.channels.replace([general]);
    await after.open({ id: 9, name: ADA.name }, { instance: 'new', epoch: 'x' });
    await until(() => after.state.outbox.list.length === 1);
    expect(after.state.outbox.list).toMatchObject([{ text: 'a', channel: 3, state: 'refused' }]);
    const taken = await after.outbox.takeBack(after.state.outbox.list[0]?.key ?? '');
    expect(await taken?.files.get('f')?.text()).toBe('bytes');
    expect((await new Tab().open()).texts).toEqual([]);
  });

  it('keeps everything when the session is over, and sends it when the same person is back', async () => {
    const tab = await new Tab().open();
    void tab.outbox.add(7, 'a', []);
    await until(() => calls.length === 1);
    calls[0]?.answer(401, { code: 'not_signed_in', detail: 'You are not logged in.' });
    await until(() => tab.ended > 0);
    tab.close();
    expect(tab.texts).toEqual([]);
    expect((await tab.open(GRACE)).texts).toEqual([]);
    expect(calls).toHaveLength(1);
    await tab.open(ADA);
    await until(() => calls.length === 2);
    expect(calls[1]).toMatchObject({ text: 'a', key: calls[0]?.key });
  });

  it('never sends under another account, even when that signed in a moment ago', async () => {
    let account = ADA.id;
    const tab = await new Tab(() => account).open();
    account = GRACE.id;
    void tab.outbox.add(7, 'for Ada only', []);
    await until(() => tab.ended > 0);
    expect(calls).toEqual([]);
  });

  it('survives the end of the page: same order, same keys, refused ones still refused', async () => {
    const first = await new Tab().open();
    for (const text of ['a', 'b', 'c']) void first.outbox.add(7, text, []);
    await until(() => calls.length === 1);
    calls[0]?.answer(403, { detail: 'no' });
    await until(() => calls.length === 2);
    const keys = first.state.outbox.list.map(({ key }) => key);
    first.close();
    const again = await new Tab().open();
    expect(again.state.outbox.list).toMatchObject([
      { key: keys[0], text: 'a', state: 'refused', reason: 'no' },
      { key: keys[1], text: 'b', state: 'waiting' },
      { key: keys[2], text: 'c', state: 'waiting' },
    ]);
    await until(() => calls.length === 3);
    expect(calls[2]).toMatchObject({ text: 'b', key: keys[1] });
  });

  it('settles a message once, whether the event or the answer comes first', async () => {
    const { outbox, settled } = await new Tab().open();
    void outbox.add(7, 'a', []);
    await until(() => calls.length === 1);
    outbox.confirmStored(calls[0]?.key ?? '');
    calls[0]?.accept();
    await turn();
    expect(settled).toEqual([]);
    expect((await new Tab().open()).texts).toEqual([]);
  });

  it('does not ask for what the rows show to be stored already', async () => {
    const first = await new Tab().open();
    void first.outbox.add(7, 'a', []);
    await until(() => calls.length === 1);
    first.close();
    const again = new Tab();
    const message = { channel: 7, number: 1, revision: 1, key: calls[0]?.key ?? '', author: ADA, text: 'a' };
    const stored = { ...message, created_at: '', deleted_at: null, removed: false, attachments: [] };
    again.state.windows
      .open(7)
      .replace({ channel: 7, revision: 1, last_number: 1, messages: [stored], has_older: false, has_newer: false });
    await again.open();
    await until(() => again.texts.length === 0);
    expect(calls).toHaveLength(1);
    expect(again.settled).toEqual([stored]);
  });

  it('gives a refused message back with its files', async () => {
    const { outbox, state } = await new Tab().open();
    vi.stubGlobal('XMLHttpRequest', undefined);
    const file = new DraftFile('f1', new File(['the bytes'], 'a.txt', { type: 'text/plain' }));
    void outbox.add(7, 'with a file', [file]);
    await until(() => state.outbox.list[0]?.kept === 'disk');
    const back = await outbox.takeBack(state.outbox.list[0]?.key ?? '');
    expect(back?.row.text).toBe('with a file');
    expect(await back?.files.get('f1')?.text()).toBe('the bytes');
    expect((await new Tab().open()).texts).toEqual([]);
  });
});

describe('two tabs', () => {
  it('show the same, and one sends', async () => {
    const [one, two] = [await new Tab().open(), await new Tab().open()];
    void one.outbox.add(7, 'a', []);
    void two.outbox.add(8, 'b', []);
    await until(() => calls.length === 2 && one.texts.length === 2 && two.texts.length === 2);
    await turn();
    expect(calls).toHaveLength(2);
    for (const call of calls) call.accept();
    await until(() => one.texts.length === 0 && two.texts.length === 0);
    expect([one.settled.length, two.settled.length]).toEqual([2, 2]);
  });

  it('go on with the same key when the one that sends is gone in the middle of it', async () => {
    const [one, two] = [await new Tab().open(), await new Tab().open()];
    for (const text of ['a', 'b']) void two.outbox.add(7, text, []);
    await until(() => calls.length === 1 && one.texts.length === 2);
    one.close();
    await until(() => calls.length === 2);
    expect(calls[1]?.key).toBe(calls[0]?.key);
    calls[1]?.accept();
    await until(() => calls.length === 3);
    calls[2]?.accept();
    await until(() => two.texts.length === 0);
  });

  it('take turns by a lease where the browser has no locks', async () => {
    vi.stubGlobal('navigator', {});
    const [one, two] = [await new Tab().open(), await new Tab().open()];
    void two.outbox.add(7, 'a', []);
    await until(() => calls.length === 1 && one.texts.length === 1);
    await vi.advanceTimersByTimeAsync(20_000);
    await turn();
    expect(calls).toHaveLength(1);
    one.close();
    await until(
      () => calls.length === 2,
      () => vi.advanceTimersByTimeAsync(1_000),
    );
    expect(calls[1]?.key).toBe(calls[0]?.key);
  });

  it('take over from one that sleeps with the right to send in its hands', async () => {
    void navigator.locks
      .request('chinwag.outbox.' + OWNER, {}, () => new Promise<void>(() => undefined))
      .catch(() => undefined);
    const tab = await new Tab().open();
    void tab.outbox.add(7, 'a', []);
    await until(() => tab.state.outbox.list[0]?.kept === 'disk');
    await vi.advanceTimersByTimeAsync(3_000);
    await turn();
    expect(calls).toEqual([]);
    await vi.advanceTimersByTimeAsync(2_000);
    await until(() => calls.length === 1);
  });

  it('leave the right to send where it is while its holder answers', async () => {
    const [one, two] = [await new Tab().open(), await new Tab().open()];
    void two.outbox.add(7, 'a', []);
    await until(() => calls.length === 1);
    await vi.advanceTimersByTimeAsync(60_000);
    await turn();
    expect(calls).toHaveLength(1);
    calls[0]?.accept();
    await until(() => one.settled.length === 1 && two.settled.length === 1);
  });

  it('both forget what is discarded in one', async () => {
    const [one, two] = [await new Tab().open(), await new Tab().open()];
    void one.outbox.add(7, 'a', []);
    await until(() => calls.length === 1 && two.texts.length === 1);
    calls[0]?.drop();
    await turn();
    await two.outbox.discard(two.state.outbox.list[0]?.key ?? '');
    await until(() => one.texts.length === 0);
    await vi.advanceTimersByTimeAsync(60_000);
    await turn();
    expect(calls).toHaveLength(1);
  });
});

describe('without a disk', () => {
  it('sends from memory and says so once', async () => {
    vi.stubGlobal('indexedDB', {
      open: () => {
        throw new DOMException('no', 'SecurityError');
      },
    });
    const { outbox, state } = await new Tab().open();
    for (const text of ['a', 'b']) void outbox.add(7, text, []);
    await until(() => calls.length === 1);
    expect(state.flashes.list).toHaveLength(1);
    expect(state.flashes.list[0]?.text).toMatch(/stores nothing/);
    calls[0]?.accept();
    await until(() => calls.length === 2);
    calls[1]?.accept();
    await until(() => state.outbox.list.length === 0);
  });

  it('keeps what is unsent for the same person while the page lives', async () => {
    vi.stubGlobal('indexedDB', {
      open: () => {
        throw new DOMException('no', 'SecurityError');
      },
    });
    const tab = await new Tab().open();
    void tab.outbox.add(7, 'a', []);
    await until(() => calls.length === 1);
    tab.close();
    expect((await tab.open(GRACE)).texts).toEqual([]);
    expect((await tab.open(ADA)).texts).toEqual(['a']);
    await until(() => calls.length === 2);
  });
});
