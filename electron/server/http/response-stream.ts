// A final response whose content is written as it comes to be: its framing, and nothing of where the content comes from.
// Never writes past its end, and never two heads.

import { type FieldLines, writeChunk, writeLastChunk } from '../../../shared/http1/writer.ts';

/** The head of a response that is written piece by piece. */
export interface StreamHead {
  readonly status: number;
  /** Default: the registered reason phrase. */
  readonly reason?: string;
  /** Without Content-Length, Transfer-Encoding, Date and Connection: those are the exchange's own. */
  readonly fields: FieldLines;
  /** Bytes of content, announced as Content-Length whatever is written then. Default: chunked, or to the close. */
  readonly length?: number;
  /** The end of the connection is the end of the content: no chunks (RFC 9112 §6.3). */
  readonly toClose?: true;
  /** Names of trailer fields to announce (RFC 9110 §6.6.2). */
  readonly trailers?: readonly string[];
  /** The connection ends after it. */
  readonly last?: true;
}

/** How the end of the content is told (RFC 9112 §6); `none`: there is no content to be sent, as for HEAD. */
export type StreamFraming = 'chunked' | 'length' | 'close' | 'none';

/** What a stream asks of its exchange. */
interface StreamPort {
  readonly framing: StreamFraming;
  /** The head as it goes out. */
  readonly head: Uint8Array;
  /** Writes in order; true when handed to the kernel. */
  write(bytes: Uint8Array): Promise<boolean>;
  /** All of it was written, or will not be. */
  done(whole: boolean): void;
  /** Ends the connection. */
  close(how: 'fin' | 'rst'): void;
  /** Nobody is there any more, or it was answered before. */
  readonly gone: () => boolean;
}

const NOTHING = new Uint8Array(0);

export class ResponseStream {
  readonly #port: StreamPort;
  #begun = false;
  #over = false;

  constructor(port: StreamPort) {
    this.#port = port;
  }

  /** Nothing more can be written. */
  get over(): boolean {
    return this.#over || this.#port.gone();
  }

  /** Sends the head now, if it has not gone out; otherwise it goes with the first bytes of content. */
  flush(): Promise<boolean> {
    return this.#begun ? Promise.resolve(!this.over) : this.raw(NOTHING);
  }

  /** Sends content, as one chunk where chunks are sent. Resolves whether it was handed to the kernel. */
  write(bytes: Uint8Array): Promise<boolean> {
    const { framing } = this.#port;
    if (framing === 'none') return this.flush();
    return this.raw(framing === 'chunked' ? writeChunk(bytes) : bytes);
  }

  /** Sends bytes as they are, framing and all: for what is broken on purpose. */
  raw(bytes: Uint8Array): Promise<boolean> {
    if (this.over) return Promise.resolve(false);
    const whole = this.#begun ? bytes : joined(this.#port.head, bytes);
    this.#begun = true;
    return this.#port.write(whole);
  }

  /** Ends the content. @param trailers sent where the content is chunked (RFC 9112 §7.1.2) */
  async end(trailers: FieldLines = []): Promise<boolean> {
    if (this.over) return false;
    const sent = this.raw(this.#port.framing === 'chunked' ? writeLastChunk(trailers) : NOTHING);
    this.#over = true;
    const whole = await sent;
    this.#port.done(whole);
    return whole;
  }

  /** Ends the connection in the middle of the content: behind what was written (`fin`), or at once (`rst`). */
  abort(how: 'fin' | 'rst'): void {
    if (this.over) return;
    this.#over = true;
    this.#port.close(how);
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
