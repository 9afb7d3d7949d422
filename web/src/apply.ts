/** What an event does to the state: one line per event, one method each. Nothing else may. */
import type { AppState } from './state';
import { standsInActivity } from './state/calling';
import { follows, type Gap, type Outcome, type Stream } from './state/streams.svelte';
import type { Told } from './state/kept.svelte';
import type { Events, Follow, ServerEvent } from './wire';

/** Applies an event. Returns the streams that it showed to be behind. */
export function apply(state: AppState, incoming: ServerEvent): readonly Gap[] {
  switch (incoming.name) {
    case 'message':
      return message(state, incoming.event);
    case 'pin':
      return pin(state, incoming.event);
    case 'follow':
      return follow(state, incoming.event);
    case 'saved':
      return step(state, 'own', incoming.event, () => keep(state, incoming.event.saved));
    case 'activity':
      return activity(state, incoming.event);
    case 'reaction':
      return reaction(state, incoming.event);
    case 'channel':
      return channel(state, incoming.event);
    case 'delisted':
      return step(state, 'place', incoming.event, () => delist(state, incoming.event));
    case 'lost':
      return step(state, 'own', incoming.event, () => lose(state, incoming.event));
    case 'person':
      return step(state, 'place', incoming.event, () =>
        state.people.apply(incoming.event.user, incoming.event.revision),
      );
    case 'member':
      state.channels.setMemberCount(incoming.event.channel, incoming.event.member_count);
      return [];
    case 'membership':
      return membership(state, incoming.event);
    case 'read':
      return read(state, incoming.event);
    case 'user':
      return step(state, 'own', incoming.event, () => state.session.applyAccount(incoming.event.me));
    case 'reports':
      state.session.reports = incoming.event;
      return [];
    case 'waiting':
      state.session.waiting = incoming.event;
      return [];
    case 'invite':
      state.session.invite = incoming.event;
      return [];
    case 'heads':
      return heads(state, incoming.event);
    default:
      return unknown(incoming);
  }
}

/** The key of an own message that an event showed to be stored, if the rows have it now. */
export function settledBy(state: AppState, incoming: ServerEvent, gaps: readonly Gap[]): string | null {
  if (incoming.name !== 'message' || gaps.length > 0) return null;
  const { author, key } = incoming.event.message;
  return author.id === state.session.me?.id ? key : null;
}

function message(state: AppState, event: Events['message']): readonly Gap[] {
  if (event.type !== 'posted') state.kept.changes += 1;
  const listed = state.channels.applyMessage(event, state.session.me?.id);
  const outcomes = state.holders(event.channel).map((run) => {
    const outcome = run.applyEvent(event, event.message, event.type);
    // Where the revision is known already, the head of the thread need not be: an answer does not tell it.
    if (event.head !== undefined && outcome !== 'gap') run.applyHead(event.head, event.revision);
    return outcome;
  });
  const counted = state.follows.apply(event, state.session.reader);
  called(state, event);
  return gapOf(event.channel, event.revision, listed, counted, ...outcomes);
}

/** Whom a message calls may be known by it alone: a new one calls the reader, or one calls them no more. */
function called({ activity, channels, session }: AppState, { type, message }: Events['message']): void {
  const { channel, number } = message;
  const calls = session.reader.calls(message) && standsInActivity(message, session.me?.id);
  const held = channels.find(channel);
  if (calls && held?.member === true && number > held.read_number) activity.add(channel, number);
  else if (!calls && type !== 'posted') activity.remove(channel, number);
}

/** Something that concerns the reader came, which has no revision, or was seen. Which calls are new is asked for again. */
function activity(state: AppState, { since, revision }: Events['activity']): readonly Gap[] {
  if (since === undefined || revision === undefined) {
    state.activity.doubt();
    return [];
  }
  return step(state, 'own', { since, revision }, () => state.activity.doubt());
}

/** A mark that was moved down may have more above it than is known. */
function read(state: AppState, event: Events['read']): readonly Gap[] {
  return step(state, 'own', event, () => {
    state.channels.applyReadMark(event, true);
    const above = state.activity.calls.filter(
      ({ channel, number }) => channel === event.channel && number > event.number,
    );
    if (above.length < event.mentions) state.activity.doubt();
  });
}

function reaction(state: AppState, event: Events['reaction']): readonly Gap[] {
  const listed = state.channels.advance(event.channel, event);
  const runs = state.holders(event.channel).map((run) => run.applyReaction(event, state.session.me?.id));
  return gapOf(event.channel, event.revision, listed, state.follows.advance(event.channel, event), ...runs);
}

function pin(state: AppState, event: Events['pin']): readonly Gap[] {
  state.kept.changes += 1;
  const listed = state.channels.advance(event.channel, event);
  const runs = state.holders(event.channel).map((run) => run.applyPin(event));
  return gapOf(event.channel, event.revision, listed, state.follows.advance(event.channel, event), ...runs);
}

/** The reader saved a message, or does not any more. */
export function keep(state: AppState, saved: Told): void {
  state.kept.changes += 1;
  if (state.kept.note(saved)) for (const run of state.holders(saved.channel)) run.setSaved(saved.number, saved.kept);
}

