/**
 * The app as one value: state, words, actions, navigation and the connection. Views get it by context; nothing in it draws.
 */
import { AccountNote } from './account-note';
import { ChannelActions } from './actions/channels';
import { Order } from './actions/order';
import type { Core } from './actions/core';
import { Messages } from './actions/messages';
import { Navigator } from './actions/navigate';
import { openMessage } from './actions/open-message';
import { Reading } from './actions/reading';
import { browserLanguage, rememberLanguage, Sessions, type Answer } from './actions/session';
import { apply, headsOf, settledBy } from './apply';
import type { SelfCheck } from './check';
import { Connection } from './connection';
import type { Language } from './i18n';
import { Inbox, isMore } from './inbox';
import { Recovery } from './recover';
import { addressOf, parseRoute } from './route';
import { secondScript } from './second-script';
import { AppState } from './state';
import type { BrowserStore } from './state/browser-store';
import type { Settings, State, ServerEvent } from './wire';
import { Words } from './words.svelte';

export class App implements Core {
  readonly state: AppState;
  readonly words = new Words();
  readonly session: Sessions;
  readonly channels: ChannelActions;
  readonly order: Order;
  readonly messages: Messages;
  readonly reading: Reading;
  readonly navigator: Navigator;
  readonly #recovery: Recovery;
  /** It comes with the second script. */
  #check: SelfCheck | null = null;
  readonly #inbox: Inbox;
  readonly #connection: Connection;
  readonly #account: AccountNote;
  /** What happens to unsent messages on signing out. It is chosen before the question whether to forget the browser. */
  #unsent: 'keep' | 'discard' = 'discard';

