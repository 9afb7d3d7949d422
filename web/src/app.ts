/**
 * The app as one value: state, words, actions, navigation and the connection. Views get it by context; nothing in it draws.
 */
import { ChannelActions } from './actions/channels';
import type { Core } from './actions/core';
import { Messages } from './actions/messages';
import { Navigator } from './actions/navigate';
import { Reading } from './actions/reading';
import { browserLanguage, rememberLanguage, Sessions, type Answer } from './actions/session';
import { apply, headsOf, settledBy } from './apply';
import { SelfCheck } from './check';
import type { Language } from './i18n';
import { Inbox, isMore } from './inbox';
import { Recovery } from './recover';
import { addressOf, parseRoute } from './route';
import { openLine, type Line } from './socket';
import { AppState } from './state';
import type { BrowserStore } from './state/browser-store';
import type { Settings, State, ServerEvent } from './wire';
import { Words } from './words.svelte';

/** The strip that tells of a lost connection appears when it has been lost for this long. */
const AWAY_AFTER_MS = 2_000;
/** The pause before connecting again when the server refused the connection but still knows the session. */
const RETURN_PAUSE_MS = 3_000;
/** The storage key under which tabs see who is signed in; the installation's id follows. */
const ACCOUNT = 'chinwag.account.';

export class App implements Core {
  readonly state: AppState;
  readonly words = new Words();
  readonly session: Sessions;
  readonly channels: ChannelActions;
  readonly messages: Messages;
  readonly reading: Reading;
  readonly navigator: Navigator;
  readonly #recovery: Recovery;
  readonly #check: SelfCheck;
  readonly #inbox: Inbox;
  #line: Line | null = null;
  /** What happens to unsent messages on signing out. It is chosen before the question whether to forget the browser. */
  #unsent: 'keep' | 'discard' = 'discard';
  /** The channel that is shown to somebody who is not a member. */
  #previewed: number | null = null;
  #awayTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly store: BrowserStore | null) {
    this.state = new AppState(store);
    this.session = new Sessions(this);
    this.channels = new ChannelActions(this);
    this.messages = new Messages(this, (person) => this.#signedInAs(person), store);
    this.reading = new Reading(this, this.messages);
    this.navigator = new Navigator(this);
    this.#recovery = new Recovery(this.state, (channel) => void this.#check.check(channel));
    this.state.windows.onBehind = (gap) => this.#recovery.catchUp([gap]);
    this.state.session.onOtherSight = () => location.reload();
    this.state.session.onLanguageChange = (language) => this.#followLanguage(language);
    this.state.channels.onRevision = (channel, revision) => this.#recovery.catchUpTo(channel, revision);
    this.state.channels.countInRows = (channel, above, revision) => {
      const run = this.state.windows.find(channel);
      return run?.revision === revision ? run.unreadAbove(above, this.state.session.me?.id) : null;
    };
    this.state.channels.onMarkMovedElsewhere = (channel) => this.reading.movedElsewhere(channel);
    this.state.channels.onUnreadUnknown = (channel) => void this.#recovery.recount(channel);
    this.#check = new SelfCheck(this.state, (gaps) => this.#recovery.catchUp(gaps));
    this.#inbox = new Inbox(
      (incoming) => this.#applyEvent(incoming),
      // A tab that nobody sees draws nothing that could be saved, and its timers are late by a second or more.
      (incoming) => !document.hidden && isMore(incoming, this.state.session.me?.id),
    );
  }

  /** Begins with the state that the server embedded in the page. */
  start(first: State): void {
    this.#adoptState(first);
    for (const { kind, text } of [...first.flashes].reverse()) this.state.flashes.show(kind, text);
    this.navigator.listen();
    this.navigator.begin(first.page);
    document.addEventListener('visibilitychange', () => document.hidden || this.#onVisible());
    addEventListener('online', () => this.messages.wake());
    addEventListener('pagehide', () => this.messages.outbox.suspend());
    addEventListener('pageshow', ({ persisted }) => persisted && this.#onPageShow());
    addEventListener('storage', ({ key, newValue }) => {
      if (key === this.#account) this.#onAccountChange(newValue);
      else if (this.state.session.me !== null) this.state.drafts.syncAllFromStore();
    });
    if (first.me !== null) this.#connect();
    else this.messages.outbox.prepare(first.instance);
  }

  async signIn(name: string, password: string | null, shared: boolean): Promise<Answer> {
    const route = this.state.view.route;
    const next = route.kind === 'sign_in' ? route.next : null;
    const wanted = next === null ? null : parseRoute(...splitAddress(next));
    const channel = wanted?.kind === 'channel' ? wanted.name : null;
    const answer = await this.session.signIn(name, password, shared, () => channel);
    if (answer.kind !== 'in') return answer;
    this.#adoptState(answer.state);
    this.#connect();
    this.navigator.arrive(wanted ?? { kind: 'home' }, answer.state.page);
    return answer;
  }

  /** Signs out, after a question when something is not sent yet. */
  async askToSignOut(): Promise<void> {
    const { outbox, drafts, view } = this.state;
    if (outbox.list.length > 0 || drafts.count > 0) view.dialog = 'unsent';
    else await this.askToForget('discard');
  }

  /**
   * Signs out. Asks first if the name has no password, as it may then be lost for ever. `unsent` says whether unsent messages
   * and drafts stay in this browser for the same person or are discarded.
   */
  async askToForget(unsent: 'keep' | 'discard'): Promise<void> {
    this.#unsent = unsent;
    if (this.state.session.me?.has_password === false) this.state.view.dialog = 'leave';
    else await this.signOut(false);
  }

  async signOut(forget: boolean): Promise<void> {
    const { drafts } = this.state;
    if (!(await this.session.signOut(forget))) return;
    // The end of the session is known: the connection need not report it.
    this.#line?.close();
    this.#line = null;
    // Nobody gets back in to send what is left under a name that is forgotten.
    if (forget || this.#unsent === 'discard') {
      await this.messages.outbox.discardAll();
      this.messages.uploads.forgetAll(drafts);
      drafts.wipe();
    }
    this.#showSignIn(null);
  }

  ended(): void {
    const { me } = this.state.session;
    if (me === null) return;
    const unsent = this.state.outbox.list.length;
    this.#showSignIn(addressOf(this.state.view.route));
    if (unsent > 0) this.state.view.kept = { name: me.name, count: unsent };
    this.state.flashes.show('warn', this.words.t('door.ended'));
  }

  async setLanguage(language: Settings['language']): Promise<void> {
    rememberLanguage(language);
    this.#speak(language === 'auto' ? browserLanguage() : language);
    await this.session.change({ language });
  }

  /** Tries the connection and everything that waits for it now. */
  tryNow(): void {
    this.#line?.tryNow();
    this.messages.wake();
  }

  /** Subscribes to a channel that is shown to somebody who is not a member; `null` ends that. */
  preview(channel: number | null): void {
    this.#previewed = channel;
    this.#line?.preview(channel, (revision) => {
      const run = channel === null ? undefined : this.state.windows.find(channel);
      if (channel !== null && run !== undefined && revision > run.revision)
        this.#recovery.catchUp([{ stream: channel, revision }]);
    });
  }

  flushInbox(): void {
    this.#inbox.flush();
  }

  /** The window is visible again: whatever waits is tried now. A connection attempt that is under way is left alone. */
  #onVisible(): void {
    this.flushInbox();
    if (this.state.session.me !== null) this.state.drafts.syncAllFromStore();
    if (this.state.connection.away) this.tryNow();
    else this.messages.wake();
  }

  #adoptState(state: State): void {
    this.state.session.workspace = state.workspace;
    if (state.me === null) this.state.session.signedOut();
    else this.state.session.applyAccount(state.me);
    this.state.view.kept = null;
    this.state.streams.begin(state);
    this.#writeAccount(state.me?.id ?? null);
    this.state.channels.replace(state.channels);
    if (!state.channels_complete) void this.#recovery.restOfList(state.channels.at(-1)?.id ?? 0);
    this.#speak(state.language === 'zh' ? 'zh' : 'en');
  }

  #speak(language: Language): void {
    this.state.session.language = language;
    this.words.language = language;
  }

  /** Each installation at this address has its own. */
  get #account(): string {
    return ACCOUNT + this.state.streams.instance;
  }

  /** Tells the other tabs which account the browser's cookie belongs to. */
  #writeAccount(person: number | null): void {
    try {
      if (person === null) this.store?.removeItem(this.#account);
      else this.store?.setItem(this.#account, String(person));
    } catch {
      // Without a store the tabs find out by the server's answers.
    }
  }

  /** Whether the browser's cookie still belongs to this person: nothing of theirs may be sent under another name. */
  #signedInAs(person: number): boolean {
    try {
      return this.store === null || (this.store.getItem(this.#account) ?? String(person)) === String(person);
    } catch {
      return true;
    }
  }

  /** Another tab signed in or out. */
  #onAccountChange(account: string | null): void {
    const { me } = this.state.session;
    if (me === null || account === String(me.id)) return;
    if (account === null) void this.#onRefused();
    else location.reload();
  }

  /** The browser shows a page again that it had put away. It must not be shown to somebody who came after a log-out. */
  #onPageShow(): void {
    const { me } = this.state.session;
    if (me === null) return;
    if (!this.#signedInAs(me.id)) return location.reload();
    if (this.store !== null && this.store.getItem(this.#account) === null) return this.ended();
    this.messages.outbox.resume();
    void this.#onRefused();
  }

  /** Ends the connection, sending and all timers. */
  stop(): void {
    this.#line?.close();
    this.#line = null;
    this.#inbox.clear();
    this.#check.stop();
    this.messages.outbox.stop();
  }

  #showSignIn(next: string | null): void {
    this.stop();
    const { me } = this.state.session;
    // Somebody else may have signed in in another tab: their account stays noted.
    if (me !== null && this.#signedInAs(me.id)) this.#writeAccount(null);
    clearTimeout(this.#awayTimer);
    this.state.connection.online = true;
    this.state.connection.away = false;
    this.state.signedOut();
    this.navigator.go({ kind: 'sign_in', next: next === '/' ? null : next });
  }

  #connect(): void {
    this.#line?.close();
    const { state } = this;
    if (state.identity !== null) void this.messages.outbox.start(state.identity);
    void this.messages.uploads.restore();
    this.#check.start();
    this.#line = openLine({
      connected: () => {
        clearTimeout(this.#awayTimer);
        state.connection.online = true;
        state.connection.away = false;
        this.messages.wake();
        if (this.#previewed !== null) this.preview(this.#previewed);
        if (state.view.trouble !== null) this.navigator.retry();
      },
      disconnected: () => this.#onDisconnect(),
      dismissed: () => void this.#onDismissed(),
      refused: () => void this.#onRefused(),
      onEvent: (incoming) => this.#inbox.receive(incoming),
    });
  }

  #applyEvent(incoming: ServerEvent): void {
    // The server's data is another: numbers and revisions mean something else now, so everything is loaded anew.
    if (incoming.name === 'heads') {
      if (this.state.streams.isOther(incoming.event)) return location.reload();
      void this.#recovery.hasGoneBack(headsOf(incoming.event)).then((gone) => gone && location.reload());
    }
    const gaps = apply(this.state, incoming);
    const settled = settledBy(this.state, incoming, gaps);
    if (settled !== null) this.messages.outbox.confirmStored(settled);
    this.#recovery.catchUp(gaps);
  }

  #onDisconnect(): void {
    const { connection } = this.state;
    if (!connection.online) return;
    connection.online = false;
    this.#awayTimer = setTimeout(() => (connection.away = true), AWAY_AFTER_MS);
  }

  /** The server ended the connection, as it does when the person logs out this device elsewhere. */
  async #onDismissed(): Promise<void> {
    if (!this.session.isLeaving && !(await this.session.stillIn())) this.ended();
  }

  /** The server refuses the connection: the session is over, or the reason will pass. */
  async #onRefused(): Promise<void> {
    const line = this.#line;
    if (!(await this.session.stillIn())) this.ended();
    else setTimeout(() => line === this.#line && line?.tryNow(), RETURN_PAUSE_MS * (0.5 + Math.random()));
  }

  /** The language was chosen in another window. */
  #followLanguage(language: Settings['language']): void {
    this.#speak(language === 'auto' ? browserLanguage() : language);
  }
}

function splitAddress(address: string): [path: string, search: string] {
  const url = new URL(address, location.origin);
  return [url.pathname, url.search];
}
