/**
 * A bad line to the server, for one client: it delays, refuses, swallows answers of what went through, sends requests twice,
 * cuts connections, and delays, doubles and drops events, so that they also overtake each other. It adds the client's cookie,
 * as a browser would. Healed, it hands everything on as it is.
 */
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Splitter, type Frame } from './frames';
import { pause, type Chance } from '../random';

/** How often each kind of trouble happens, of all requests or events. */
const REFUSED = 0.06;
const SWALLOWED = 0.1;
const TWICE = 0.15;
const BAD_GATEWAY = 0.04;
const EVENT_LATE = 0.25;
const EVENT_TWICE = 0.15;
const EVENT_LOST = 0.05;
const EVENT_OFTEN_LOST = 0.25;
/** How long what is late waits, at most. */
const LATE_MS = 120;
/** A connection for events lives this long, at most, while the line is bad. */
const LIFE_MS = 2_500;

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export class Proxy {
  origin = '';
  /** While it is set, nothing gets through at all. */
  asleep = false;
  /** What the page does when it wants to begin anew. */
  reload = (): void => {
    throw new Error('the app wants to begin anew');
  };
  #healed = false;
  readonly #server: Server;
  readonly #streams = new Set<Duplex>();

  private constructor(
    private readonly target: URL,
    /** The cookies of the browser. */
    public cookie: string,
    private readonly chance: Chance,
    /** Whether connections live on. Then events are lost in the middle of one, and what heals that are the heads. */
    private readonly keeps: boolean,
  ) {
    this.#server = createServer((asked, answer) => void this.#serve(asked, answer).catch(() => answer.destroy()));
    this.#server.on('upgrade', (asked: IncomingMessage, stream: Socket, head: Buffer) =>
      this.#upgrade(asked, stream, head),
    );
    this.#server.on('connection', (stream: Socket) => this.#keep(stream));
  }

  static async start(target: string, cookie: string, chance: Chance, keeps = false): Promise<Proxy> {
    const proxy = new Proxy(new URL(target), cookie, chance, keeps);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    proxy.origin = `http://127.0.0.1:${(proxy.#server.address() as AddressInfo).port}`;
    return proxy;
  }

  /** From now on everything gets through; connections that may have lost something are cut. */
  heal(): void {
    this.#healed = true;
    this.asleep = false;
    this.cut();
  }

  /** From now on everything gets through, over the connections that are there: what they lost stays lost. */
  calm(): void {
    this.#healed = true;
  }

  cut(): void {
    for (const stream of this.#streams) stream.destroy();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  #is(share: number): boolean {
    return !this.#healed && this.chance.is(share);
  }

  async #late(share: number): Promise<void> {
    if (this.#is(share)) await pause(this.chance.between(1, LATE_MS));
  }

  #keep(stream: Duplex): void {
    this.#streams.add(stream);
    stream.on('close', () => this.#streams.delete(stream));
    stream.on('error', () => stream.destroy());
  }

  async #serve(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const body = await read(asked);
    if (this.asleep || this.#is(REFUSED)) return void answer.destroy();
    if (this.#is(BAD_GATEWAY)) return void answer.writeHead(502).end('<html>bad gateway</html>');
    await this.#late(0.3);
    let got = await this.#forward(asked, body);
    if (asked.method !== 'GET' && this.#is(TWICE)) {
      await this.#late(0.5);
      got = await this.#forward(asked, body);
    }
    await this.#late(0.3);
    if (this.#is(SWALLOWED)) return void answer.destroy();
    answer.writeHead(got.status, got.headers).end(got.body);
  }

  #forward(asked: IncomingMessage, body: Buffer): Promise<Answer> {
    const { hostname, port, host } = this.target;
    const headers = { ...asked.headers, host, cookie: this.cookie };
    return new Promise((resolve, reject) => {
      const own = request({ hostname, port, method: asked.method, path: asked.url, headers }, (got) => {
        read(got).then(
          (answer) => resolve({ status: got.statusCode ?? 502, headers: got.headers, body: answer }),
          reject,
        );
      });
      own.on('error', reject);
      own.end(body);
    });
  }

  /** Hands the handshake on; then bytes from the client as they are, and events from the server as it likes. */
  #upgrade(asked: IncomingMessage, near: Socket, early: Buffer): void {
    if (this.asleep || this.#is(REFUSED)) return void near.destroy();
    const far = connect(Number(this.target.port), this.target.hostname);
    this.#keep(far);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    const headers = Object.entries({ ...asked.headers, host: this.target.host, cookie: this.cookie });
    const lines = headers.map(([name, value]) => `${name}: ${String(value)}\r\n`);
    far.write(`GET ${asked.url ?? '/'} HTTP/1.1\r\n${lines.join('')}\r\n`);
    far.write(early);
    near.pipe(far);
    this.#relay(far, near);
    if (this.#healed || this.keeps) return;
    setTimeout(() => !this.#healed && near.destroy(), this.chance.between(100, LIFE_MS));
  }

  #relay(far: Socket, near: Socket): void {
    const splitter = new Splitter();
    let head: Buffer | null = Buffer.alloc(0);
    far.on('data', (chunk: Buffer) => {
      let rest = chunk;
      if (head !== null) {
        head = Buffer.concat([head, chunk]);
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        near.write(head.subarray(0, end + 4));
        rest = head.subarray(end + 4);
        head = null;
      }
      for (const frame of splitter.push(rest)) this.#hand(frame, near);
    });
  }

  #hand(frame: Frame, near: Socket): void {
    const give = (): boolean => near.writable && near.write(frame.bytes);
    if (frame.text === null || !frame.text.startsWith('42')) return void give();
    // On a line that lives on, heads are what has to be believed.
    if (this.keeps && frame.text.includes('["heads"')) return void give();
    if (this.#is(this.keeps ? EVENT_OFTEN_LOST : EVENT_LOST)) return;
    const times = this.#is(EVENT_TWICE) ? 2 : 1;
    for (let time = 0; time < times; time += 1) {
      if (this.#is(EVENT_LATE)) setTimeout(give, this.chance.between(1, LATE_MS));
      else give();
    }
  }
}

async function read(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
