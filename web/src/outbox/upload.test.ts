import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../api';
import { sendFile } from './upload';

/** A tus server in a map, and the browser's older interface as far as it is used. */
let uploads: Map<string, { length: number; bytes: number; metadata: string }>;
let asked: string[];
/** The next part is cut off after so many bytes. */
let cutAfter: number | null;
/** So many parts find the upload held by a request that broke. */
let held: number;
/** So many parts are changed on the way. */
let changed: number;
/** What each part is said to add up to. */
let sums: (string | undefined)[];

beforeEach(() => {
  uploads = new Map();
  asked = [];
  cutAfter = null;
  held = 0;
  changed = 0;
  sums = [];
  vi.stubGlobal('fetch', (path: string, { method, headers }: RequestInit & { headers: Record<string, string> }) => {
    const id = path.split('/').at(-1) ?? '';
    asked.push(method === 'POST' ? 'POST' : `${method} ${id}`);
    expect(headers['Tus-Resumable']).toBe('1.0.0');
    if (method === 'POST') {
      const fresh = `u${uploads.size + 1}`;
      const metadata = headers['Upload-Metadata'] ?? '';
      uploads.set(fresh, { length: Number(headers['Upload-Length']), bytes: 0, metadata });
      return answer(201, { location: `/api/uploads/resumable/${fresh}` });
    }
    const upload = uploads.get(id);
    return upload === undefined ? answer(404) : answer(200, { 'upload-offset': String(upload.bytes) });
  });
  vi.stubGlobal('XMLHttpRequest', Xhr);
});

afterEach(() => vi.unstubAllGlobals());

const answer = (status: number, headers: Record<string, string> = {}): Promise<Response> =>
  Promise.resolve(new Response(null, { status, headers }));

class Xhr {
  readonly upload: { onprogress: (event: { loaded: number }) => void } = { onprogress: () => undefined };
  onload = (): void => undefined;
  onerror = (): void => undefined;
  onloadend = (): void => undefined;
  status = 0;
  responseText = '';
  #id = '';
  #headers: Record<string, string> = {};
  #told = '';

  open(method: string, path: string): void {
    this.#id = path.split('/').at(-1) ?? '';
    asked.push(`${method} ${this.#id}`);
  }
  setRequestHeader(name: string, value: string): void {
    this.#headers[name] = value;
  }
  getResponseHeader(name: string): string | null {
    return name === 'upload-offset' ? this.#told : null;
  }
  abort(): void {
    throw new Error('not expected');
  }
  send(part: Blob): void {
    const upload = uploads.get(this.#id);
    const offset = Number(this.#headers['Upload-Offset']);
    const taken = Math.min(part.size, cutAfter ?? part.size);
    queueMicrotask(() => {
      if (upload === undefined) return this.#end(404);
      if (held > 0) return ((held -= 1), this.#end(423));
      if (upload.bytes !== offset) return this.#end(409);
      sums.push(this.#headers['Upload-Checksum']);
      if (changed > 0) return ((changed -= 1), this.#end(460));
      upload.bytes += taken;
      this.#told = String(upload.bytes);
      this.upload.onprogress({ loaded: taken });
      this.#end(taken < part.size ? 0 : 204);
    });
  }
  #end(status: number): void {
    this.status = status;
    if (status === 0) this.onerror();
    else this.onload();
    this.onloadend();
  }
}

const MEGABYTE = 1024 * 1024;
const file = (bytes: number, upload: string | null = null) => ({
  name: '对照表.txt',
  type: '',
  blob: new Blob([new Uint8Array(bytes)]),
  upload,
});
const never = new AbortController().signal;

function hooks() {
  const seen = { begun: [] as string[], sent: [] as number[] };
  return {
    seen,
    begun: (upload: string) => void seen.begun.push(upload),
    progress: (sent: number) => void seen.sent.push(sent),
  };
}

describe('an upload', () => {
  it('is begun with its size and name, and goes up in parts', async () => {
    const told = hooks();
    expect(await sendFile(file(9 * MEGABYTE), told, never)).toBe('u1');
    expect(asked).toEqual(['POST', 'PATCH u1', 'PATCH u1', 'PATCH u1']);
    const { metadata, length, bytes } = uploads.get('u1') ?? { metadata: '', length: 0, bytes: 0 };
    expect([length, bytes]).toEqual([9 * MEGABYTE, 9 * MEGABYTE]);
    const [name, type] = metadata.split(',').map((pair) => Uint8Array.from(atob(pair.split(' ')[1] ?? ''), code));
    expect(new TextDecoder().decode(name)).toBe('对照表.txt');
    expect(new TextDecoder().decode(type)).toBe('application/octet-stream');
    expect(told.seen.begun).toEqual(['u1']);
    expect(told.seen.sent.at(-1)).toBe(9 * MEGABYTE);
  });

  it('goes on from what the server has, byte by byte', async () => {
    cutAfter = 3 * MEGABYTE + 17;
    const told = hooks();
    await expect(sendFile(file(6 * MEGABYTE), told, never)).rejects.toMatchObject({ code: 'network', passing: true });
    cutAfter = null;
    asked = [];
    expect(await sendFile(file(6 * MEGABYTE, 'u1'), told, never)).toBe('u1');
    expect(asked).toEqual(['HEAD u1', 'PATCH u1']);
    expect(uploads.get('u1')?.bytes).toBe(6 * MEGABYTE);
  });

  it('that a broken request still holds is asked for again, which ends that one', async () => {
    held = 1;
    expect(await sendFile(file(10), hooks(), never)).toBe('u1');
    expect(asked).toEqual(['POST', 'PATCH u1', 'HEAD u1', 'PATCH u1']);
    held = 9;
    uploads.set('u1', { length: 10, bytes: 0, metadata: '' });
    await expect(sendFile(file(10, 'u1'), hooks(), never)).rejects.toMatchObject({ status: 423, passing: true });
  });

  it('says what each part adds up to, and sends one again that was changed on the way', async () => {
    changed = 1;
    expect(await sendFile(file(10), hooks(), never)).toBe('u1');
    expect(asked).toEqual(['POST', 'PATCH u1', 'HEAD u1', 'PATCH u1']);
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(10)));
    const sum = `sha256 ${btoa(String.fromCharCode(...digest))}`;
    expect(sums).toEqual([sum, sum]);
  });

  it('goes without where the page is given no digests', async () => {
    vi.stubGlobal('crypto', {});
    expect(await sendFile(file(10), hooks(), never)).toBe('u1');
    expect(sums).toEqual([undefined]);
  });

  it('that is complete is not sent again', async () => {
    await sendFile(file(10), hooks(), never);
    asked = [];
    expect(await sendFile(file(10, 'u1'), hooks(), never)).toBe('u1');
    expect(asked).toEqual(['HEAD u1']);
  });

  it('begins again when the server has forgotten it', async () => {
    uploads.set('u1', { length: 1, bytes: 0, metadata: '' });
    const told = hooks();
    expect(await sendFile(file(10, 'forgotten'), told, never)).toBe('u2');
    expect(asked).toEqual(['HEAD forgotten', 'POST', 'PATCH u2']);
    expect(told.seen.begun).toEqual(['u2']);
  });

  it('of a file that is not there any more is refused, not tried for ever', async () => {
    cutAfter = 0;
    const gone = file(10);
    vi.spyOn(gone.blob, 'slice').mockReturnValue({
      size: 10,
      slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotReadableError')) }),
    } as unknown as Blob);
    const error: unknown = await sendFile(gone, hooks(), never).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: 'file_gone', passing: false });
  });
});

function code(char: string): number {
  return char.charCodeAt(0);
}
