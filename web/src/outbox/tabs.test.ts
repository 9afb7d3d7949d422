/** Who sends where the browser has no locks, as on every page without HTTPS. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { OutboxStore } from './store';
import { calls, furnish, Tab, turn, until, OWNER, SERVER } from './test-browser';

furnish();

/** What a tab keeps for itself over a reload. */
let session: Map<string, string>;

beforeEach(() => {
  session = new Map();
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => session.get(key) ?? null,
    setItem: (key: string, value: string) => void session.set(key, value),
    removeItem: (key: string) => void session.delete(key),
  });
});

/** A tab takes the right to send and ends without giving it back. */
async function abandoned(holder = 'gone'): Promise<void> {
  await new OutboxStore(SERVER.instance).lease(OWNER, { holder, lifeMs: 7_000, silent: null }, Date.now());
}

describe('the right to send without locks', () => {
  it('is taken after 300 ms from a tab that does not answer', async () => {
    await abandoned();
    const tab = await new Tab().open();
    void tab.outbox.add(7, 'a', []);
    await until(() => tab.state.outbox.list[0]?.kept === 'disk');
    await vi.advanceTimersByTimeAsync(290);
    await turn();
    expect(calls).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(20);
    await until(() => calls.length === 1);
  });

  it('is a tab’s own again after a reload', async () => {
    await abandoned('me');
    session.set(`chinwag.tab.${OWNER}`, 'me');
    // Somebody else’s, on another server that was at this address.
    session.set('chinwag.tab.other.1.0', 'not me');
    const tab = await new Tab().open();
    void tab.outbox.add(7, 'a', []);
    await until(() => calls.length === 1);
    // A tab that is copied while it lives does not copy the name.
    expect([...session.values()]).toEqual(['not me']);
    tab.outbox.suspend();
    expect(session.get(`chinwag.tab.${OWNER}`)).toBe('me');
  });

  it('is given back by a tab that is left, and taken by the other at once', async () => {
    const [one, two] = [await new Tab().open(), await new Tab().open()];
    void two.outbox.add(7, 'a', []);
    await until(() => calls.length === 1);
    calls[0]?.accept();
    await until(() => two.texts.length === 0);
    one.outbox.suspend();
    await turn();
    void two.outbox.add(7, 'b', []);
    await until(() => calls.length === 2);
  });

  it('stays with a tab that answers, and comes back to one that is shown again', async () => {
    const [one, two] = [await new Tab().open(), await new Tab().open()];
    for (let i = 0; i < 10; i += 1) {
      await vi.advanceTimersByTimeAsync(1_000);
      await turn();
    }
    void two.outbox.add(7, 'a', []);
    await until(() => calls.length === 1);
    two.outbox.suspend();
    await turn();
    calls[0]?.accept();
    await until(() => one.texts.length === 0 && two.texts.length === 0);
    // The one that sent is the first: it answers for itself when the second looks again.
    one.outbox.suspend();
    one.outbox.resume();
    await turn();
    void one.outbox.add(7, 'b', []);
    await until(
      () => calls.length === 2,
      () => vi.advanceTimersByTimeAsync(100),
    );
  });
});
