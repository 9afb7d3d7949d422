/** What the reader can do to keep a message at hand: the same in the toolbar, in the menu and by key. */
import { Keeping } from '../../actions/keeping';
import type { App } from '../../app';
import { mayPin } from '../../state/pinning';
import type { Channel } from '../../wire';
import type { Row } from './rows';

export interface Offer {
  readonly icon: string;
  readonly label: string;
  /** What the keys are called. */
  readonly key: 'S' | 'P';
  readonly run: () => void;
}

/** Saving a message for oneself, or taking it out. */
export function saveOffer(app: App, channel: Channel, { number, saved, state }: Row): Offer | null {
  if (number === null || state !== 'sent') return null;
  const [keeping, { t }] = [new Keeping(app), app.words];
  return saved
    ? { icon: 'bookmarked', label: t('kept.takeOut'), key: 'S', run: () => keeping.unsave(channel.id, number) }
    : { icon: 'bookmark', label: t('kept.save'), key: 'S', run: () => keeping.save(channel.id, number) };
}

/** Pinning a message for all, or taking it down: only where the reader may. */
export function pinOffer(app: App, channel: Channel, { number, pin, state }: Row): Offer | null {
  if (number === null || state !== 'sent' || !mayPin(channel, app.state.session.me, Date.now())) return null;
  const [keeping, { t }] = [new Keeping(app), app.words];
  if (pin !== undefined)
    return { icon: 'unpin', label: t('kept.unpin'), key: 'P', run: () => keeping.unpin(channel.id, number) };
  const label = channel.kind === 'direct' ? t('kept.pin') : t('kept.pinTo', { name: channel.name });
  return { icon: 'pin', label, key: 'P', run: () => keeping.pin(channel.id, number) };
}

const OFFERS: Readonly<Record<string, typeof saveOffer>> = { s: saveOffer, p: pinOffer };

/** Does what a key means. Returns whether it means something. */
export function keepByKey(app: App, channel: Channel, row: Row, key: string): boolean {
  const of = OFFERS[key];
  const offer = of === undefined ? null : of(app, channel, row);
  offer?.run();
  return offer !== null;
}
