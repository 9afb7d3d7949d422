/** What tests of channels and accounts leave at its usual value. */
import type { Channel, ChannelInfo, Me } from './wire';

export const ADA = { id: 1, name: 'Ada' };
export const RAIN = { id: 2, name: '小雨' };
export const CHANNEL = 7;

/** A public channel in which everybody writes. */
export const OPEN = {
  kind: 'public',
  posting: 'everybody',
  locked: false,
  archived: false,
  all_muted: false,
  slow_s: 0,
  newcomers: false,
  hosts_pin: false,
  locked_by: null,
  muted_by: null,
  archived_at: null,
  floor: 0,
} as const;

/** A member of a channel who may write. */
export const INSIDE = {
  member: true,
  host: false,
  muted_until: null,
  hidden: false,
  level: 'mentions',
  mentions: 0,
} as const;

/** A member of the place, for as long as they like. */
export const MEMBER = {
  role: 'member',
  named_role: 'member',
  profile: { about: '', zone: '', status: null },
  aside: [] as Me['aside'],
  visit_ends_at: null,
  muted_until: null,
  muted_by: null,
} as const satisfies Partial<Me>;

export function channel(change: Partial<Channel> = {}): Channel {
  return {
    id: CHANNEL,
    name: 'general',
    topic: '',
    created_at: '',
    created_by: ADA,
    member_count: 1,
    revision: 0,
    last_number: 0,
    last_message: null,
    ...OPEN,
    ...INSIDE,
    own_revision: 0,
    read_number: 0,
    read_step: 0,
    unread: 0,
    mentions: 0,
    ...change,
  };
}

/** A channel as everybody sees it. */
export function facts(of: Channel): ChannelInfo {
  const { id, name, topic, created_at, created_by, member_count, revision, last_number, last_message } = of;
  const { floor } = of;
  return { ...OPEN, id, name, topic, created_at, created_by, member_count, revision, last_number, floor, last_message };
}
