/** Addresses of the app: what one stands for, and which one a thing has. Nothing here touches the browser. */
import type { ChannelInfo } from './wire';

export type Route =
  | { readonly kind: 'sign_in'; readonly next: string | null }
  | { readonly kind: 'home' }
  | { readonly kind: 'channels' }
  /** `thread`: that of the message stands beside the channel. */
  | { readonly kind: 'channel'; readonly name: string; readonly number: number | null; readonly thread?: true }
  /** A channel that is not public: its address says the id, which nobody can guess. */
  | { readonly kind: 'private'; readonly id: number; readonly number: number | null; readonly thread?: true }
  | { readonly kind: 'settings' }
  | { readonly kind: 'activity' }
  | { readonly kind: 'saved' }
  | { readonly kind: 'threads' }
  /** `query`: what is searched for, as it stands behind the path. */
  | { readonly kind: 'search'; readonly query: string }
  | { readonly kind: 'people'; readonly tab: string | null };

/** What of a channel makes its address. */
export type Addressed = Pick<ChannelInfo, 'id' | 'name' | 'kind'>;

/** What an address stands for. `path` begins with a slash and is still percent-encoded. */
export function parseRoute(path: string, search = ''): Route {
  const [first = '', second, third] = path.slice(1).split('/');
  const query = new URLSearchParams(search);
  if (first === 'login') return { kind: 'sign_in', next: ownPath(query.get('next')) };
  if (first === 'settings') return { kind: 'settings' };
  if (first === 'activity') return { kind: 'activity' };
  if (first === 'saved') return { kind: 'saved' };
  if (first === 'threads') return { kind: 'threads' };
  if (first === 'search') return { kind: 'search', query: search };
  const thread = query.has('thread') ? ({ thread: true } as const) : {};
  if (first === 'people') return { kind: 'people', tab: second ?? null };
  if (first === 'channel' && second !== undefined && second !== '') {
    return { kind: 'channel', name: decode(second), number: positive(third), ...thread };
  }
  if (first === 'c' && second !== undefined && second !== '') {
    return { kind: 'private', id: positive(second) ?? 0, number: positive(third), ...thread };
  }
  const open = query.get('open');
  if (first === 'channels' && open !== null)
    return { kind: 'channel', name: open, number: positive(query.get('at')), ...thread };
  return first === 'channels' ? { kind: 'channels' } : { kind: 'home' };
}

/** The address of a route. */
export function addressOf(route: Route): string {
  switch (route.kind) {
    case 'sign_in':
      return route.next === null ? '/login' : `/login?next=${encodeURIComponent(route.next)}`;
    case 'home':
      return '/';
    case 'channels':
      return '/channels';
    case 'settings':
      return '/settings';
    case 'activity':
      return '/activity';
    case 'saved':
      return '/saved';
    case 'threads':
      return '/threads';
    case 'search':
      return `/search${route.query}`;
    case 'people':
      return route.tab === null ? '/people' : `/people/${route.tab}`;
    case 'channel':
      return channelAddress(route.name, route.number, route.thread);
    case 'private':
      return `/c/${route.id}${behind(route.number, route.thread)}`;
  }
}

/** The page of a channel, or of a message in it. */
export function routeOf(channel: Addressed, number: number | null = null): Route {
  const { id, name, kind } = channel;
  return kind === 'public' ? { kind: 'channel', name, number } : { kind: 'private', id, number };
}

/** A channel with the thread of a message beside it. */
export function threadRoute(channel: Addressed, root: number): Route {
  const { id, name, kind } = channel;
  const at = { number: root, thread: true } as const;
  return kind === 'public' ? { kind: 'channel', name, ...at } : { kind: 'private', id, ...at };
}

/** The message whose thread an address shows; null for other addresses. */
export function threadOf(route: Route): number | null {
  return (route.kind === 'channel' || route.kind === 'private') && route.thread === true ? route.number : null;
}

/** The address of a channel, or of a message in it. */
export function addressOfChannel(channel: Addressed, number: number | null = null): string {
  return addressOf(routeOf(channel, number));
}

/** Which message a page of a channel jumps to; `undefined` for other pages. */
export function jumpOf(route: Route): number | null | undefined {
  return route.kind === 'channel' || route.kind === 'private' ? route.number : undefined;
}

/** The address of a public channel, or of a message in it. */
export function channelAddress(name: string, number: number | null = null, thread = false): string {
  if (/^\.{1,2}$/.test(name)) return dotAddress(name, number) + (thread && number !== null ? '&thread' : '');
  return `/channel/${encodeURIComponent(name)}${behind(number, thread)}`;
}

/** What stands behind the address of a channel. */
function behind(number: number | null, thread = false): string {
  return number === null ? '' : `/${number}${thread ? '?thread' : ''}`;
}

/** The address of an uploaded file. */
export function fileAddress(id: string, name: string): string {
  return `/files/${encodeURIComponent(id)}/${encodeURIComponent(name)}`;
}

/** The address of a picture's small form. */
export function thumbnailAddress(id: string): string {
  return `/thumbnails/${encodeURIComponent(id)}`;
}

/** Browsers take `.` and `..` out of a path, even percent-encoded (URL standard, "double-dot segment"). */
function dotAddress(name: string, number: number | null): string {
  const query = new URLSearchParams({ open: name, ...(number === null ? {} : { at: String(number) }) });
  return `/channels?${query}`;
}

/** Where to go after signing in: a path of this server, never another one's. */
function ownPath(next: string | null): string | null {
  return next !== null && /^\/(?![/\\])/.test(next) ? next : null;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function positive(text: string | null | undefined): number | null {
  return text !== null && text !== undefined && /^[1-9]\d{0,15}$/.test(text) ? Number(text) : null;
}
