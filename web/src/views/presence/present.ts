/** Presence in the views: one line and one state for the app, made when the first view asks for it. */
import { PresenceLine } from '../../presence';
import { PresenceState, type Presence } from '../../state/presence.svelte';
import type { Place } from '../../state/place';
import type { App } from '../../app';
import type { User } from '../../wire';

/** In channels with at most so many members it is said how many are here. */
export const MOST_COUNTED = 200;

class Present {
  readonly state = new PresenceState();
  readonly line = new PresenceLine(this.state);

  constructor(private readonly app: App) {}

  /** Whether anything is heard at present. */
  get hears(): boolean {
    return !this.app.state.connection.away;
  }

  /** How somebody is; `null` when it is not known, or not heard at present. */
  of({ id }: Pick<User, 'id'>): Presence | null {
    const { session } = this.app.state;
    if (!this.hears) return null;
    if (id === session.me?.id) return session.settings.invisible ? 'offline' : 'here';
    return this.state.of(id);
  }

  /** Who is typing in a channel or a thread, without whom the person does not read. */
  typing(place: Place): readonly User[] {
    const { session } = this.app.state;
    if (!this.hears) return [];
    const aside = session.me?.aside.map(({ id }) => id) ?? [];
    return this.state
      .typing(place)
      .filter(({ id }) => id !== session.me?.id && !aside.includes(id))
      .map((user) => this.app.state.person(user));
  }

  /** Watches somebody as long as an element is on the screen. */
  watches(id: number): (element: Element) => () => void {
    return (element) => {
      let ends: (() => void) | undefined;
      const seen = new IntersectionObserver(([entry]) => {
        ends?.();
        ends = entry?.isIntersecting === true ? this.line.shows(id) : undefined;
      });
      seen.observe(element);
      return () => {
        seen.disconnect();
        ends?.();
      };
    };
  }
}

const all = new WeakMap<App, Present>();

/** Presence of that app. */
export function presentIn(app: App): Present {
  const present = all.get(app) ?? new Present(app);
  all.set(app, present);
  return present;
}
