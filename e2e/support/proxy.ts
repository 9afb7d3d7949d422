/**
 * A network between browser and server that a test can spoil: lose answers, refuse what is sent, cut an upload off. It
 * counts what crosses it.
 */
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server as Listener, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Server } from './server';

/** What becomes of a request. */
export type Fate =
  | 'pass'
  /** The connection breaks before anything reaches the server. */
  | 'lose'
  /** The server gets it and does it; its answer never arrives. */
  | 'swallow'
  /** So many bytes of the body reach the server, then the connection breaks. */
  | { readonly cutAfter: number };

export class Proxy {
  origin = '';
  /** Decides about every request; all pass without it. */
  fate: (method: string, path: string) => Fate = () => 'pass';
  /** Called when an answer was swallowed. */
  swallowed: () => Promise<void> = async () => undefined;
  /** What reached the server, in order: method, path, and how many bytes of body. */
  readonly crossed: { readonly method: string; readonly path: string; bytes: number }[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly listener: Listener,
    private readonly server: Server,
  ) {
    listener.on('request', (req, res) => this.pass(req, res));
    listener.on('upgrade', (req: IncomingMessage, socket: Socket, head: Buffer) => this.tunnel(req, socket, head));
    listener.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('error', () => undefined).once('close', () => this.sockets.delete(socket));
    });
  }

  static async before(server: Server): Promise<Proxy> {
    const proxy = new Proxy(createServer(), server);
    proxy.listener.listen(0, '127.0.0.1');
    await once(proxy.listener, 'listening');
    proxy.origin = `http://127.0.0.1:${(proxy.listener.address() as AddressInfo).port}`;
    return proxy;
  }

  /** How many requests of this kind reached the server. */
  count(method: string, path: RegExp): number {
    return this.crossed.filter((one) => one.method === method && path.test(one.path)).length;
  }

  /** How many bytes of bodies reached the server. */
  bytes(method: string, path: RegExp): number {
    const fitting = this.crossed.filter((one) => one.method === method && path.test(one.path));
    return fitting.reduce((sum, one) => sum + one.bytes, 0);
  }

  close(): void {
    this.listener.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private pass(req: IncomingMessage, res: ServerResponse): void {
    const { method = '', url = '' } = req;
    const fate = this.fate(method, url);
    if (fate === 'lose') return void req.socket.destroy();
    const crossed = { method, path: url, bytes: 0 };
    this.crossed.push(crossed);
    const { hostname, port } = new URL(this.server.origin);
    const upstream = request({ hostname, port, method, path: url, headers: req.headers, agent: false }, (answer) => {
      if (fate === 'swallow') return void this.swallowed().finally(() => req.socket.destroy());
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    });
    upstream.on('error', () => req.socket.destroy());
    req.on('data', (bytes: Buffer) => {
      const room = typeof fate === 'object' ? fate.cutAfter - crossed.bytes : bytes.length;
      const part = bytes.subarray(0, room);
      crossed.bytes += part.length;
      if (part.length === bytes.length) return void upstream.write(part);
      req.removeAllListeners('data');
      req.pause();
      // What was written has to be on its way before the connection breaks.
      upstream.write(part, () => setImmediate(() => (upstream.destroy(), req.socket.destroy())));
    });
    req.on('end', () => upstream.end());
    req.on('close', () => req.complete || upstream.destroy());
  }

  private tunnel(req: IncomingMessage, socket: Socket, head: Buffer): void {
    if (this.fate(req.method ?? '', req.url ?? '') === 'lose') return void socket.destroy();
    const { hostname, port } = new URL(this.server.origin);
    const upstream = connect(Number(port), hostname, () => {
      const lines = [`${req.method} ${req.url} HTTP/1.1`];
      for (let i = 0; i < req.rawHeaders.length; i += 2) lines.push(`${req.rawHeaders[i]}: ${req.rawHeaders[i + 1]}`);
      upstream.write(`${lines.join('\r\n')}\r\n\r\n`);
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.on('close', () => upstream.destroy());
  }
}
