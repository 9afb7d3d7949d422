import { describe, expect, it } from 'vitest';
import type { Message } from '../wire';
import { firstUnread, isForReading, markBySeen, MOST_STRETCHES, Seen, toReadBetween } from './seen';

const ME = 1;
const RAIN = 2;

function row(number: number, author = RAIN, deleted = false): Message {
  const at = '2026-03-18T09:00:00.000Z';
  return {
    channel: 7,
    number,
    revision: number,
    key: `k${number}`,
    author: { id: author, name: `n${author}` },
    text: 't',
    created_at: at,
    deleted_at: deleted ? at : null,
    removed: false,
    attachments: [],
  };
}

function rows(first: number, last: number): Message[] {
  return Array.from({ length: last - first + 1 }, (_, index) => row(first + index));
}

function seen(...numbers: readonly number[]): Seen {
  const made = new Seen();
  for (const number of numbers) made.add(number);
  return made;
}

const whole = (list: readonly Message[]) => ({ rows: list, hasOlder: false });

describe('what was seen', () => {
  it('knows what was added, in any order', () => {
    const some = seen(5, 3, 9, 4, 4);
    expect([1, 2, 3, 4, 5, 6, 8, 9, 10].filter((number) => some.has(number))).toEqual([3, 4, 5, 9]);
  });

  it('forgets what is below the mark, also in the middle of a stretch', () => {
    const some = seen(1, 2, 3, 4, 7);
    some.forgetUpTo(3);
    expect([1, 2, 3, 4, 7].filter((number) => some.has(number))).toEqual([4, 7]);
    some.clear();
    expect(some.has(7)).toBe(false);
  });

  it('has a bound, and what it forgets counts as not seen', () => {
    const some = new Seen();
    for (let index = 0; index <= MOST_STRETCHES; index += 1) some.add(1 + 2 * index);
    expect(some.has(1)).toBe(false);
    expect(some.has(3)).toBe(true);
  });
});

describe('the mark', () => {
  it('does not move over what was not on screen', () => {
    expect(markBySeen(0, whole(rows(1, 153)), seen(150, 151, 152, 153), ME)).toBe(0);
  });

  it('moves as far as everything before was seen', () => {
    expect(markBySeen(2, whole(rows(1, 10)), seen(3, 4, 6, 9, 10), ME)).toBe(4);
  });

  it('moves over what was seen below a gap once the gap is closed', () => {
    const some = seen(8, 9, 10, 3, 4, 5, 6);
    expect(markBySeen(2, whole(rows(1, 10)), some, ME)).toBe(6);
    some.add(7);
    expect(markBySeen(2, whole(rows(1, 10)), some, ME)).toBe(10);
  });

  it('passes own messages and tombstones', () => {
    const list = [row(1), row(2, ME), row(3, RAIN, true), row(4), row(5, ME), row(6)];
    expect(markBySeen(1, whole(list), seen(4), ME)).toBe(5);
  });

  it('stays where the rows do not reach down to it', () => {
    const below = { rows: rows(54, 153), hasOlder: true };
    const some = seen(...rows(54, 153).map(({ number }) => number));
    expect(markBySeen(0, below, some, ME)).toBe(0);
    expect(markBySeen(53, below, some, ME)).toBe(153);
    expect(firstUnread(0, below, ME)).toBeNull();
  });

  it('never moves down', () => {
    expect(markBySeen(7, whole(rows(1, 10)), seen(1, 2, 3), ME)).toBe(7);
    expect(markBySeen(10, whole(rows(1, 10)), seen(), ME)).toBe(10);
    expect(markBySeen(3, whole([]), seen(4), ME)).toBe(3);
  });
});

/** Whom messages with even numbers call. */
const reader = { me: ME, calls: ({ number }: Message): boolean => number % 2 === 0 };

it('the first unread one is neither own nor deleted', () => {
  const list = [row(1), row(2, ME), row(3, RAIN, true), row(4), row(5)];
  expect(firstUnread(1, whole(list), ME)?.number).toBe(4);
  expect(firstUnread(5, whole(list), ME)).toBeNull();
  expect(toReadBetween(list, 1, 4, reader)).toEqual({ unread: 1, mentions: 1 });
  expect(toReadBetween(list, 0, 5, reader)).toEqual({ unread: 3, mentions: 1 });
});

it('after any history the mark is where the rule says, message by message', () => {
  let state = 1;
  const chance = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let history = 0; history < 300; history += 1) {
    const list: Message[] = [];
    const shown = new Set<number>();
    const some = new Seen();
    let mark = 0;
    for (let step = 0; step < 60; step += 1) {
      const what = chance(10);
      if (what < 4) list.push(row(list.length + 1, chance(4) === 0 ? ME : RAIN));
      else if (what < 5 && list.length > 0) {
        const at = chance(list.length);
        const old = list[at];
        if (old !== undefined) list[at] = row(old.number, old.author.id, true);
      } else if (list.length > 0) {
        const first = 1 + chance(list.length);
        for (let number = first; number <= Math.min(list.length, first + chance(8)); number += 1) {
          shown.add(number);
          some.add(number);
        }
      }
      const moved = markBySeen(mark, whole(list), some, ME);
      const unseen = list.find(({ number }) => number > mark && !shown.has(number) && isUnread(list, number));
      expect(moved).toBe(Math.max(mark, (unseen?.number ?? list.length + 1) - 1));
      const [below, above] = [
        toReadBetween(list, mark, moved, reader),
        toReadBetween(list, moved, list.length, reader),
      ];
      const all = { unread: below.unread + above.unread, mentions: below.mentions + above.mentions };
      expect(toReadBetween(list, mark, list.length, reader)).toEqual(all);
      mark = moved;
      some.forgetUpTo(mark);
    }
  }
});

function isUnread(list: readonly Message[], number: number): boolean {
  const one = list[number - 1];
  return one !== undefined && isForReading(one, ME);
}
