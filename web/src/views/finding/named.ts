/** Channels and conversations as they are found: under the name that they are shown with, and its reading. */
import { nameOf, othersIn, titleOf } from '../../names';
import type { Readable } from '../../text/finding';
import type { Channel } from '../../wire';
import type { App } from '../../app';

export function named(app: App, channel: Channel): Readable {
  const name = nameOf(app, channel);
  if (name === channel.name) return channel;
  const between = wordsOf({ name: app.words.t('direct.between') });
  const words = othersIn(app, channel).map(wordsOf);
  const joined = words.flatMap((one, at) => (at === 0 ? one : [...between, ...one]));
  return { name, reading: joined.join(' ') };
}

/** With the sign that tells what it is. */
export function titled(app: App, channel: Channel): Readable {
  const { name, reading } = named(app, channel);
  const title = titleOf(app, channel);
  return { name: title, reading: reading !== undefined && title.length > name.length ? ` ${reading}` : reading };
}

/** A word for each character, as readings have them. */
function wordsOf({ name, reading }: Readable): string[] {
  return reading?.split(' ') ?? [...name].map(() => '');
}