/** The reader follows a thread, or does not any more, or read on in it. A count that is older than what was heard is asked for. */
function follow(state: AppState, event: Events['follow']): readonly Gap[] {
  return step(state, 'own', event, () => takeFollow(state, event.follow));
}

/** How the reader stands to a thread, by an event or an answer. */
export function takeFollow({ follows: known }: AppState, told: Follow): void {
  if (!known.take(told)) known.onUnknown();
}

/** The directory does not list a channel any more: whoever is not in it forgets it. */
export function delist(state: AppState, { channel, revision }: Pick<Events['delisted'], 'channel' | 'revision'>): void {
  state.channels.delist(channel, revision);
  if (state.channels.find(channel) !== undefined) return;
  state.windows.drop(channel);
  state.threads.drop(channel);
}

/** The person may not know of a channel any more: its rows go at once. Their own unsent words stay, and are offered. */
export function lose(state: AppState, { channel, revision }: Pick<Events['lost'], 'channel' | 'revision'>): void {
  state.view.lost = [...state.view.lost, { channel, name: state.channels.find(channel)?.name ?? '' }];
  state.channels.lose(channel, revision);
  state.activity.lose(channel);
  state.windows.drop(channel);
  state.threads.drop(channel);
  state.follows.forget(channel);
}

/** A channel is new, or its own facts changed; the directory, which lists public ones, has both. */
function channel(state: AppState, event: Events['channel']): readonly Gap[] {
  const { channel: info, channel_since: since } = event;
  const ofPlace = (take: () => void): readonly Gap[] => {
    const { since: from, revision } = event;
    return from === undefined || revision === undefined ? [] : step(state, 'place', { since: from, revision }, take);
  };
  if (since === undefined) return ofPlace(() => state.channels.listed(info));
  const span = { since, revision: info.revision };
  const held: Outcome[] = [state.follows.advance(info.id, span)];
  for (const run of state.holders(info.id)) {
    held.push(run.advance(span));
    run.raise(info.floor);
  }
  state.follows.raise(info.id, info.floor);
  // Whoever is not in the channel has its facts by the directory alone: a late event must not bring back what it took out.
  // They are behind in its rows as a matter of course.
  if (state.channels.find(info.id)?.member !== true) return ofPlace(() => state.channels.listed(info));
  const listed = state.channels.applyFacts(since, info);
  return [...gapOf(info.id, info.revision, listed, ...held), ...ofPlace(() => (state.channels.directoryChanges += 1))];
}

/** Whoever may know of a channel again, after the directory took it out, looks at the list. */
function membership(state: AppState, event: Events['membership']): readonly Gap[] {
  const { id, revision } = event.channel;
  const gaps = step(state, 'own', event, () => {
    state.channels.merge(event.channel);
    if (!event.channel.member) state.follows.forget(id);
  });
  return gaps.length > 0 || state.channels.find(id) !== undefined ? gaps : [{ stream: id, revision }];
}

/** An event of one of the two streams beside the channels'. */
function step(
  state: AppState,
  stream: 'own' | 'place',
  span: { since: number; revision: number },
  take: () => void,
): readonly Gap[] {
  const outcome = follows(state.streams[stream], span);
  if (outcome === 'applied') {
    take();
    state.streams.advanceTo(stream, span.revision);
  }
  return gapOf(stream, span.revision, outcome);
}

function gapOf(stream: Stream, revision: number, ...outcomes: readonly Outcome[]): readonly Gap[] {
  return outcomes.includes('gap') ? [{ stream, revision }] : [];
}

function heads(state: AppState, event: Events['heads']): readonly Gap[] {
  if (event.reports !== undefined) state.session.reports = { open: event.reports };
  for (const [id, count] of event.members) state.channels.setMemberCount(id, count);
  if (event.waiting !== undefined) state.session.waiting = { total: event.waiting };
  return headsOf(event).filter((gap) => isBehind(state, gap) || isCountBehind(state, gap));
}

/** Where the streams stand that heads tell of. */
export function headsOf({ heads, own, place }: Events['heads']): readonly Gap[] {
  const all: Gap[] = heads.map(([stream, revision]) => ({ stream, revision }));
  if (own !== undefined) all.push({ stream: 'own', revision: own });
  if (place !== undefined) all.push({ stream: 'place', revision: place });
  return all;
}

/** Whether a head is further than what is held of its stream, as far as anything is held of it. */
export function isBehind(state: AppState, { stream, revision }: Gap): boolean {
  if (typeof stream !== 'number') return revision > state.streams[stream];
  const runs = state.holders(stream).filter(({ loaded }) => loaded);
  const held = [state.channels.revision(stream), ...runs.map((run) => run.revision)];
  return held.some((known) => known !== undefined && known < revision);
}

/** Whether a head is further than what is counted of the threads of a channel. */
export function isCountBehind({ follows: known }: AppState, { stream, revision }: Gap): boolean {
  return typeof stream === 'number' && (known.revision(stream) ?? Infinity) < revision;
}

/** An event of a later server, which this app does not show. */
function unknown(_incoming: never): readonly Gap[] {
  return [];
}
