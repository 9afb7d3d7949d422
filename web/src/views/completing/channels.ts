/** Channels behind `#`: those that somebody is in, the ones that begin with the letters first. */
import type { App } from '../../app';
import { find } from '../../text/finding';
import { channelIcon } from '../parts/channel-icon';
import type { Source } from './source';

const MOST = 8;

export function channelSource(app: App): Source {
  return {
    sign: '#',
    whileComposing: true,
    fits: (letters) => /^[^\s#]*$/.test(letters),
    find: (letters) => {
      const own = app.state.channels.list.filter(
        ({ kind, member, archived }) => kind !== 'direct' && member && !archived,
      );
      const options = find(own, letters)
        .slice(0, MOST)
        .map(({ item, name, reading }) => ({
          key: String(item.id),
          picture: { icon: channelIcon(item) },
          name,
          why: reading.length > 0 ? reading : [item.kind === 'public' ? '' : app.words.t('complete.private')],
          text: `#${item.name} `,
        }));
      return Promise.resolve(options.length === 0 ? [] : [{ title: app.words.t('complete.channels'), options }]);
    },
  };
}
