/** People and places: every operation of those who run a channel or keep order, as an owner asks for it. */
import type { Answers } from './answers';

interface Asked {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** Asks for one operation: its path as the document writes it, and what stands in the braces. */
type Ask = (method: string, path: string, parts?: Record<string, number | string>, body?: object) => Promise<Asked>;

/** Asks as somebody with these cookies, and looks at the answer. */
export function asking(answers: Answers, origin: string, cookie: string): Ask {
  return async (method, path, parts = {}, body) => {
    const address = path.replace(/\{(\w+)\}/g, (_, name: string) => String(parts[name] ?? ''));
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    const headers = { cookie, ...(body !== undefined && { 'content-type': 'application/json' }) };
    const response = await fetch(origin + address, { method, headers, ...init });
    await answers.look(path, method.toLowerCase(), response.clone());
    const json = (response.headers.get('content-type') ?? '').includes('json');
    return { status: response.status, body: json ? ((await response.json()) as Record<string, unknown>) : {} };
  };
}

/** Who is in the place, and how they come in. `grace` is the id of a member. */
export async function peopleAndPlace(owner: Ask, grace: number, picture: string): Promise<void> {
  await owner('GET', '/api/place');
  await owner('PATCH', '/api/place', {}, { about: 'a harbour' });
  await owner('GET', '/api/place/people');
  await owner('GET', '/api/people/{id}', { id: grace });
  await owner('PUT', '/api/people/{id}/aside', { id: grace }, { kind: 'mute' });
  await owner('DELETE', '/api/people/{id}/aside', { id: grace });
  await owner('PUT', '/api/people/{id}/mute', { id: grace }, { minutes: 5 });
  await owner('DELETE', '/api/people/{id}/mute', { id: grace });
  await owner('PUT', '/api/people/{id}/role', { id: grace }, { role: 'moderator' });
  await owner('PUT', '/api/people/{id}/role', { id: grace }, { role: 'member' });
  await owner('PUT', '/api/me/profile', {}, { about: 'here', zone: 'Europe/Berlin' });
  const me = await owner('PUT', '/api/me/picture', {}, { upload: picture });
  await owner('GET', '/pictures/{id}/{side}', { id: String(me.body['picture']), side: 72 });
  await owner('DELETE', '/api/me/picture');
  await owner('GET', '/api/log');
}

/** Invites and the door. `stranger` asks without being known; they wait, and are let in or refused. */
export async function waysIn(owner: Ask, stranger: Ask, id: number): Promise<void> {
  const invite = await owner('POST', '/api/invites', {}, { role: 'guest', channels: [id], visit_minutes: 60 });
  const one = { id: Number(invite.body['id']) };
  await owner('GET', '/api/invites');
  await owner('GET', '/api/invites/{id}', one);
  await owner('GET', '/api/invites/{id}/qr', one);
  const address = new URL(String(invite.body['address']));
  const guest = { name: 'Visitor', invite: address.pathname.split('/').at(-1) ?? '' };
  const came = Number((await stranger('POST', '/api/session', {}, guest)).body['id']);
  await owner('GET', '/api/channels/{id}/door', { id });
  await owner('DELETE', '/api/channels/{id}/guests/{user}', { id, user: came });
  await owner('DELETE', '/api/channels/{id}/guests', { id });
  await owner('DELETE', '/api/people/{id}/visit', { id: came });
  await owner('DELETE', '/api/people/{id}/name', { id: came });
  await owner('PUT', '/api/invites/{id}/projector', one);
  await owner('DELETE', '/api/invites/{id}/projector', one);
  await owner('PATCH', '/api/invites/{id}', one, { door: 'closed' });
  await owner('DELETE', '/api/invites/{id}', one);
  await owner('PATCH', '/api/place', {}, { way_in: 'approval' });
  for (const [name, method] of [
    ['Waiting', 'PUT'],
    ['Refused', 'DELETE'],
  ] as const) {
    const waits = await stranger('POST', '/api/session', {}, { name });
    if (waits.status !== 202) throw new Error(`${name} does not wait: ${waits.status}`);
    const all = (await owner('GET', '/api/waiting')).body['waiting'] as readonly { readonly id: number }[];
    await owner(method, '/api/waiting/{id}', { id: all[0]?.id ?? 0 });
  }
  await owner('PATCH', '/api/place', {}, { way_in: 'open' });
}

/** What the hosts of a channel do, and what is reported in it. `grace` is the id of a member, who asks too. */
export async function keepingOrder(owner: Ask, member: Ask, grace: number): Promise<void> {
  const made = await owner('POST', '/api/channels', {}, { name: 'quiet', kind: 'private' });
  const id = Number(made.body['id']);
  const user = { id, user: grace };
  await owner('POST', '/api/channels/{id}/members', { id }, { people: [grace] });
  const numbers: number[] = [];
  for (const text of ['one', 'two', 'three']) {
    const posted = await member('POST', '/api/channels/{id}/messages', { id }, { text });
    numbers.push(Number(posted.body['number']));
  }
  const [one = 0, two = 0] = numbers;
  await owner('PUT', '/api/channels/{id}/messages/{number}/report', { id, number: one }, { reason: 'spam' });
  await owner('PUT', '/api/channels/{id}/messages/{number}/report', { id, number: two }, { reason: 'other' });
  await owner('GET', '/api/message-reports');
  await owner('DELETE', '/api/message-reports/{id}/{number}', { id, number: one });
  await owner('POST', '/api/channels/{id}/messages/{number}/removal', { id, number: two }, { reason: 'spam' });
  await member('GET', '/api/channels/{id}/messages/{number}/removal', { id, number: two });
  await owner('PUT', '/api/channels/{id}/hosts/{user}', user);
  await owner('DELETE', '/api/channels/{id}/hosts/{user}', user);
  await owner('PUT', '/api/channels/{id}/mutes/{user}', user, { minutes: 5 });
  await owner('DELETE', '/api/channels/{id}/mutes/{user}', user);
  await owner('DELETE', '/api/channels/{id}/members/{user}', user);
  await owner('PUT', '/api/channels/{id}/kept-out/{user}', user);
  await owner('GET', '/api/channels/{id}/kept-out', { id });
  await owner('POST', '/api/channels/{id}/transcript', { id });
  await owner('DELETE', '/api/channels/{id}/kept-out/{user}', user);
  await owner('DELETE', '/api/channels/{id}', { id });
  const direct = await owner('POST', '/api/direct', {}, { people: [grace] });
  const conversation = { id: Number(direct.body['id']) };
  await owner('PUT', '/api/channels/{id}/hidden', conversation);
  await owner('DELETE', '/api/channels/{id}/hidden', conversation);
}

/** What ends somebody's stay: last, because their sessions end. */
export async function comingAndGoing(owner: Ask, grace: number): Promise<void> {
  await owner('POST', '/api/people/{id}/sign-in-link', { id: grace });
  await owner('DELETE', '/api/people/{id}/sign-in-link', { id: grace });
  await owner('PUT', '/api/people/{id}/deactivated', { id: grace });
  await owner('DELETE', '/api/people/{id}/deactivated', { id: grace });
  await owner('GET', '/api/people/{id}/written', { id: grace });
  await owner('POST', '/api/people/{id}/data-removal', { id: grace }, { name: 'Grete' });
}