  constructor(store: BrowserStore | null) {
    this.state = new AppState(store);
    this.#account = new AccountNote(store, () => this.state.streams.instance);
    this.session = new Sessions(this);
    this.channels = new ChannelActions(this);
    this.order = new Order(this);
    this.messages = new Messages(this, (person) => this.#account.isOf(person), store);
    this.navigator = new Navigator(this);
    this.reading = new Reading(this, this.messages, (channel, number) => openMessage(this, channel, number));
    this.#recovery = new Recovery(this.state, (channel) => void this.#check?.check(channel));
    this.state.windows.onBehind = (gap) => this.#recovery.catchUp([gap]);
    this.state.threads.onBehind = (gap) => this.#recovery.catchUp([gap]);
    this.state.follows.onUnknown = () => void this.#recovery.follows();
    this.state.session.onOtherSight = () => location.reload();
    this.state.session.onOthersAside = () => {
      void this.#recovery.refreshList();
      this.state.activity.doubt();
    };
    this.state.session.onLanguageChange = (language) => this.#followLanguage(language);
    this.state.channels.onRevision = (channel, revision) => this.#recovery.catchUpTo(channel, revision);
    this.state.channels.countInRows = (channel, above, revision) => {
      const run = this.state.windows.find(channel);
      return run?.revision === revision ? run.unreadAbove(above, this.state.session.reader) : null;
    };
    this.state.channels.onMarkMovedElsewhere = (channel) => this.reading.movedElsewhere(channel);
    this.state.channels.onUnreadUnknown = (channel) => void this.#recovery.recount(channel);
    void secondScript.load().then(({ SelfCheck }) => {
      this.#check = new SelfCheck(this.state, (gaps) => this.#recovery.catchUp(gaps));
    });
    this.#inbox = new Inbox(
      (incoming) => this.#applyEvent(incoming),
      // A tab that nobody sees draws nothing that could be saved, and its timers are late by a second or more.
      (incoming) => !document.hidden && isMore(incoming, this.state.session.me?.id),
    );
    this.#connection = new Connection(this.state.connection, {
      connected: () => {
        this.messages.wake();
        if (this.state.view.trouble !== null) this.navigator.retry();
      },
      onEvent: (incoming) => this.#inbox.receive(incoming),
      onPreview: (channel, revision) => {
        const run = this.state.windows.find(channel);
        if (run !== undefined && revision > run.revision) this.#recovery.catchUp([{ stream: channel, revision }]);
      },
      isLeaving: () => this.session.isLeaving,
      stillIn: () => this.session.stillIn(),
      ended: () => this.ended(),
    });
  }

  /** Begins with the state that the server embedded in the page. */
  start(first: State): void {
    this.#adoptState(first);
    for (const { kind, text } of [...first.flashes].reverse()) this.state.flashes.show(kind, text);
    this.navigator.listen();
    this.navigator.begin(first.page);
    document.addEventListener('visibilitychange', () => document.hidden || this.#onVisible());
    addEventListener('online', () => {
      secondScript.wake();
      this.messages.wake();
    });
    addEventListener('pagehide', () => this.messages.outbox.suspend());
    addEventListener('pageshow', ({ persisted }) => persisted && this.#onPageShow());
    addEventListener('storage', ({ key, newValue }) => {
      if (key === this.#account.key) this.#onAccountChange(newValue);
      else if (this.state.session.me !== null) this.state.drafts.syncAllFromStore();
    });
    if (first.me !== null) this.#connect();
    else this.messages.outbox.prepare(first.instance);
  }

  async signIn(name: string, password: string | null, shared: boolean): Promise<Answer> {
    const route = this.state.view.route;
    const next = route.kind === 'sign_in' ? route.next : null;
    const wanted = next === null ? null : parseRoute(...splitAddress(next));
    const answer = await this.session.signIn(name, password, shared, wanted);
    if (answer.kind !== 'in') return answer;
    this.#adoptState(answer.state);
    this.#connect();
    this.navigator.arrive(wanted ?? { kind: 'home' }, answer.state.page);
    return answer;
  }

  /** Signs out, after a question when something is not sent yet. */
  async askToSignOut(): Promise<void> {
    const { outbox, drafts, view, wishes } = this.state;
    if (outbox.list.length + wishes.edits > 0 || drafts.places.length > 0) view.dialog = 'unsent';
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
    this.#connection.close();
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
    // The server has a page for a guest whose visit has ended.
    if (me.visit_ends_at !== null) return location.assign('/login');
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
    this.#connection.tryNow();
    this.messages.wake();
  }

  /** Subscribes to a channel that is shown to somebody who is not a member; `null` ends that. */
  preview(channel: number | null): void {
    this.#connection.preview(channel);
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
    this.#account.write(state.me?.id ?? null);
    this.state.channels.replace([...state.channels, ...state.others]);
    if (!state.channels_complete) void this.#recovery.restOfList(state.channels.at(-1)?.id ?? 0);
    this.#speak(state.language === 'zh' ? 'zh' : 'en');
  }

  #speak(language: Language): void {
    this.state.session.language = language;
    this.words.language = language;
  }

  /** Another tab signed in or out. */
  #onAccountChange(account: string | null): void {
    const { me } = this.state.session;
    if (me === null || account === String(me.id)) return;
    if (account === null) void this.#connection.askWhetherEnded();
    else location.reload();
  }

  /** The browser shows a page again that it had put away. It must not be shown to somebody who came after a log-out. */
  #onPageShow(): void {
    const { me } = this.state.session;
    if (me === null) return;
    if (!this.#account.isOf(me.id)) return location.reload();
    if (this.#account.isGone) return this.ended();
    this.messages.outbox.resume();
    void this.#connection.askWhetherEnded();
  }

  /** Ends the connection, sending and all timers. */
  stop(): void {
    this.#connection.close();
    this.#inbox.clear();
    this.#check?.stop();
    this.messages.outbox.stop();
  }

  #showSignIn(next: string | null): void {
    this.stop();
    const { me } = this.state.session;
    // Somebody else may have signed in in another tab: their account stays noted.
    if (me !== null && this.#account.isOf(me.id)) this.#account.write(null);
    this.#connection.rest();
    this.state.signedOut();
    this.navigator.go({ kind: 'sign_in', next: next === '/' ? null : next });
  }

  #connect(): void {
    const { identity } = this.state;
    if (identity !== null) void this.messages.outbox.start(identity);
    this.messages.uploads.restore();
    void secondScript.load().then(() => {
      if (this.state.session.me === null) return;
      this.#check?.start();
      void this.#recovery.follows();
    });
    this.#connection.open();
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

  /** The language was chosen in another window. */
  #followLanguage(language: Settings['language']): void {
    this.#speak(language === 'auto' ? browserLanguage() : language);
  }
}

function splitAddress(address: string): [path: string, search: string] {
  const url = new URL(address, location.origin);
  return [url.pathname, url.search];
}
