/** What is said of calling people, in Chinese. */
import type { en } from './en';

export const zh: Readonly<Record<keyof typeof en, string>> = {
  'calling.insert': '提及他人',
  'calling.people': '#{name} 的成员',
  'calling.here': '此对话的成员',
  'calling.others': '不在此频道',
  'calling.tells': '通知 {count} 人',
  'calling.asks': '@所有人 会通知 {count} 人。',
  'calling.notTold': '不在此频道，不会收到通知：{names}',
  'calling.cannotRead': '不在此频道，无法看到这条消息：{names}',
  'calling.add': '添加',
};
