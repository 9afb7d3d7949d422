/** The frames that a server sends over a WebSocket, cut out of the stream of bytes that they come in. */

/** One whole frame, as it came. */
export interface Frame {
  readonly bytes: Buffer;
  /** Of a text frame, the text. */
  readonly text: string | null;
}

/** Splits a stream into frames (RFC 6455, 5.2). What the server sends has no mask. */
export class Splitter {
  #rest: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): Frame[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const frames: Frame[] = [];
    for (let end = this.#end(); end !== null; end = this.#end()) {
      const bytes = this.#rest.subarray(0, end);
      this.#rest = this.#rest.subarray(end);
      const isText = ((bytes[0] ?? 0) & 0x0f) === 1;
      frames.push({ bytes, text: isText ? bytes.subarray(head(bytes)).toString() : null });
    }
    return frames;
  }

  /** Where the first frame ends, when all of it is here. */
  #end(): number | null {
    const data = this.#rest;
    if (data.length < 2 || data.length < head(data)) return null;
    const end = head(data) + length(data);
    return data.length < end ? null : end;
  }
}

function head(data: Buffer): number {
  const bits = (data[1] ?? 0) & 0x7f;
  return 2 + (bits === 126 ? 2 : bits === 127 ? 8 : 0);
}

function length(data: Buffer): number {
  const bits = (data[1] ?? 0) & 0x7f;
  if (bits === 126) return data.readUInt16BE(2);
  return bits === 127 ? Number(data.readBigUInt64BE(2)) : bits;
}
