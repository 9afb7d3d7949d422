/** Who is signed in, in which workspace, and with which settings. */
import type { Events, Me, Message, Settings, Workspace } from '../wire';
import { callsReader } from './calling';
import type { Reader } from './seen';

export class SessionState {
  workspace: Workspace = $state.raw({
    name: 'Chinwag',
    upload_limit_bytes: 25 * 1024 * 1024,
    text_limit: 10_000,
    editing: 'always',
    way_in: 'open',
    channel_makers: 'member',
    callers: 'members',
    version: null,
  });
  me: Me | null = $state.raw(null);
  /** How many messages have open reports, as whoever keeps order heard last: another object each time. */
  reports: Events['reports'] = $state.raw({ open: 0 });
  /** The settings as the server told them last. */
  #told: Settings | undefined;
  /** How many wait at the door, for whoever lets people in. Each time it is told, it is another value. */
  waiting: Events['waiting'] = $state.raw({ total: 0 });
  /** The invite of which something changed last. Each time it is told, it is another value. */
  invite: Events['invite'] | null = $state.raw(null);
  /** Chosen before signing in; the account's own choice wins afterwards. */
  language: 'en' | 'zh' = $state('en');

  /** Called when another language was chosen in another window. */
  onLanguageChange: (language: Settings['language']) => void = () => undefined;

  /** Called when the person set others aside than before: they call nobody. */
  onOthersAside: () => void = () => undefined;

  /** Called when the person became a guest, or is none any more: what they may see is another. */
  onOtherSight: () => void = () => undefined;

  /** Whether the person keeps order in the whole place. */
  get inCharge(): boolean {
    return this.me?.role === 'owner' || this.me?.role === 'moderator';
  }

  /** Whether the person sees only the channels that they were put into. */
  get isGuest(): boolean {
    return this.me?.role === 'guest';
  }

  /** Who reads, for what is counted: whoever was set aside calls nobody. */
  get reader(): Reader {
    const me = this.me?.id;
    const calls = (row: Message): boolean => callsReader(row, me) && this.asideOf(row.author.id) === null;
    return { me, calls };
  }

  /** Whether the person makes channels, as the owner says. */
  get makesChannels(): boolean {
    return this.inCharge || (!this.isGuest && this.workspace.channel_makers === 'member');
  }

  /** How the person set somebody aside; null for most. */
  asideOf(id: number): Me['aside'][number]['kind'] | null {
    return this.me?.aside.find((one) => one.id === id)?.kind ?? null;
  }

  get settings(): Settings {
    return this.me?.settings ?? { language: 'auto', theme: 'auto', enter_sends: false, invisible: false };
  }

  /** The account as an answer or event shows it; of two forms the later one holds. */
  applyAccount(me: Me): void {
    const before = this.me;
    if (before?.id === me.id && me.revision < before.revision) return;
    this.me = me;
    this.#told = me.settings;
    if (before?.id === me.id && (before.role === 'guest') !== (me.role === 'guest')) this.onOtherSight();
    const aside = (of: Me): string => of.aside.map(({ id }) => id).join();
    if (before?.id === me.id && aside(before) !== aside(me)) this.onOthersAside();
    const { language } = me.settings;
    if (before?.id === me.id && before.settings.language !== language) this.onLanguageChange(language);
  }

  signedOut(): void {
    this.me = null;
  }

  /** A setting is taken at once; the server's answer settles it. */
  applySettings(settings: Partial<Settings>): void {
    if (this.me !== null) this.me = { ...this.me, settings: { ...this.me.settings, ...settings } };
  }

  /** A change was not answered: what the server told last holds, which may be that change. */
  takeBackSettings(): void {
    this.applySettings(this.#told ?? {});
  }

  setLastChannel(channel: number): void {
    if (this.me !== null) this.me = { ...this.me, last_channel: channel };
  }
}
