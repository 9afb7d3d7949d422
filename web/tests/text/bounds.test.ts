/**
 * How much work a text makes grows with its length and no faster. A message has at most 10,000 characters; here it is four
 * times as long, so that what grows with the square of the length stands out: that would be thousands of steps for each.
 */
import { describe, expect, it } from 'vitest';
import { MAX_COLOURED } from '../../src/text/colours.svelte';
import { highlight } from '../../src/text/languages';
import { parse } from '../../src/text/parse';
import { CODE_PIECES, LANGUAGES, PIECES } from '../../src/text/test-pieces';
import { Chance } from '../random';
import { costOf } from './steps';

const LENGTH = 40_000;
const MOST_STEPS = 100 * LENGTH;
/** Some tens of milliseconds are usual; what grows with the square takes many seconds. */
const MOST_MS = 1_500;

const filled = (piece: string, length = LENGTH): string =>
  piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

async function isCheap(what: string, work: () => void): Promise<void> {
  const { steps, processorMs } = await costOf(work);
  expect(steps, what).toBeLessThan(MOST_STEPS);
  expect(processorMs, what).toBeLessThan(MOST_MS);
}

describe('parsing', () => {
  it.each(PIECES)('is cheap for %j without end', (piece) => isCheap(piece, () => void parse(filled(piece))));

  it.each([
    ['*', '*'],
    ['[', ']'],
    ['[', '](http://a.b)'],
    ['*_', '_*'],
    ['**', '*'],
    ['http://(', ')'],
  ])('is cheap for many %j and then many %j', (open, close) => {
    const text = `${filled(open, LENGTH / 2)}a${filled(close, LENGTH / 2)}`;
    return isCheap(open + close, () => void parse(text));
  });

  it('is cheap for pairs of pieces', async () => {
    const chance = new Chance(7);
    for (let round = 0; round < 25; round += 1) {
      const unit = chance.pick(PIECES) + chance.pick(PIECES) + chance.pick(['', 'a', ' ', '\n']);
      await isCheap(JSON.stringify(unit), () => void parse(filled(unit)));
    }
  });
});

it.each(LANGUAGES)('highlighting as %j is cheap', async (language) => {
  for (const piece of CODE_PIECES) await isCheap(piece, () => void highlight(filled(piece), language, MAX_COLOURED));
});
