/**
 * The published shapes by their own names, and the events of the namespace `/app`. Everything else in the app imports
 * from here, so that only this file changes when the generated one does.
 */
import type { components, paths } from './api';

type Schemas = components['schemas'];

export type Activity = Schemas['Activity'];
export type ActivityPage = Schemas['ActivityPage'];
/** Which part of the activity to list. */
export type ActivityPart = NonNullable<NonNullable<paths['/api/me/activity']['get']['parameters']['query']>['only']>;
export type AllWaiting = Schemas['AllWaiting'];
export type Invite = Schemas['Invite'];
export type InviteUse = Schemas['InviteUse'];
export type Invites = Schemas['Invites'];
export type NewInvite = Schemas['NewInvite'];
export type Pin = Schemas['Pin'];
export type Pins = Schemas['Pins'];
export type Saved = Schemas['Saved'];
export type SavedMessage = Schemas['SavedMessage'];
export type SavedPage = Schemas['SavedPage'];
export type Place = Schemas['Place'];
export type Projection = Schemas['Projection'];
export type SignInLink = Schemas['SignInLink'];
export type Waiting = Schemas['Waiting'];
export type ChannelDoor = Schemas['ChannelDoor'];
export type EndedVisits = Schemas['EndedVisits'];
export type Written = Schemas['Written'];
export type Attachment = Schemas['Attachment'];
export type Callable = Schemas['Callable'];
export type Changes = Schemas['Changes'];
export type Channel = Schemas['Channel'];
export type ChannelDraft = Schemas['ChannelDraft'];
export type ChannelPatch = Schemas['ChannelPatch'];
export type ChannelInfo = Schemas['ChannelInfo'];
export type DirectoryPage = Schemas['DirectoryPage'];
export type ListedChannel = Schemas['ListedChannel'];
export type Device = Schemas['Device'];
export type Digest = Schemas['Digest'];
export type Flash = Schemas['Flash'];
export type Grounds = Schemas['Grounds'];
export type LogEntry = Schemas['LogEntry'];
export type Level = Schemas['Level'];
export type Line = Schemas['Line'];
export type LinePassage = Schemas['Passage'];
export type Log = Schemas['Log'];
export type Me = Schemas['Me'];
export type Member = Schemas['Member'];
export type Members = Schemas['Members'];
export type Mention = Schemas['Mention'];
export type Message = Schemas['Message'];
export type MessagePage = Schemas['MessagePage'];
export type MessageSummary = Schemas['MessageSummary'];
export type Channels = Schemas['Channels'];
export type NewCall = Schemas['NewCall'];
export type NewCalls = Schemas['NewCalls'];
export type NewToken = Schemas['NewToken'];
export type TokenDraft = Schemas['TokenDraft'];
export type OwnChanges = Schemas['OwnChanges'];
export type ListedPerson = Schemas['ListedPerson'];
export type PeopleList = Schemas['PeopleList'];
export type Person = Schemas['Person'];
export type Profile = Schemas['Profile'];
export type Status = Schemas['Status'];
export type Page = Schemas['Page'];
export type PlaceChanges = Schemas['PlaceChanges'];
export type Problem = Schemas['Problem'];
export type Forwarded = Schemas['Forwarded'];
export type Quote = Schemas['Quote'];
export type Reaction = Schemas['Reaction'];
export type Reactors = Schemas['Reactors'];
export type Versions = Schemas['Versions'];
export type ReadState = Schemas['ReadState'];
export type Reason = Schemas['Reason'];
export type Removal = Schemas['Removal'];
export type ReportedMessage = Schemas['ReportedMessage'];
export type ReportedMessages = Schemas['ReportedMessages'];
export type SearchHit = Schemas['SearchHit'];
export type SearchPage = Schemas['SearchPage'];
export type Settings = Schemas['Settings'];
export type State = Schemas['State'];
export type Follow = Schemas['Follow'];
export type Follows = Schemas['Follows'];
export type FollowedThread = Schemas['FollowedThread'];
export type Thread = Schemas['Thread'];
export type ThreadHead = Schemas['ThreadHead'];
export type ThreadPage = Schemas['ThreadPage'];
export type ThreadsPage = Schemas['ThreadsPage'];
export type Token = Schemas['Token'];
export type User = Schemas['User'];
export type Workspace = Schemas['Workspace'];

/** Which revisions of its stream an event covers: those after `since`, up to `revision`. */
export type Span = Pick<Events['message'], 'since' | 'revision'>;

/** What the server tells over the socket, by event name. */
export type Events = Schemas['Events'];

/** Those of them that tell how people are now. They are heard where they are shown, and change no data. */
export type LiveEvents = Pick<Events, 'presence' | 'typing'>;

/** One event with its name: what `apply` decides by. */
export type ServerEvent = {
  [Name in Exclude<keyof Events, keyof LiveEvents>]: { name: Name; event: Events[Name] };
}[Exclude<keyof Events, keyof LiveEvents>];
