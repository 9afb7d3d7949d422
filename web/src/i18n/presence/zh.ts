/** The sentences about who is here and who is typing, in Chinese. */
import type { presence as english } from './en';

export const presence: Record<keyof typeof english, string> = {
  'presence.here': '在线',
  'presence.away': '离开',
  'presence.offline': '离线',
  'presence.after': '，{how}',
  'presence.lastHere': '最后在线 {time}',
  'presence.now': '现在',
  'presence.hereTitle': '在线',
  'presence.awayTitle': '离开',
  'presence.counted': '{total} 人，{here} 人在线',
  'presence.title': '在线状态',
  'presence.text': '屏幕上能看到您的人也会看到您是否在线。十分钟没有操作，或所有窗口都不可见时，您显示为离开。',
  'presence.invisible': '隐身',
  'presence.invisibleHint': '其他人看到您处于离线状态，也看不到您正在输入或最后在线的时间。',
  'typing.alone': '{name} 正在输入',
  'typing.two': '{one}、{two} 正在输入',
  'typing.three': '{one}、{two} 和另外 {count} 人正在输入',
  'typing.more': '{one}、{two} 和另外 {count} 人正在输入',
};
