/**
 * Files on their way up, by the tus protocol (https://tus.io/protocols/resumable-upload, version 1.0.0): an upload is made
 * once and goes on from what the server has of it, after whatever broke it.
 *
 * Written out here because the outbox already has what the usual library brings along (retries, pauses, remembering across
 * reloads), and what is left is short.
 */
import { ApiError, problem, request } from '../api';

const ADDRESS = '/api/uploads/resumable';
const VERSION = { 'Tus-Resumable': '1.0.0' };
/** One request carries so much: a proxy that holds requests back until they are whole costs no more than this. */
const CHUNK_BYTES = 4 * 1024 * 1024;
/** A proxy that takes less at a time is sent less, down to this. */
const LEAST_CHUNK_BYTES = 64 * 1024;
/** Without any progress for so long the connection counts as dropped. */
const STALL_MS = 30_000;
/** The server forgets an upload, or has another offset than was thought: begin again, but not for ever. */
const MOST_TURNS = 3;

export interface FileToSend {
  readonly name: string;
  readonly type: string;
  readonly blob: Blob;
  /** The upload, if one was begun. */
  readonly upload: string | null;
}

export interface Hooks {
  /** There is an upload now, with nothing of the file yet. */
  begun(upload: string): void;
  /** The server has so many bytes, or is about to. */
  progress(sent: number): void;
}

/** Sends what is missing of a file. Returns the id of the upload, which then is complete. */
export async function sendFile(file: FileToSend, hooks: Hooks, signal: AbortSignal): Promise<string> {
  let { upload } = file;
  for (let turn = 1; ; turn += 1) {
    try {
      let offset = 0;
      if (upload === null) hooks.begun((upload = await begin(file, signal)));
      else offset = await offsetOf(upload, signal);
      await goOn(upload, file.blob, offset, hooks, signal);
      return upload;
    } catch (error) {
      if (!(error instanceof ApiError) || turn >= MOST_TURNS) throw error;
      if (error.status === 404 || error.status === 410) upload = null;
      // Another offset than was thought, or a request of before that the server still holds, which asking anew ends.
      // Or bytes that were changed on the way, of which the server kept nothing.
      else if (error.status !== 409 && error.status !== 423 && error.status !== 460) throw error;
    }
  }
}

/** Gives an upload up; the server sweeps unused ones anyway, this only frees the room sooner. */
export function discardUpload(upload: string): void {
  void request('DELETE', `${ADDRESS}/${upload}`, { headers: VERSION }).catch(() => undefined);
}

async function begin({ name, type, blob }: FileToSend, signal: AbortSignal): Promise<string> {
  const headers = {
    ...VERSION,
    'Upload-Length': String(blob.size),
    'Upload-Metadata': `filename ${base64(name)},filetype ${base64(type === '' ? 'application/octet-stream' : type)}`,
  };
  const response = await request('POST', ADDRESS, { headers, signal });
  const id = response.headers.get('location')?.split('/').at(-1);
  if (id === undefined || id === '') throw new ApiError('no_location', 502, '');
  return id;
}

async function offsetOf(upload: string, signal: AbortSignal): Promise<number> {
  const response = await request('HEAD', `${ADDRESS}/${upload}`, { headers: VERSION, signal });
  return Number(response.headers.get('upload-offset') ?? 0);
}

async function goOn(upload: string, blob: Blob, from: number, hooks: Hooks, signal: AbortSignal): Promise<void> {
  let offset = from;
  let most = CHUNK_BYTES;
  hooks.progress(offset);
  while (offset < blob.size) {
    const start = offset;
    const chunk = blob.slice(start, start + most);
    const sum = await checksum(chunk);
    let reached: number;
    try {
      reached = await patch(upload, chunk, start, sum, (loaded) => hooks.progress(start + loaded), signal);
    } catch (error) {
      if (!isProxysLimit(error) || most <= LEAST_CHUNK_BYTES) throw error;
      most = Math.max(LEAST_CHUNK_BYTES, Math.min(most, chunk.size) / 4);
      continue;
    }
    // A server that takes nothing would be asked for ever.
    if (reached <= start) throw new ApiError('no_progress', 502, '');
    offset = reached;
    hooks.progress(offset);
  }
}

/** Too much at a time for something in between: the server itself would say how much it takes. */
function isProxysLimit(error: unknown): boolean {
  return error instanceof ApiError && error.status === 413 && error.detail === '';
}

/** Sends one part. `fetch` tells nothing of progress, so this is the older interface. Returns the new offset. */
function patch(
  upload: string,
  chunk: Blob,
  offset: number,
  sum: string | null,
  onProgress: (loaded: number) => void,
  signal: AbortSignal,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    let stall: ReturnType<typeof setTimeout> | undefined;
    const moved = (): void => {
      clearTimeout(stall);
      stall = setTimeout(() => xhr.abort(), STALL_MS);
    };
    const abort = (): void => xhr.abort();
    xhr.open('PATCH', `${ADDRESS}/${upload}`);
    xhr.setRequestHeader('Tus-Resumable', VERSION['Tus-Resumable']);
    xhr.setRequestHeader('Content-Type', 'application/offset+octet-stream');
    xhr.setRequestHeader('Upload-Offset', String(offset));
    if (sum !== null) xhr.setRequestHeader('Upload-Checksum', sum);
    xhr.upload.onprogress = ({ loaded }) => (moved(), onProgress(loaded));
    xhr.onload = () => {
      if (xhr.status === 204) resolve(Number(xhr.getResponseHeader('upload-offset') ?? offset));
      else reject(problem(xhr.status, xhr.responseText, xhr.getResponseHeader('retry-after')));
    };
    xhr.onerror = () =>
      void unreadable(chunk).then((code) => reject(new ApiError(code, code === 'network' ? 0 : 400, '')));
    xhr.onabort = () => reject(new ApiError(signal.aborted ? 'aborted' : 'network', 0, ''));
    xhr.onloadend = () => (clearTimeout(stall), signal.removeEventListener('abort', abort));
    signal.addEventListener('abort', abort, { once: true });
    moved();
    xhr.send(chunk);
  });
}

/**
 * What a part adds up to, for the server to compare. Browsers give no digest to pages over plain http; and a part that
 * cannot be read fails with its request, which says why.
 */
async function checksum(chunk: Blob): Promise<string | null> {
  const subtle = (globalThis.crypto as Crypto | undefined)?.subtle as SubtleCrypto | undefined;
  if (subtle === undefined) return null;
  try {
    const digest = await subtle.digest('SHA-256', await chunk.arrayBuffer());
    return `sha256 ${btoa(String.fromCharCode(...new Uint8Array(digest)))}`;
  } catch {
    return null;
  }
}

/** A file that was changed or taken away since it was chosen fails as the network does: look which it was. */
async function unreadable(chunk: Blob): Promise<'network' | 'file_gone'> {
  return chunk
    .slice(0, 1)
    .arrayBuffer()
    .then(() => 'network' as const)
    .catch(() => 'file_gone' as const);
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
