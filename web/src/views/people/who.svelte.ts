/** Somebody whose card or profile is open: what is known of them, and what the reader can do about them. */
import { DirectActions } from '../../actions/direct';
import { person, setAside } from '../../actions/people';
import type { App } from '../../app';
import { clock } from '../../i18n/dates';
import type { Person, Status, User } from '../../wire';
import { lasting } from '../parts/status.svelte';
import { timeIn } from './zone';

export class Who {
  /** What only the server knows, once it answered. */
  loaded: Person | undefined = $state.raw();

  constructor(
    private readonly app: App,
    readonly user: User,
  ) {}

  /** Under the name and with the picture that they have now: the chip of a mention knows only what they were called. */
  readonly shown = $derived.by((): User => this.app.state.person(this.loaded ?? this.user));
  readonly own = $derived.by(() => this.app.state.session.me?.id === this.user.id);
  readonly status = $derived.by((): Status | null => {
    const mine = this.app.state.session.me?.profile.status;
    return lasting((this.own ? mine : this.loaded?.status) ?? null);
  });
  readonly about = $derived.by(() => (this.own ? this.app.state.session.me?.profile.about : this.loaded?.about) ?? '');
  /** How the reader set them aside. */
  readonly aside = $derived.by(() => this.app.state.session.asideOf(this.user.id));
  /** Whether the reader can begin or go on with a direct conversation. */
  readonly reachable = $derived.by(
    () => !this.own && !this.app.state.session.isGuest && this.aside !== 'block' && this.loaded?.deactivated === false,
  );

  /** Until when the status lasts, as words behind it. */
  readonly until = $derived.by(() => {
    const end = this.#end;
    return end === null ? '' : this.app.words.t('people.statusUntil', { time: end });
  });

  /** That they want no notifications; empty if they do. */
  readonly quiet = $derived.by(() => {
    if (this.status?.quiet !== true) return '';
    const { t } = this.app.words;
    return this.#end === null ? t('profile.quiet') : t('profile.quietUntil', { time: this.#end });
  });

  /** What time it is where they are; empty if they do not tell it. */
  readonly local = $derived.by(() => {
    const zone = (this.own ? this.app.state.session.me?.profile.zone : this.loaded?.zone) ?? '';
    const there = this.own ? null : timeIn(zone, new Date());
    if (there === null) return '';
    const { t } = this.app.words;
    const { time, hoursAhead } = there;
    if (hoursAhead === 0) return t('people.there', { time });
    return hoursAhead > 0
      ? t('people.ahead', { time, hours: hoursAhead })
      : t('people.behind', { time, hours: -hoursAhead });
  });

  get #end(): string | null {
    if (this.status?.until == null) return null;
    const end = new Date(this.status.until);
    const today = end.toDateString() === new Date().toDateString();
    return today ? clock(end) : end.toLocaleDateString();
  }

  /** Asks the server; `false` when there is nothing to show. For an effect: it is asked again when they change. */
  load(): Promise<boolean> {
    this.app.state.people.changedAt(this.user.id);
    return person(this.app, this.user.id).then((answer) => {
      this.loaded = answer ?? this.loaded;
      return this.loaded !== undefined;
    });
  }

  /** Sets them aside, or not any more. It is not asked about, and can be undone. */
  async put(kind: 'mute' | 'block' | null): Promise<void> {
    const before = this.aside;
    const { id } = this.user;
    if (!(await setAside(this.app, id, kind))) return;
    const { t } = this.app.words;
    const told = kind === 'mute' ? 'muted' : kind === 'block' ? 'blocked' : 'readAgain';
    this.app.state.flashes.show('ok', t(`people.${told}`, { name: this.shown.name }), {
      label: t('people.undo'),
      run: () => void setAside(this.app, id, before),
    });
  }

  /** Opens the direct conversation with them. */
  async message(): Promise<void> {
    const problem = await new DirectActions(this.app).open([this.user.id]);
    if (problem !== null) this.app.state.flashes.show('bad', problem);
  }
}
