/** What tests of channels and accounts leave at its usual value. */
import type { Me } from './wire';

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
