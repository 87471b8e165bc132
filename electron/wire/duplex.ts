// A wire as a Node stream, for libraries that want a socket (`ws`, node:http, undici): what they read and write is captured
// and can be broken like everything else. Knows no protocol.

import { Duplex } from 'node:stream';

import type { ClosedNote } from './recorder.ts';
import { connect } from './connect.ts';
import type { Security, Wire, WireContext } from './types.ts';

type Done = (error?: Error | null) => void;

/**
 * Reads and writes through a {@link Wire}, whose only handler it is. Of `net.Socket` it has what libraries set and ask:
 * those methods are without effect, since a wire has no delay and a limit of its own.
 */
export class WireDuplex extends Duplex {
  readonly #wire: Wire;
  #whenClosed: (() => void)[] = [];
  #ended = false;
  #gone = false;
  #reset = false;

  constructor(wire: Wire) {
    super({ allowHalfOpen: true });
    this.#wire = wire;
    // A break is on record, whether or not whoever holds this listens for it.
    this.on('error', () => undefined);
  }

  /** Listens to the wire from now on. Call once. */
  begin(): void {
    this.#wire.handle({
      data: (bytes) => this.receive(bytes),
      end: () => this.#end(),
      closed: (note) => this.#closed(note),
    });
  }

  /** Calls once when the connection is over. */
  whenClosed(call: () => void): void {
    if (this.#gone) call();
    else this.#whenClosed.push(call);
  }

  /** Bytes that were read; they are copied. */
  receive(bytes: Uint8Array): void {
    if (bytes.length > 0 && !this.push(Buffer.from(bytes))) this.#wire.flow(false);
  }

  get connection(): number {
    return this.#wire.connection;
  }

  /** Bytes that came, read or not. */
  get bytesRead(): number {
    return this.#wire.received;
  }

  get remoteAddress(): string {
    return this.#wire.remote.address;
  }

  get remotePort(): number {
    return this.#wire.remote.port;
  }

  get localAddress(): string {
    return this.#wire.local.address;
  }

  get localPort(): number {
    return this.#wire.local.port;
  }

  /** Sends a reset and lets go. */
  resetAndDestroy(): this {
    this.#reset = true;
    return this.destroy();
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  setTimeout(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  override _read(): void {
    this.#wire.flow(true);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    void this.#send(chunk, done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: Done): void {
    void this.#send(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _final(done: Done): void {
    if (this.#wire.open) this.#wire.finish();
    done();
  }

  override _destroy(error: Error | null, done: Done): void {
    // As the kernel does for a socket: a FIN, but a reset where something was not read (RFC 9293 §3.6.1, RFC 2525 §2.17).
    if (this.#wire.open) this.#wire.close(this.#reset || this.readableLength > 0 ? 'rst' : 'fin');
    // A socket's handle closes in a later turn, and libraries count on it: what was read is told before its end.
    setImmediate(() => done(error));
  }

  async #send(bytes: Buffer, done: Done): Promise<void> {
    // The caller may use its buffer again: the wire needs it unchanged.
    const sent = await this.#wire.write(new Uint8Array(bytes));
    done(sent ? null : this.#failure());
  }

  #end(): void {
    this.#ended = true;
    this.push(null);
  }

  #closed({ how, error }: ClosedNote): void {
    this.#gone = true;
    const calls = this.#whenClosed;
    this.#whenClosed = [];
    for (const call of calls) call();
    if (this.destroyed) return;
    if (how === 'fin') {
      if (!this.#ended) this.#end();
      // Both sides have ended, or we did and read no more.
      if (this.writableFinished || !this.writable) this.destroy();
      else this.end();
    } else this.destroy(this.#failure(error));
  }

  #failure(code = 'ECONNRESET'): NodeJS.ErrnoException {
    return Object.assign(new Error(`read ${code}`), { code, syscall: 'read' });
  }
}

/** Opens a captured connection for a library. Rejects with a WireError as {@link connect} does. */
export async function connectDuplex(
  host: string,
  port: number,
  context: WireContext,
  security?: Security,
): Promise<WireDuplex> {
  const duplex = new WireDuplex(await connect(host, port, context, security));
  duplex.begin();
  return duplex;
}
