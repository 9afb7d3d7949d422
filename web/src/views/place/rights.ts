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

/** Whether the reader may deactivate a person, or bring them back. */
export function mayDeactivate(me: Me, person: ListedPerson): boolean {
  if (me.id === person.id) return false;
  if (me.role === 'owner') return true;
  return me.role === 'moderator' && (person.named_role === 'member' || person.named_role === 'guest');
}

/** Whether the reader may remove a person's data. It is removed once. */
export function mayRemoveData(me: Me, person: ListedPerson): boolean {
  return me.role === 'owner' && me.id !== person.id && !person.data_removed;
}
