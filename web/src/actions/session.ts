/** Signing in and out, and the choices of the account. */
import * as api from '../api';
import type { Language } from '../i18n';
import type { Route } from '../route';
import type { Settings, State } from '../wire';
import { attempt, explain, type Core } from './core';

/** The result of an attempt to sign in. */
export type Answer =
  | { readonly kind: 'in'; readonly state: State }
  | { readonly kind: 'password' }
  /** Somebody new chooses a password. */
  | { readonly kind: 'choose_password' }
  /** The name waits at the door: a page of its own goes on from there. */
  | { readonly kind: 'waits' }
  | { readonly kind: 'refused'; readonly field: 'name' | 'password'; readonly reason: string };

export class Sessions {
  /** The person logs out here: that the server ends the connection tells nothing new. */
  isLeaving = false;

  constructor(private readonly core: Core) {}

  /** Signs in under a free name, or under one that this person holds. `wanted` is the page to open. */
  async signIn(name: string, password: string | null, shared: boolean, wanted: Route | null): Promise<Answer> {
    const { words, state } = this.core;
    try {
      const signedIn = await api.signIn(name, password, shared);
      if (signedIn === null) return { kind: 'waits' };
      const { me, created } = signedIn;
      const first = await api.state(wanted);
      if (created) state.flashes.show('ok', words.t('door.created', { name: me.name }));
      return { kind: 'in', state: first };
    } catch (error) {
      if (error instanceof api.ApiError && error.code === 'password_required') return { kind: 'password' };
      if (error instanceof api.ApiError && error.code === 'password_needed') return { kind: 'choose_password' };
      const wrong = error instanceof api.ApiError && error.code === 'wrong_password';
      return { kind: 'refused', field: wrong ? 'password' : 'name', reason: explain(this.core, error) };
    }
  }

  /** Ends the session. Returns whether it has ended. With `forget` the browser cannot sign in by the name alone again. */
  async signOut(forget: boolean): Promise<boolean> {
    const { flashes } = this.core.state;
    this.isLeaving = true;
    try {
      await api.signOut(forget);
      flashes.show('ok', this.core.words.t('door.left'));
      return true;
    } catch (error) {
      if (error instanceof api.ApiError && error.code === 'not_signed_in') return true;
      if (error instanceof api.ApiError && isOurFault(error)) {
        // The cookie went with the answer, whatever became of the session.
        flashes.show('warn', `${this.core.words.t('door.leftHere')} ${error.detail}`.trim());
        return true;
      }
      flashes.show('bad', explain(this.core, error));
      return false;
    } finally {
      this.isLeaving = false;
    }
  }

  /** Whether the server still knows the session; a network that does not answer says nothing about it. */
  async stillIn(): Promise<boolean> {
    const { session } = this.core.state;
    try {
      const me = await api.me();
      // Somebody else signed in in another tab: this tab must not show anything of theirs.
      if (me.id !== session.me?.id) return false;
      session.applyAccount(me);
      return true;
    } catch (error) {
      return !(error instanceof api.ApiError && error.status === 401);
    }
  }

  /** Applies settings at once, and takes them back if the server refuses or does not answer. */
  async change(settings: Partial<Settings>): Promise<void> {
    const { session } = this.core.state;
    session.applySettings(settings);
    const me = await attempt(this.core, () => api.changeSettings(settings));
    if (me !== undefined) session.applyAccount(me);
    else session.takeBackSettings();
  }

  /** Chooses the language before signing in. The cookie makes the server use it too. */
  chooseAtTheDoor(language: Language): void {
    this.core.state.session.language = language;
    this.core.words.language = language;
    rememberLanguage(language);
  }
}

/** The server itself failed, and not a proxy before it: those send no problem document. */
function isOurFault({ status, code }: api.ApiError): boolean {
  return status >= 500 && !code.startsWith('http_');
}

const YEAR_S = 365 * 24 * 3600;

const LANGUAGE_COOKIE = 'chinwag_language';

/** The language that was chosen in this browser before signing in, as the server sees it. */
export function rememberedLanguage(): Language | null {
  const cookies = document.cookie.split('; ');
  const value = cookies.find((cookie) => cookie.startsWith(`${LANGUAGE_COOKIE}=`))?.slice(LANGUAGE_COOKIE.length + 1);
  return value === 'zh' || value === 'en' ? value : null;
}

/** Keeps a choice of language for this browser, where the server sees it too; `auto` forgets it. */
export function rememberLanguage(language: Settings['language']): void {
  const life = language === 'auto' ? 0 : YEAR_S;
  document.cookie = `${LANGUAGE_COOKIE}=${language}; Path=/; Max-Age=${life}; SameSite=Lax`;
}

/** The language for an account that chose none, by the same rule as on the server (`http/language.rs`). */
export function browserLanguage(): Language {
  const remembered = rememberedLanguage();
  if (remembered !== null) return remembered;
  const first = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag === 'zh' || tag === 'en');
  return first === 'zh' ? 'zh' : 'en';
}
