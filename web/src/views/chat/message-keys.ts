/** The keys on a message that has the focus, as its menu names them. */
import type { App } from '../../app';
import type { RowActions } from './actions';
import { keepByKey } from './keep-offers';
import type { Row } from './rows';

/** Does what a key means on a message. Returns whether it means something there. */
export function pressOn(app: App, row: Row, beside: HTMLElement, key: string, actions: RowActions): boolean {
  if (row.state !== 'sent') return false;
  if (keepByKey(app, actions.channel, row, key)) return true;
  const act = meaning(row, beside, key, actions);
  act?.();
  return act !== undefined;
}

function meaning(row: Row, beside: HTMLElement, key: string, actions: RowActions): (() => void) | undefined {
  const onText = (action: (row: Row) => void) => (row.text === '' ? undefined : () => action(row));
  switch (key) {
    case 'Enter':
      return () => actions.open({ what: 'menu', row, beside });
    case 'r':
      return actions.answers ? () => actions.open({ what: 'react', row, beside }) : undefined;
    case 't':
      return actions.mayReply(row) ? () => actions.reply(row) : undefined;
    case 'e':
      return actions.mayChange(row) ? () => actions.change(row) : undefined;
    case 'q':
      return actions.writes ? () => actions.quote(row) : undefined;
    case 'c':
      return onText(actions.copy);
    case 'l':
      return () => actions.copyLink(row);
    case 'f':
      return () => actions.forward(row);
    case 'u':
      return actions.mayMarkUnread(row) ? () => actions.markUnread(row) : undefined;
    case 'Delete':
      if (row.own) return () => actions.remove(row);
      return actions.runs ? () => actions.removeOther(row) : undefined;
    default:
      return undefined;
  }
}
