// Opens a WebSocket (RFC 6455 §4.1) on a captured connection: what comes of it is the socket, another answer, or a sentence.
// The frames are `ws`'s; never waits for ever.

import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { connectDuplex, type WireDuplex } from '../../wire/duplex.ts';
import { Heartbeat } from '../../wire/heartbeat.ts';
import { type WireContext, WireError } from '../../wire/types.ts';
import { parseTarget, type Target } from '../target.ts';

export interface SocketContext extends WireContext {
  /** Aborted when nobody wants it any more. */
  readonly signal: AbortSignal;
}

export interface SocketOptions {
  /** Milliseconds without a byte after which the server is taken for dead. */
  readonly patience: number;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * What came of it. The socket is paused: whoever has it listens, and resumes it. `watch` looks after the connection until it
 * is stopped.
 */
export type Opened =
  | { readonly kind: 'socket'; readonly socket: WebSocket; readonly watch: Watch }
  | { readonly kind: 'answer'; readonly answer: IncomingMessage; readonly watch: Watch }
  | { readonly kind: 'failed'; readonly reason: string };

/** Bytes of one message that is taken. */
const MESSAGE_LIMIT = 16 * 1024 * 1024;
/** Looks within one patience. */
const LOOKS = 4;
/** Patiences within which the answer must be there: interim responses, and a head that drips, say no end of nothing. */
const LONGEST_OPENING = 12;
/** How long (ms) a server may take to end what we have closed. */
const LEAVE_WITHIN = 1_000;

/** The http or ws URL of a stream, with or without TLS, taken apart. @throws {ClientError} for what is none */
export function streamTarget(url: string): Target {
  return parseTarget(url.replace(/^ws(s?):/i, 'http$1:'));
}

/** Never rejects: whatever goes wrong is a sentence. */
export async function openSocket(
  target: Target,
  { patience, headers }: SocketOptions,
  context: SocketContext,
): Promise<Opened> {
  const { signal } = context;
  if (signal.aborted) return { kind: 'failed', reason: STOPPED };
  let duplex: WireDuplex;
  try {
    duplex = await connectDuplex(target.host, target.port, context, target.security);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return { kind: 'failed', reason: error.message };
  }
  const watch = new Watch(duplex, context, patience);
  const socket = new WebSocket(`ws://${target.hostField}${target.path}`, {
    createConnection: () => duplex as never,
    headers: {
      ...headers,
      ...(target.authorization === null ? {} : { Authorization: target.authorization }),
    },
    perMessageDeflate: false,
    followRedirects: false,
    maxPayload: MESSAGE_LIMIT,
  });
  return new Promise((resolve) => {
    let settled = false;
    const settle = (opened: Opened): void => {
      if (settled) return;
      settled = true;
      cancel();
      signal.removeEventListener('abort', stop);
      if (opened.kind === 'failed') watch.stop();
      resolve(opened);
    };
    const stop = (): void => settle({ kind: 'failed', reason: STOPPED });
    signal.addEventListener('abort', stop, { once: true });
    const longest = patience * LONGEST_OPENING;
    const cancel = context.clock.after(longest, () =>
      settle({ kind: 'failed', reason: `The server did not come to an answer within ${longest} ms.` }),
    );
    socket.once('open', () => {
      // What the server says at once waits until somebody listens.
      socket.pause();
      watch.pings(socket);
      settle({ kind: 'socket', socket, watch });
    });
    socket.once('unexpected-response', (_request, answer) => settle({ kind: 'answer', answer, watch }));
    socket.on('error', (error) => {
      settle({ kind: 'failed', reason: watch.lost ?? brokeBefore(error) });
      // Of an open socket: ws has closed it with the right code, `close` follows.
      if (isViolation(error)) watch.lost ??= `What the server sent is no WebSocket (${error.message}).`;
    });
  });
}

const STOPPED = 'It was stopped before the server had answered.';

function brokeBefore(error: NodeJS.ErrnoException): string {
  return error.code === 'ECONNRESET' || error.code === 'EPIPE'
    ? 'The connection broke before the server had answered.'
    : `What the server answered is no handshake of a WebSocket (${error.message}).`;
}

/** ws names what breaks the rules of frames so. */
function isViolation({ code }: NodeJS.ErrnoException): boolean {
  return code?.startsWith('WS_ERR_') === true;
}

/** Whether the server is still there. */
export class Watch {
  readonly connection: number;
  readonly #duplex: WireDuplex;
  readonly #context: WireContext;
  readonly #heartbeat: Heartbeat;
  #socket: WebSocket | null = null;
  #read = 0;
  /** Why the connection was given up, by us or by the library; null: it was not. */
  lost: string | null = null;
  /** It is we who take our time. */
  busy = false;

  constructor(duplex: WireDuplex, context: WireContext, patience: number) {
    this.connection = duplex.connection;
    this.#duplex = duplex;
    this.#context = context;
    this.#heartbeat = new Heartbeat({
      clock: context.clock,
      every: patience / LOOKS,
      most: LOOKS,
      ping: () => {
        const { bytesRead } = duplex;
        if (bytesRead !== this.#read || this.busy) this.#heartbeat.heard();
        this.#read = bytesRead;
        if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.ping();
      },
      lost: () => {
        this.lost = `Nothing came from the server for ${patience} ms, not even the answer to a ping.`;
        context.recorder.step(duplex.connection, 'silence-noticed', this.lost);
        duplex.resetAndDestroy();
      },
    });
  }

  /** From now on it is asked whether it is there. */
  pings(socket: WebSocket): void {
    this.#socket = socket;
  }

  /** Nobody looks any more. A connection that is still open ends: Node keeps one that it was not asked to end. */
  stop(): void {
    this.#heartbeat.stop();
    this.#duplex.destroy();
  }

  /** Closes in good order; a server that does not is let go. */
  close(socket: WebSocket): void {
    socket.close(1000);
    const cancel = this.#context.clock.after(LEAVE_WITHIN, () => this.#duplex.destroy());
    this.#duplex.whenClosed(cancel);
  }
}
