// A client that sends its content piece by piece, at a pace of its own, and meets an answer that comes before the end of it
// in the manner that it is told to: whatever clients do then, well or badly. Never sends a request twice.

import type { Head } from '../../shared/http1/types.ts';
import { createParser } from '../../shared/http1/parser.ts';
import { type FieldLines, writeChunk, writeLastChunk, writeRequest } from '../../shared/http1/writer.ts';
import { connect } from '../wire/connect.ts';
import type { ClosedNote } from '../wire/recorder.ts';
import { type Wire, WireError } from '../wire/types.ts';
import type { ContentSource } from './content.ts';
import { ReceivedResponse } from './received-response.ts';
import type { Break } from './situation.ts';
import type { FinalResponse, StrategyContext } from './strategy.ts';
import { type Target, connected, parseTarget } from './target.ts';

/**
 * What is done when a final response comes while there is content left. `stop`: no more is sent, and the connection ends
 * with the response. `end-chunks`: the content ends there, as far as its chunks tell (RFC 9112 §7.1), and the connection
 * can be used again. `go-on`: the rest is sent. `look-later`: nothing is read before all is sent.
 */
export type EarlyManner = 'stop' | 'end-chunks' | 'go-on' | 'look-later';

export interface PiecemealRequest {
  readonly method: string;
  /** Absolute, of the origin that the connection leads to. */
  readonly url: string;
  /** Without Host, Content-Length and Transfer-Encoding. */
  readonly fields: FieldLines;
  readonly content: ContentSource;
  readonly framing: 'content-length' | 'chunked';
  /** Bytes of a piece, and milliseconds between two. */
  readonly piece: number;
  readonly pause: number;
  /** With Expect: 100-continue, milliseconds for which the content waits for an answer at most; null: it does not. */
  readonly hold: number | null;
  readonly manner: EarlyManner;
  /** Milliseconds without a byte either way after which the server is taken for dead. */
  readonly patience: number;
}

export interface PiecemealResult {
  /** As far as it came. */
  readonly final: FinalResponse | null;
  readonly whole: boolean;
  /** How the connection broke before the response was whole; null: it did not. */
  readonly broke: Break | null;
  /** Bytes of content that were handed to the kernel. */
  readonly sent: number;
  /** The final response began while there was content left to send. */
  readonly early: boolean;
}

interface Sending {
  /** Bytes of content that went. */
  readonly sent: number;
  readonly early: boolean;
  /** The server knows that no more content comes. */
  readonly ended: boolean;
}

/** A connection; where none can be opened, the sentence that says why. @throws {ClientError} for a URL that cannot be used */
export async function openPiecemeal(
  url: string,
  context: StrategyContext,
): Promise<PiecemealConnection | string> {
  try {
    return await PiecemealConnection.open(url, context);
  } catch (error) {
    if (error instanceof WireError) return error.message;
    throw error;
  }
}

/** How long (ms) the peer may take to end a connection that we have ended. */
const LEAVE_WITHIN = 1_000;

export class PiecemealConnection {
  readonly #wire: Wire;
  readonly #target: Target;
  readonly #context: StrategyContext;
  readonly #parser;
  readonly #stop = (): void => this.#wire.close('rst');
  #response = new ReceivedResponse();
  #head: Head | null = null;
  #continued = false;
  #whole = false;
  #nonsense = false;
  #peerEnded = false;
  #closed: ClosedNote | null = null;
  /** When a byte moved. */
  #moved = 0;
  #pausing = false;
  #reusable = true;
  #changed: () => void = () => {};

  /**
   * @throws {ClientError} for a URL that cannot be used
   * @throws {WireError} if no connection can be opened
   */
  static async open(url: string, context: StrategyContext): Promise<PiecemealConnection> {
    const target = parseTarget(url);
    const wire = await connect(target.host, target.port, context, target.security);
    context.recorder.step(wire.connection, 'connect', connected(target));
    return new PiecemealConnection(wire, target, context);
  }

