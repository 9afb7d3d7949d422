/** What is said of what concerns the reader, and of how much they want to be told of a channel, in Chinese. */
import type { en } from './en';

export const zh: Record<keyof typeof en, string> = {
  'activity.title': '动态',
  'activity.show': '显示',
  'activity.all': '全部',
  'activity.mentions': '提及',
  'activity.reactions': '回应',
  'activity.unreadOnly': '仅未读',
  'activity.markAll': '全部已读',
  'activity.mark': '标为已读',
  'activity.open': '打开',
  'activity.new': '未读',
  'activity.mentioned': '在 {place} 提到了您',
  'activity.everyone': '在 {place} 通知了所有人',
  'activity.reacted': '用 {emoji} 回应了您在 {place} 的消息',
  'activity.reactedTwo': '和另外 1 人用 {emoji} 回应了您在 {place} 的消息',
  'activity.reactedMany': '和另外 {others} 人用 {emoji} 回应了您在 {place} 的消息',
  'activity.none': '还没有与您有关的动态',
  'activity.noneText': '提及，以及对您消息的回应，都会汇集在这里。',
  'activity.allRead': '已全部读完',
  'activity.allReadText': '没有人在等您。关闭“仅未读”可查看之前的内容。',
  'activity.more': '显示更多',
  'activity.calls.one': '{count} 次新的提及',
  'activity.calls.other': '{count} 次新的提及',

  'level.tell': '{name} 的通知',
  'level.all': '全部消息',
  'level.allText': '每条消息都计入标题',
  'level.mentions': '提及',
  'level.nothing': '不通知',
  'level.nothingText': '提及仍会在列表中计数',
};
