/** The membership of somebody who is not in a channel. */
export const NO_MEMBER = {
  own_revision: 0,
  member: false,
  host: false,
  muted_until: null,
  hidden: false,
  level: 'mentions',
  read_number: 0,
  read_step: 0,
  unread: 0,
  mentions: 0,
} as const;
