/** Somebody who is signed in, straight at the server: what has to be there before a history begins. */

export interface Person {
  readonly me: { readonly id: number; readonly name: string };
  readonly cookie: string;
  makeChannel(name: string): Promise<number>;
  say(channel: number, text: string): Promise<void>;
}

export async function signIn(server: string, name: string): Promise<Person> {
  const headers = { 'content-type': 'application/json' };
  const answer = await post(`${server}/api/session`, headers, { name });
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0] ?? '')
    .join('; ');
  const own = { ...headers, cookie };
  return {
    me: (await answer.json()) as Person['me'],
    cookie,
    makeChannel: async (channel) => {
      const made = await post(`${server}/api/channels`, own, { name: channel });
      return ((await made.json()) as { id: number }).id;
    },
    say: async (channel, text) => void (await post(`${server}/api/channels/${channel}/messages`, own, { text })),
  };
}

async function post(url: string, headers: Record<string, string>, body: unknown): Promise<Response> {
  const answer = await realFetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer;
}

/** Before the surroundings are furnished: this one knows no client. */
const realFetch = globalThis.fetch;
