// @vitest-environment jsdom
/** What the window says of its person and whom it asks about, over a connection that answers at once. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { IDLE_AFTER_MS, MOST_WATCHED, PresenceLine, type Talk } from './presence';
import { PresenceState, TYPING_LASTS_MS } from './state/presence.svelte';

class Server implements Talk {
  connected = true;
  readonly said: [name: string, what: unknown][] = [];
  code: string | undefined;
  readonly #ears = new Map<string, (event: unknown) => void>();

  on(name: string, hear: (event: unknown) => void): void {
    this.#ears.set(name, hear);
  }

  off(name: string): void {
    this.#ears.delete(name);
  }

  emit(name: string, what: unknown, answered?: (answer: { ok: boolean; code?: string }) => void): void {
    this.said.push([name, what]);
    answered?.(this.code === undefined ? { ok: true } : { ok: false, code: this.code });
  }

  tell(name: string, event: unknown = {}): void {
    this.#ears.get(name)?.(event);
  }
}

let server: Server;
let state: PresenceState;
let line: PresenceLine;
let end: () => void;
let hidden = false;

beforeEach(() => {
  vi.useFakeTimers();
  hidden = false;
  vi.spyOn(document, 'hidden', 'get').mockImplementation(() => hidden);
  server = new Server();
  state = new PresenceState();
  line = new PresenceLine(state);
  end = line.start(server);
});

afterEach(() => {
  end();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function newly(): unknown[] {
  vi.advanceTimersByTime(1_000);
  return server.said.splice(0).map(([, what]) => what);
}

test('it says at once that the person is here, and what it shows when that changed', () => {
  expect(server.said.splice(0)).toEqual([['presence', { state: 'here' }]]);
  const first = line.shows(7);
  line.shows(3);
  line.opens(5);
  expect(newly()).toEqual([{ watch: [3, 7], open: 5 }]);
  line.shows(7);
  first();
  expect(newly()).toEqual([]);
  line.opens('5.9');
  expect(newly()).toEqual([{ open: 5, thread: 9 }]);
  line.opens(5);
  expect(newly()).toEqual([{ open: 5 }]);
  line.opens(0);
  expect(newly()).toEqual([{ open: 0 }]);
});

test('what is on the screen before there is a way to the server is said when there is one', () => {
  end();
  newly();
  line.shows(3);
  line.counts([4, 5]);
  line.opens(6);
  expect(newly()).toEqual([]);
  end = line.start(server);
  expect(newly()).toEqual([{ state: 'here', watch: [3, 4, 5], open: 6 }]);
});

test('whoever does not move for ten minutes is away, and here again with the first movement', () => {
  newly();
  vi.advanceTimersByTime(IDLE_AFTER_MS - 20_000);
  expect(newly()).toEqual([]);
  vi.advanceTimersByTime(40_000);
  expect(newly()).toEqual([{ state: 'away' }]);
  dispatchEvent(new KeyboardEvent('keydown', { key: 'a' }));
  expect(newly()).toEqual([{ state: 'here' }]);
  hidden = true;
  document.dispatchEvent(new Event('visibilitychange'));
  expect(newly()).toEqual([{ state: 'away' }]);
});

test('everything is said again after each reconnection', () => {
  line.shows(3);
  line.opens(5);
  newly();
  server.connected = false;
  line.shows(4);
  expect(newly()).toEqual([]);
  server.connected = true;
  server.tell('connect');
  expect(newly()).toEqual([{ state: 'here', watch: [3, 4], open: 5 }]);
});

test('no more are watched than the server takes, and those who were shown last come first', () => {
  newly();
  const many = Array.from({ length: 300 }, (_, at) => 1_000 + at);
  line.counts(many);
  line.shows(1);
  const [said] = newly() as { watch: number[] }[];
  expect(said?.watch).toHaveLength(MOST_WATCHED);
  expect(said?.watch[0]).toBe(1);
});

test('what the server found too frequent is said again later, as a whole', () => {
  newly();
  server.code = 'too_many';
  line.opens(5);
  newly();
  server.code = undefined;
  vi.advanceTimersByTime(5_000);
  expect(newly()).toEqual([{ state: 'here', open: 5 }]);
});

test('somebody is as the server told last, and nothing is known of whom it was not asked about', () => {
  line.shows(3);
  line.shows(4);
  newly();
  server.tell('presence', { whole: true, here: [3] });
  expect([state.of(3), state.of(4), state.of(5)]).toEqual(['here', 'offline', null]);
  server.tell('presence', { away: [3], here: [4] });
  expect([state.of(3), state.of(4)]).toEqual(['away', 'here']);
  server.tell('presence', { gone: [3] });
  expect(state.of(3)).toBe('offline');
  server.tell('presence', { whole: true });
  expect(state.of(4)).toBe('offline');
});

test('typing is said every three seconds, and is over after six or with the message', () => {
  newly();
  line.types(5);
  line.types(5);
  expect(newly()).toEqual([{ channel: 5 }]);
  vi.advanceTimersByTime(2_000);
  line.types(5);
  expect(newly()).toEqual([{ channel: 5 }]);
  const [ada, bob] = [
    { id: 3, name: 'Ada' },
    { id: 4, name: 'Bob' },
  ];
  server.tell('typing', { channel: 5, user: ada });
  server.tell('typing', { channel: 5, user: bob });
  expect(state.typing(5)).toEqual([ada, bob]);
  expect(state.typing(6)).toEqual([]);
  server.tell('message', { type: 'posted', message: { channel: 5, root: 9, author: bob } });
  expect(state.typing(5), 'a reply ends nothing in the channel').toEqual([ada, bob]);
  server.tell('message', { type: 'posted', message: { channel: 5, author: bob } });
  expect(state.typing(5)).toEqual([ada]);
  vi.advanceTimersByTime(TYPING_LASTS_MS - 1);
  server.tell('typing', { channel: 5, user: ada });
  vi.advanceTimersByTime(TYPING_LASTS_MS - 1);
  expect(state.typing(5)).toEqual([ada]);
  vi.advanceTimersByTime(1);
  expect(state.typing(5)).toEqual([]);
});

test('typing in a thread is said and shown there alone, until the reply is there', () => {
  newly();
  line.types('5.9');
  expect(newly()).toEqual([{ channel: 5, thread: 9 }]);
  const ada = { id: 3, name: 'Ada' };
  server.tell('typing', { channel: 5, thread: 9, user: ada });
  expect([state.typing('5.9'), state.typing('5.8'), state.typing(5)]).toEqual([[ada], [], []]);
  server.tell('message', { type: 'posted', message: { channel: 5, author: ada } });
  expect(state.typing('5.9')).toEqual([ada]);
  server.tell('message', { type: 'posted', message: { channel: 5, root: 9, author: ada } });
  expect(state.typing('5.9')).toEqual([]);
});
