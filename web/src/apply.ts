/** What an event does to the state: one line per event, one method each. Nothing else may. */
import type { AppState } from './state';
import type { Told } from './wire';

/** What the event leaves to do: a channel whose changes have to be asked for. */
export interface Gap {
  readonly channel: number;
  readonly revision: number;
}

/** Applies an event. Answers with the gaps that it showed. */
export function apply(state: AppState, told: Told): readonly Gap[] {
  switch (told.name) {
    case 'message':
      return message(state, told.event);
    case 'channel':
      state.channels.changed(told.event.channel);
      return [];
    case 'member':
      member(state, told.event);
      return [];
    case 'read':
      state.channels.read(told.event.channel, told.event.number);
      return [];
    case 'user':
      state.session.changed(told.event.me);
      return [];
    case 'heads':
      return told.event.heads
        .map(([channel, revision]) => ({ channel, revision }))
        .filter((head) => isBehind(state, head));
    default:
      return unknown(told);
  }
}

/** The key of an own message that an event showed to be stored, if the rows have it now. */
export function settledBy(state: AppState, told: Told, gaps: readonly Gap[]): string | null {
  if (told.name !== 'message' || gaps.length > 0) return null;
  const { author, key } = told.event.message;
  return author.id === state.session.me?.id ? key : null;
}

function message(state: AppState, event: Extract<Told, { name: 'message' }>['event']): readonly Gap[] {
  const own = event.message.author.id === state.session.me?.id;
  state.channels.heard(event.revision, event.message, own);
  const run = state.windows.find(event.channel);
  const outcome = run?.heard(event.revision, event.message) ?? 'known';
  return outcome === 'gap' ? [event] : [];
}

function member(state: AppState, event: Extract<Told, { name: 'member' }>['event']): void {
  state.channels.memberCount(event.channel, event.member_count);
  if (event.user.id !== state.session.me?.id) return;
  if (event.type === 'joined' && state.channels.find(event.channel)?.member === false)
    state.channels.joinedOne(event.channel);
  if (event.type === 'left') state.channels.leftOne(event.channel);
}

/** Whether a head is further than what is known of its channel, as far as anything is kept of it. */
function isBehind(state: AppState, head: Gap): boolean {
  const run = state.windows.find(head.channel);
  const known = run?.loaded ? run.revision : state.channels.find(head.channel)?.revision;
  return known !== undefined && head.revision > known;
}

/** An event of a later server: nothing that this app shows. */
function unknown(_told: never): readonly Gap[] {
  return [];
}
