/** Somebody who is signed in, straight at the server: what has to be there before a history begins. */

export interface Person {
  readonly me: { readonly id: number; readonly name: string };
  readonly cookie: string;
  makeChannel(name: string): Promise<number>;
  say(channel: number, text: string): Promise<void>;
  /** Any request; a refusal is an error. */
  ask(method: string, path: string, body?: unknown): Promise<unknown>;
}

const JSON_BODY = { 'content-type': 'application/json' };

export async function signIn(server: string, name: string): Promise<Person> {
  const answer = await send('POST', `${server}/api/session`, JSON_BODY, { name });
  const cookie = header(cookies(answer));
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const text = await (await send(method, server + path, { ...JSON_BODY, cookie }, body)).text();
    return text === '' ? null : JSON.parse(text);
  };
  return {
    me: (await answer.json()) as Person['me'],
    cookie,
    makeChannel: async (channel) => ((await ask('POST', '/api/channels', { name: channel })) as { id: number }).id,
    say: async (channel, text) => void (await ask('POST', `/api/channels/${channel}/messages`, { text })),
    ask,
  };
}

/** Signs in by the name alone, as this browser may. Returns its cookies then; `null` when it was refused. */
export async function signInAgain(server: string, name: string, cookie: string): Promise<string | null> {
  const body = JSON.stringify({ name });
  const answer = await realFetch(`${server}/api/session`, { method: 'POST', headers: { ...JSON_BODY, cookie }, body });
  await answer.text();
  if (!answer.ok) return null;
  return header(new Map([...named(cookie.split('; ')), ...cookies(answer)]));
}

function header(all: ReadonlyMap<string, string>): string {
  return [...all].map(([name, value]) => `${name}=${value}`).join('; ');
}

function cookies(answer: Response): Map<string, string> {
  return named(answer.headers.getSetCookie().map((line) => line.split(';')[0] ?? ''));
}

function named(pairs: readonly string[]): Map<string, string> {
  return new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}

async function send(method: string, url: string, headers: Record<string, string>, body: unknown): Promise<Response> {
  const answer = await realFetch(url, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
  return answer;
}

/** Before the surroundings are furnished: this one knows no client. */
const realFetch = globalThis.fetch;
