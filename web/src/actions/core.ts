/** What every action needs: the state, the words for what went wrong, and what to do when the session is over. */
import { ApiError } from '../api';
import type { AppState } from '../state';
import type { Words } from '../words.svelte';

export interface Core {
  readonly state: AppState;
  readonly words: Words;
  /** The server does not know the session any more. */
  ended(): void;
  /** Applies the events that are held back at once, so that what follows is applied after them. */
  flushInbox(): void;
}

/** Whether an error says that the reader is not signed in any more, or that somebody else is in their place. */
export function endsSession(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 401 || error.code === 'other_sender');
}

/** Says in the reader's language why something failed. Also signs the reader out if the session has ended. */
export function explain(core: Core, error: unknown): string {
  if (!(error instanceof ApiError)) return core.words.t('app.failed');
  if (error.code === 'not_signed_in' || error.code === 'other_sender') core.ended();
  if (error.code === 'file_gone') return core.words.t('composer.fileGone');
  if (error.detail !== '') return error.detail;
  // The server itself says how much it takes.
  if (error.status === 413) return core.words.t('composer.proxyTooLarge');
  return core.words.t(error.status === 0 ? 'app.offline' : 'app.failed');
}

/** The longest wait before something is tried again by itself. For a longer one, the sentence says how long it would be. */
const MOST_PATIENCE_MS = 30_000;
/** How many times one piece of work may wait. */
const MOST_WAITS = 3;

/** Does some work. When the server refuses it as too frequent, says so, waits as long as the server asked, and tries again. */
export async function patiently<T>(core: Core, work: () => Promise<T>): Promise<T> {
  for (let waits = 0; ; waits += 1) {
    try {
      return await work();
    } catch (error) {
      const waitMs = error instanceof ApiError && error.status === 429 ? error.retryAfterMs : null;
      if (waitMs === null || waitMs > MOST_PATIENCE_MS || waits >= MOST_WAITS) throw error;
      core.state.flashes.show('warn', core.words.t('app.tooOften', { seconds: Math.ceil(waitMs / 1000) }));
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}

/** Does some work and shows a red alert if it fails. Returns the result, or `undefined` after a failure. */
export async function attempt<T>(core: Core, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await patiently(core, work);
  } catch (error) {
    core.state.flashes.show('bad', explain(core, error));
    return undefined;
  }
}
