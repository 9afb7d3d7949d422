/** What a channel is called: by its name, or by the people whose direct conversation it is. */
import type { AppState } from './state';
import type { Channel, ChannelInfo, User } from './wire';
import type { Words } from './words.svelte';

interface Source {
  readonly state: AppState;
  readonly words: Words;
}

/** The others whose direct conversation it is, under the names that they have now. */
export function othersIn({ state }: Source, { people }: Channel): readonly User[] {
  const me = state.session.me?.id;
  return (people ?? []).filter(({ id }) => id !== me).map((person) => state.person(person));
}

/** The name as it stands beside an icon. */
export function nameOf(app: Source, channel: Channel): string {
  if (channel.kind !== 'direct' || channel.name !== '') return channel.name;
  const names = othersIn(app, channel).map(({ name }) => name);
  return names.length === 0 ? app.words.t('direct.notes') : names.join(app.words.t('direct.between'));
}

/** The name as it stands alone, such as in the title of the page. */
export function titleOf(app: Source, channel: Channel): string {
  return channel.kind === 'direct' ? nameOf(app, channel) : `#${channel.name}`;
}

/** The same of a channel that a list names: as it is known here, or else as the list tells it; empty where neither does. */
export function titleAt(app: Source, id: number, told: ChannelInfo | undefined): string {
  const held = app.state.channels.find(id);
  if (held !== undefined) return titleOf(app, held);
  return told === undefined ? '' : `#${told.name}`;
}
