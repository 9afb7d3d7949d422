/**
 * The app as one value: state, words, actions, and the way between them and the address. Views get it by context; nothing
 * in it draws.
 */
import { ChannelActions } from './actions/channels';
import type { Core } from './actions/core';
import { Messages } from './actions/messages';
import { Navigator } from './actions/navigate';
import { Reading } from './actions/reading';
import { rememberedLanguage, rememberLanguage, Sessions, type Answer } from './actions/session';
import { apply, settledBy } from './apply';
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

/** A connection may be gone this long before it is said. */
const AWAY_AFTER_MS = 2_000;
/** After the server refused the connection but still knows the session: the pause before coming back. */
const RETURN_PAUSE_MS = 3_000;
/** Where the tabs of a browser see who is signed in; the installation's id follows. */
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
  /** What becomes of what is unsent, chosen before it is asked whether the browser is forgotten. */
  #unsent: 'keep' | 'discard' = 'discard';
  /** The channel that is looked at by somebody who is not in it. */
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

  /** Begins with what the server put into the page. */
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
   * Signs out, after a question when the name has no password: then it may be for ever. What is unsent, written or only
   * begun, stays in this browser for the same person, or goes.
   */
  async askToForget(unsent: 'keep' | 'discard'): Promise<void> {
    this.#unsent = unsent;
    if (this.state.session.me?.has_password === false) this.state.view.dialog = 'leave';
    else await this.signOut(false);
  }

  async signOut(forget: boolean): Promise<void> {
    const { drafts } = this.state;
    if (!(await this.session.signOut(forget))) return;
    // Its end is known; nobody needs to be told by the connection.
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

  /** Hears a channel while it is looked at, without being in it; null when that ends. */
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

  /** Somebody looks again: what waits is tried. A connection that is just being made is left alone. */
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

  /** Which account the browser's cookie stands for, for its other tabs. */
  #writeAccount(person: number | null): void {
    try {
      if (person === null) this.store?.removeItem(this.#account);
      else this.store?.setItem(this.#account, String(person));
    } catch {
      // Without a store the tabs find out by the server's answers.
    }
  }

  /** Whether the cookie still is this person's: nothing of hers may go out under another name. */
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

  /** The browser put the page away and shows it again as it was: not to whoever came after a log-out. */
  #onPageShow(): void {
    const { me } = this.state.session;
    if (me === null) return;
    if (!this.#signedInAs(me.id)) return location.reload();
    if (this.store !== null && this.store.getItem(this.#account) === null) return this.ended();
    this.messages.outbox.resume();
    void this.#onRefused();
  }

  /** Nothing is heard or sent any more. */
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
    // Whoever signed in meanwhile in another tab stays.
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
      refused: () => void this.#onRefused(),
      onEvent: (incoming) => this.#inbox.receive(incoming),
    });
  }

  #applyEvent(incoming: ServerEvent): void {
    // Numbers and revisions may stand for other things now: nothing that is here holds.
    if (incoming.name === 'heads' && this.state.streams.isOther(incoming.event)) return location.reload();
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

  /** The server does not take the connection: the session is over, or it is for a reason that passes. */
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

/** What this browser is spoken to in where the account chose nothing: as the server decides it (`http/front.rs`). */
function browserLanguage(): Language {
  const remembered = rememberedLanguage();
  if (remembered !== null) return remembered;
  const first = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag === 'zh' || tag === 'en');
  return first === 'zh' ? 'zh' : 'en';
}

function splitAddress(address: string): [path: string, search: string] {
  const url = new URL(address, location.origin);
  return [url.pathname, url.search];
}
