/** The reasons for removing or reporting a message, in the order in which they are offered. */
import type { Key } from '../../i18n';
import type { Reason } from '../../wire';

export const REASONS: readonly Reason[] = ['spam', 'insult', 'forbidden', 'other'];

/** What each reason is called. */
export const REASON_WORDS = {
  spam: 'order.spam',
  insult: 'order.insult',
  forbidden: 'order.forbidden',
  other: 'order.else',
} as const satisfies Record<Reason, Key>;
