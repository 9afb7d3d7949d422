/** The same in Chinese. */
import type { en } from './en';

export const zh: Readonly<Record<keyof typeof en, string>> = {
  title: '新消息',
  people: '人员',
  hint: '名称',
  takeOut: '移除 {name}',
  chosen: '{count} / {most} 人',
  full: '私信最多八人，包括您自己。',
  start: '开始',
  nobody: '没有名称含“{query}”的人',
  begin: '这里是您与 {names} 的私信的开头',
  beginText: '只有此对话中的人能看到内容。有人发言后，其他人才会看到此对话。',
  beginNotes: '这里是您的笔记的开头',
  beginNotesText: '只有您能看到这里的内容。',
  hidden: '已隐藏，有新消息时会再次出现。',
};
