/** What a person can do with her account: password, sessions, tokens. Lists are shown where they are asked for. */
import * as api from '../api';
import type { NewToken, Session, Token } from '../wire';
import { attempt, explain, type Core } from './core';

/** Answers with why it did not work, or null. */
export async function changePassword(core: Core, current: string | null, next: string): Promise<string | null> {
  try {
    await api.changePassword(current, next);
    const { session, flashes } = core.state;
    if (session.me !== null) session.changed({ ...session.me, has_password: true });
    flashes.show('ok', core.words.t('settings.passwordSaved'));
    return null;
  } catch (error) {
    return explain(core, error);
  }
}

export async function sessions(core: Core): Promise<readonly Session[] | undefined> {
  return (await attempt(core, api.sessions))?.sessions;
}

export function endSession(core: Core, id: number): Promise<boolean> {
  return done(core, () => api.endSession(id), core.words.t('settings.ended'));
}

export async function tokens(core: Core): Promise<readonly Token[] | undefined> {
  return (await attempt(core, api.tokens))?.tokens;
}

export async function makeToken(core: Core, name: string): Promise<{ token: NewToken } | { problem: string }> {
  try {
    return { token: await api.makeToken(name) };
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
