// What a wire asks of a socket, and the sockets that answer: plain TCP, and TLS above it.
// Decides nothing and records nothing; every event of the socket arrives at the wire or is of no account.

import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

import type { Endpoint } from '../../shared/capture/records.ts';
import type { Slabs } from './slabs.ts';

export interface TransportEvents {
  /** Bytes were read. True: they are kept and must not be read over. */
  bytes(bytes: Uint8Array): boolean;
  /** The peer's FIN; a reset that looks like one has been told apart. */
  ended(): void;
  /** The connection failed; `code` as ECONNRESET. Nothing but {@link gone} follows. */
  failed(code: string): void;
  /** The socket is closed and its memory free. */
  gone(): void;
}

export interface Transport {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** Sets who is told. Reading stands still until {@link read}. */
  start(events: TransportEvents): void;
  read(on: boolean): void;
  /**
   * Writes; one write at a time. True: the kernel has taken all bytes at once. Else `written` is called later, when it
   * has; never after a failure.
   */
  write(bytes: Uint8Array, written: () => void): boolean;
  /** Bytes that were written and that the kernel has not taken yet. */
  queued(): number;
  /** Sends a FIN behind what was written. */
  finish(): void;
  /** Sends an RST and lets go. */
  reset(): void;
  /** Lets go without more ado. */
  destroy(): void;
  /** Looks whether the connection is still there: if not, `failed` is called. */
  probe(): void;
}

/** IPv4 as such where it came mapped into IPv6, so that both ends name an endpoint alike. */
function endpoint(address: string | undefined, port: number | undefined): Endpoint {
  return { address: (address ?? '').replace(/^::ffff:(?=\d+\.)/i, ''), port: port ?? 0 };
}

/** Bytes that are written on end before others have their turn. */
const BURST = 1024 * 1024;
const NOTHING = new Uint8Array(0);

/** A connected `net.Socket` with `allowHalfOpen`, paused; `slabs` for one that was made with `onread`. */
export class TcpTransport implements Transport {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly #socket: Socket;
  /** Below TLS: it alone can be reset, and knows of a reset that it was told of as an end. */
  readonly #plain: Socket;
  readonly #slabs: Slabs | null;
  #events: TransportEvents | null = null;
  #finished = false;
  #written: () => void = () => undefined;
  /** Callbacks to come for writes that are done. */
  #calledLater = 0;
  /** Bytes that went at once since the last pause. */
  #burst = 0;

  constructor(socket: Socket, slabs: Slabs | null, plain = socket) {
    this.#socket = socket;
    this.#plain = plain;
    this.#slabs = slabs;
    this.local = endpoint(socket.localAddress, socket.localPort);
    this.remote = endpoint(socket.remoteAddress, socket.remotePort);
  }

  start(events: TransportEvents): void {
    this.#events = events;
    const socket = this.#socket;
    // No Buffer is handed on: its slice() would be no copy for those who keep a piece.
    if (this.#slabs === null)
      socket.on('data', ({ buffer, byteOffset, length }) => {
        events.bytes(new Uint8Array(buffer, byteOffset, length));
      });
    socket.on('end', () => this.#ended());
    socket.on('error', (error: NodeJS.ErrnoException) => events.failed(error.code ?? error.message));
    socket.on('close', () => {
      this.#slabs?.release();
      events.gone();
    });
  }

  /** What `onread` calls. */
  slab(bytes: number, region: Uint8Array): boolean {
    if (this.#events !== null && this.#events.bytes(region.subarray(0, bytes))) this.#slabs?.keep(bytes);
    return true;
  }

  read(on: boolean): void {
    if (this.#socket.destroyed) return;
    if (on) this.#socket.resume();
    else this.#socket.pause();
  }

  write(bytes: Uint8Array, written: () => void): boolean {
    this.#written = written;
    this.#socket.write(bytes, this.#called);
    if (this.#socket.writableLength > 0 || this.#socket.destroyed) return false;
    // All of it went at once; its callback, which comes a tick later, is of no account. A reader that keeps up with us
    // must not keep this process from everything else.
    this.#calledLater += 1;
    this.#burst += bytes.length;
    if (this.#burst < BURST) return true;
    this.#burst = 0;
    setImmediate(written);
    return false;
  }

  queued(): number {
    // Not in Node's documentation, in every Node: what libuv has still to write.
    const handle = (this.#socket as { _handle?: { writeQueueSize?: number } | null })._handle;
    return handle?.writeQueueSize ?? this.#socket.writableLength;
  }

  finish(): void {
    this.#finished = true;
    this.#socket.end();
  }

  reset(): void {
    this.#plain.resetAndDestroy();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  probe(): void {
    if (!this.#finished && !this.#socket.destroyed) this.#plain.write(NOTHING);
  }

  readonly #called = (error?: Error | null): void => {
    if (error) return;
    if (this.#calledLater > 0) {
      this.#calledLater -= 1;
      return;
    }
    this.#burst = 0;
    this.#written();
  };

  #ended(): void {
    // Node 20 reports a reset that follows a short read as an orderly end; the pending error then meets the next
    // write, even an empty one. After our own FIN there is no such write, and the end is believed.
    if (this.#finished || this.#socket.destroyed) {
      this.#events?.ended();
      return;
    }
    this.#plain.write(NOTHING, (error) => {
      if (!error) this.#events?.ended();
    });
  }
}

/** TLS above a plain socket. What is written and read is what goes through TLS. */
export class TlsTransport extends TcpTransport {
  readonly #secured: TLSSocket;

  constructor(secured: TLSSocket, plain: Socket) {
    super(secured, null, plain);
    this.#secured = secured;
  }

  /** The kernel takes records, whose bytes are not those that were written: a write has gone when all of it has. */
  override queued(): number {
    return this.#secured.writableLength;
  }
}
