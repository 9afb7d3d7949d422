/** Which channels the list shows, and in what order. */
import type { Language } from '../../i18n';
import type { Channel } from '../../wire';
import { typedName } from './typed-name';

export type Order = 'oldest' | 'name' | 'members';

export function pick(
  channels: readonly Channel[],
  filter: string,
  order: Order,
  language: Language,
): readonly Channel[] {
  const wanted = typedName(filter).toLowerCase();
  const found = channels.filter(
    ({ name, topic }) => name.toLowerCase().includes(wanted) || topic.toLowerCase().includes(wanted),
  );
  if (order === 'members') return found.sort((a, b) => b.member_count - a.member_count);
  // Chinese by Pinyin, as its readers expect.
  if (order === 'name')
    return found.sort((a, b) => a.name.localeCompare(b.name, language === 'zh' ? 'zh-CN' : 'en', { numeric: true }));
  return found;
}