  private constructor(wire: Wire, target: Target, context: StrategyContext) {
    this.#wire = wire;
    this.#target = target;
    this.#context = context;
    this.#parser = createParser('response', {
      head: (head) => this.#answered(head),
      content: (bytes, from, to) => void this.#response.content(bytes, from, to),
      messageEnd: (_end, complete) => (this.#whole = complete),
      error: ({ code }) => (this.#nonsense = code !== 'closed-before-head' && code !== 'closed-in-body'),
    });
    wire.handle({
      data: (bytes) => {
        this.#moved = this.#context.clock.now();
        this.#parser.feed(bytes);
        this.#changed();
      },
      // Content may still be sent: the server may read it, or throw it away so that its answer is not lost.
      end: () => {
        this.#peerEnded = true;
        this.#parser.end();
        this.#changed();
      },
      closed: (note) => {
        this.#closed = note;
        context.signal.removeEventListener('abort', this.#stop);
        this.#changed();
      },
    });
    context.signal.addEventListener('abort', this.#stop);
    if (context.signal.aborted) this.#stop();
  }

  /** The connection's number in the records. */
  get id(): number {
    return this.#wire.connection;
  }

  /** May another request be sent on it (RFC 9112 §9.3)? */
  get reusable(): boolean {
    return this.#reusable && this.#wire.open && !this.#peerEnded;
  }

  /** Sends one request and awaits its final response; on a connection that is {@link reusable}. */
  async send(request: PiecemealRequest): Promise<PiecemealResult> {
    this.#response = new ReceivedResponse();
    this.#head = null;
    this.#continued = false;
    this.#whole = false;
    this.#parser.expect(request.method);
    const cancel = this.#watch(request.patience);
    const { sent, early, ended } = await this.#sendContent(request);
    this.#wire.flow(true);
    await this.#until(() => this.#whole);
    cancel();
    // Where the content was not ended, what is sent next would be taken for more of it.
    this.#reusable = this.#whole && ended && this.#keptAlive;
    return {
      final: this.#response.get(),
      whole: this.#whole,
      broke: this.#whole ? null : this.#break(),
      sent,
      early,
    };
  }

  /** Ends it, and resolves when its end is on record. */
  async leave(): Promise<void> {
    const cancel = this.#context.clock.after(LEAVE_WITHIN, () => {
      this.#wire.close('fin');
      this.#wire.close('rst');
    });
    if (this.#wire.open) this.#wire.close('fin');
    await this.#wire.over;
    cancel();
  }

  async #sendContent(request: PiecemealRequest): Promise<Sending> {
    const { content, framing, piece, pause, hold, manner } = request;
    const chunked = framing === 'chunked';
    const stops = (): boolean => this.#head !== null && (manner === 'stop' || manner === 'end-chunks');
    let lead: Uint8Array = this.#lead(request);
    if (manner === 'look-later') this.#wire.flow(false);
    if (hold !== null) {
      if (!(await this.#write(lead))) return { sent: 0, early: false, ended: false };
      await this.#until(() => this.#continued || this.#head !== null, hold);
      lead = new Uint8Array(0);
    }
    let sent = 0;
    let early = false;
    if (content.length === 0 && !(await this.#write(lead))) return { sent, early, ended: false };
    while (sent < content.length) {
      if (sent > 0) await this.#pause(stops, pause);
      early ||= this.#head !== null;
      if (stops()) break;
      const bytes = await content.read(sent, Math.min(sent + piece, content.length));
      const written = await this.#write(joined(lead, chunked ? writeChunk(bytes) : bytes));
      if (!written) return { sent, early: this.#head !== null, ended: false };
      lead = new Uint8Array(0);
      sent += bytes.length;
    }
    const all = sent === content.length;
    if (!chunked) return { sent, early, ended: all };
    const ended = (all || manner === 'end-chunks') && (await this.#write(writeLastChunk()));
    return { sent, early, ended };
  }

  #lead({ method, url, fields, content, framing }: PiecemealRequest): Uint8Array {
    return writeRequest({
      method,
      target: parseTarget(url).path,
      fields: [
        ['Host', this.#target.hostField],
        ...fields,
        framing === 'chunked' ? ['Transfer-Encoding', 'chunked'] : ['Content-Length', String(content.length)],
      ],
    });
  }

  /** It is we who wait, not the server. */
  async #pause(stops: () => boolean, milliseconds: number): Promise<void> {
    this.#pausing = true;
    await this.#until(stops, milliseconds);
    this.#pausing = false;
    this.#moved = this.#context.clock.now();
  }

  #write(bytes: Uint8Array): Promise<boolean> {
    this.#moved = this.#context.clock.now();
    return this.#wire.write(bytes);
  }

  #answered(head: Head): void {
    if (head.status === 100) this.#continued = true;
    if (head.status < 200) return;
    this.#head = head.keep();
    this.#response.head(head);
  }

  get #keptAlive(): boolean {
    return this.#head?.keepAlive === true;
  }

  #break(): Break {
    if (this.#nonsense) return 'error';
    return this.#closed === null ? 'fin' : this.#closed.how;
  }

  /** Resolves when the condition is met, the connection can bring nothing more, or the time is over. */
  #until(met: () => boolean, milliseconds = Infinity): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        this.#changed = () => {};
        resolve();
      };
      const cancel = milliseconds === Infinity ? () => {} : this.#context.clock.after(milliseconds, done);
      const look = (): void => {
        const nothingMore = this.#peerEnded && milliseconds === Infinity;
        if (met() || this.#closed !== null || this.#nonsense || nothingMore) done();
      };
      this.#changed = look;
      look();
    });
  }

  /** Gives the server up when nothing has moved for so long. */
  #watch(patience: number): () => void {
    const { clock } = this.#context;
    this.#moved = clock.now();
    let cancel = (): void => {};
    const look = (): void => {
      if (this.#pausing) this.#moved = clock.now();
      const left = this.#moved + patience - clock.now();
      if (left <= 0) this.#wire.close('silence');
      else cancel = clock.after(left, look);
    };
    cancel = clock.after(patience, look);
    return () => cancel();
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
