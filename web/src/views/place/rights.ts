/** What somebody in charge may do to another person, as `docs/permissions.md` has it. The server decides; this hides what it refuses. */
import type { Role } from '../../actions/people';
import type { ListedPerson, Me } from '../../wire';

const ROLES: readonly Role[] = ['owner', 'moderator', 'member', 'guest'];

/** The roles that the reader may give to a person; one, or none, when there is no choice. */
export function rolesFor(me: Me, person: ListedPerson): readonly Role[] {
  if (me.role !== 'owner' || person.deactivated_at !== null) return [];
  // Nobody makes a guest of themselves.
  return me.id === person.id ? ['owner', 'member'] : ROLES;
}

/** Whether the reader may do something to a person of that role that moderators do to members and guests, and owners to all. */
export function mayActOn(me: Me, id: number, role: Role): boolean {
  if (me.id === id) return false;
  return me.role === 'owner' || (me.role === 'moderator' && (role === 'member' || role === 'guest'));
}

/** Whether the reader may mute a person everywhere, or end that. */
export function mayMute(me: Me, person: ListedPerson): boolean {
  return person.deactivated_at === null && mayActOn(me, person.id, person.named_role);
}

/** Whether the reader may deactivate a person, or bring them back. */
export function mayDeactivate(me: Me, person: ListedPerson): boolean {
  return mayActOn(me, person.id, person.named_role);
}

/** Whether the reader may end a person's visit: that of a guest which goes on. */
export function mayEndVisit(me: Me, person: ListedPerson, now = Date.now()): boolean {
  if (person.named_role !== 'guest' || person.deactivated_at !== null) return false;
  const isOver = person.visit_ends_at !== null && Date.parse(person.visit_ends_at) <= now;
  return !isOver && (me.role === 'owner' || me.role === 'moderator');
}

/** Whether the reader may remove a person's data. It is removed once. */
export function mayRemoveData(me: Me, person: ListedPerson): boolean {
  return me.role === 'owner' && me.id !== person.id && !person.data_removed;
}
