/**
 * A workspace that looks like one: the people, channels and messages of a harbour's ferry office, in English and Chinese.
 * Tests of looks and the pictures are taken on it.
 */
import { picture, textFile, type TestFile } from './files';
import type { Channel, Voice } from './voice';

/** The names of the people on stage, in order of appearance. */
export const PEOPLE = ['Mei Lin', 'Ada Okafor', '陈思远', 'Tomás Rey', 'Priya Nair', '王小雨', 'Jonas Weber'] as const;

const CHANNELS: readonly (readonly [string, string])[] = [
  ['general', 'Everyone, everything'],
  ['ferry-app', 'Timetable 4.2 ships Thursday · 时刻表 4.2 周四上线'],
  ['design-reviews', 'Bring a screenshot, leave with a decision'],
  ['设计评审', '中文界面与码头用语'],
  ['releases', 'Build notes, one message per release'],
  ['茶水间', '午饭吃什么？'],
  ['lost-and-found', 'Umbrellas, mostly'],
];

interface Line {
  readonly who: (typeof PEOPLE)[number];
  readonly text: string;
  readonly file?: TestFile;
}

const TALK: readonly Line[] = [
  {
    who: 'Ada Okafor',
    text: 'Moved the pier photos out of the app bundle. The install drops from `41 MB` to `12 MB` 🎉',
  },
  { who: '陈思远', text: '太好了！旧手机终于不用每次都清缓存了。' },
  {
    who: '陈思远',
    text: '我今晚把北角码头的时刻再核对一遍，明早给大家结果 👍',
  },
  {
    who: 'Mei Lin',
    text: 'Morning all. Two things before we cut 4.2:\n1. Saturday sailings are missing on the Cheung Chau line\n2. The Chinese copy on the pier screens needs one more read',
  },
  {
    who: 'Tomás Rey',
    text: 'Found the first one. The holiday table wins even when it is empty:\n```rust\n// skip an empty holiday table\nlet sailings = overrides\n    .get(&day)\n    .filter(|o| !o.is_empty())\n    .unwrap_or(base);\n```',
  },
  {
    who: 'Mei Lin',
    text: '> The holiday table wins even when it is empty\nThat also explains last New Year. Thank you, Tomás — I will add a **test** for it.',
  },
  {
    who: 'Priya Nair',
    text: 'Build 4.2-rc1 is on the Pier 3 screens. Looks good from the water too.',
    file: picture('pier-3-evening.png', 840, 440),
  },
  {
    who: '王小雨',
    text: '繁体界面里有的写“尾班船”，有的写“末班船”，要统一成哪个？对照表在这里：',
    file: textFile('码头用语对照表.txt', '尾班船\n'.repeat(3_000)),
  },
  { who: 'Mei Lin', text: '统一用“尾班船”吧，香港乘客更熟悉 🙏' },
  {
    who: 'Mei Lin',
    text: 'The glossary at https://ferries.example/glossary has the rest, so please take new terms from there.',
  },
];

/** Everybody in, all channels made, the talk held in `ferry-app`. Answers that channel. */
export async function setStage(voice: (name: string) => Promise<Voice>, lead: Voice): Promise<Channel> {
  const cast = new Map<string, Voice>([[PEOPLE[0], lead]]);
  for (const name of PEOPLE.slice(1)) cast.set(name, await voice(name));
  const channels = new Map<string, Channel>();
  for (const [name, topic] of CHANNELS) channels.set(name, await lead.createChannel(name, topic));
  const ferry = found(channels, 'ferry-app');
  for (const one of cast.values()) {
    await one.join(ferry);
    await one.join(found(channels, 'general'));
  }
  for (const line of TALK) await say(found(cast, line.who), ferry, line);
  await found(cast, '陈思远').join(found(channels, '茶水间'));
  await found(cast, '陈思远').post(found(channels, '茶水间'), '今天吃云吞面？');
  await found(cast, 'Priya Nair').join(found(channels, 'design-reviews'));
  for (const text of ['New pier map', 'Second try, bigger labels', 'And the dark one']) {
    await found(cast, 'Priya Nair').post(found(channels, 'design-reviews'), text);
  }
  return ferry;
}

async function say(who: Voice, channel: Channel, line: Line): Promise<void> {
  const attachments = line.file === undefined ? [] : [await who.upload(line.file)];
  await who.post(channel, line.text, attachments);
}

function found<T>(from: ReadonlyMap<string, T>, key: string): T {
  const value = from.get(key);
  if (value === undefined) throw new Error(`${key} is not on stage`);
  return value;
}
