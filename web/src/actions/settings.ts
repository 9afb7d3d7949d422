/** What a person can do with their account: name, password, devices, tokens. The views that ask for a list keep it. */
import * as api from '../api';
import type { Device, NewToken, Token, TokenDraft } from '../wire';
import { attempt, explain, type Core } from './core';

/** Takes another name. Returns why it did not work, or null. */
export async function changeName(core: Core, name: string): Promise<string | null> {
  try {
    const me = await api.changeName(name);
    core.state.session.applyAccount(me);
    core.state.flashes.show('ok', core.words.t('settings.nameSaved', { name: me.name }));
    return null;
  } catch (error) {
    return explain(core, error);
  }
}

/** Why the password was not changed, and the field that it is about. */
export interface PasswordProblem {
  readonly field: 'current' | 'next';
  readonly reason: string;
}

/** Returns why it did not work, or null. */
export async function changePassword(
  core: Core,
  current: string | null,
  next: string,
): Promise<PasswordProblem | null> {
  try {
    await api.changePassword(current, next);
    const { session, flashes } = core.state;
    if (session.me !== null) session.applyAccount({ ...session.me, has_password: true });
    flashes.show('ok', core.words.t('settings.passwordSaved'));
    return null;
  } catch (error) {
    const wrong = current !== null && error instanceof api.ApiError && error.code === 'wrong_password';
    return { field: wrong ? 'current' : 'next', reason: explain(core, error) };
  }
}

export async function devices(core: Core): Promise<readonly Device[] | undefined> {
  return (await attempt(core, api.devices))?.devices;
}

export function forgetDevice(core: Core, { id, signed_in: signedIn }: Device): Promise<boolean> {
  return done(core, () => api.forgetDevice(id), core.words.t(signedIn ? 'settings.ended' : 'settings.forgotten'));
}

export async function tokens(core: Core): Promise<readonly Token[] | undefined> {
  return (await attempt(core, api.tokens))?.tokens;
}

export async function makeToken(core: Core, draft: TokenDraft): Promise<{ token: NewToken } | { problem: string }> {
  try {
    return { token: await api.makeToken(draft) };
  } catch (error) {
    return { problem: explain(core, error) };
  }
}

export function revokeToken(core: Core, id: number): Promise<boolean> {
  return done(core, () => api.revokeToken(id), core.words.t('settings.tokenRevoked'));
}

async function done(core: Core, work: () => Promise<void>, told: string): Promise<boolean> {
  const worked = await attempt(core, async () => {
    await work();
    return true;
  });
  if (worked === true) core.state.flashes.show('ok', told);
  return worked === true;
}
