// The lens `node:http`: the client of the Node that runs this. Its user gets raw fields of every response, each 1xx by an
// event, and an error when the connection breaks.

import {
  Agent,
  type AgentOptions,
  type ClientRequest,
  type IncomingMessage,
  request as send,
} from 'node:http';
import type { Duplex } from 'node:stream';
import { PIECE } from '../content.ts';
import { CapturedSockets, watchPatience } from './sockets.ts';
import { pairsOf, type Telling } from './telling.ts';
import type { CheckedRequest, Look } from './types.ts';

export const lookNodeHttp: Look = async (request, context, telling) => {
  const sockets = new CapturedSockets(request.target, context, (number) => telling.connection(number));
  const agent = new CapturedAgent(sockets, { keepAlive: true, maxSockets: 1 });
  const { clock, signal } = context;
  try {
    await new Promise<void>((resolve) => {
      const outgoing = send({
        agent,
        host: request.target.host,
        port: request.target.port,
        method: request.method,
        path: request.target.path,
        headers: headersOf(request),
      });
      const leave = watchPatience({
        clock,
        signal,
        patience: request.patience,
        moved: () => sockets.moved,
        giveUp: (why) => {
          telling.fail(why);
          if (why.code === 'patience') sockets.silence();
          outgoing.destroy(why);
        },
      });
      const done = (): void => {
        leave();
        // Closed without a word: Node says nothing more.
        telling.fail(new Error('The request was closed, and no error was emitted.'));
        resolve();
      };
      listen(outgoing, telling);
      let incoming: IncomingMessage | null = null;
      outgoing.on('response', (message) => (incoming = message));
      // A response that breaks off says so behind the end of its request.
      outgoing.on('close', () => {
        if (incoming === null || incoming.closed) done();
        else incoming.on('close', done);
      });
      void write(outgoing, request);
    });
  } finally {
    agent.destroy();
    await sockets.leave();
  }
};

/** An agent whose sockets are captured. */
export class CapturedAgent extends Agent {
  readonly #sockets: CapturedSockets;
  constructor(sockets: CapturedSockets, options: AgentOptions) {
    super(options);
    this.#sockets = sockets;
  }

  override createConnection(
    _options: unknown,
    done?: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    void this.#sockets.open(`node:http of Node ${process.version}`, {
      opened: (socket) => done?.(null, socket),
      // Node's own callers pass the error alone.
      failed: (error) => (done as ((error: Error) => void) | undefined)?.(error),
    });
  }
}

/** A name that comes several times is an array: a line each. */
function headersOf({ fields }: CheckedRequest): Record<string, string[] | string> {
  const names = new Map<string, string>();
  const headers: Record<string, string[]> = {};
  for (const [name, value] of fields) {
    const first = names.get(name.toLowerCase()) ?? name;
    names.set(name.toLowerCase(), first);
    (headers[first] ??= []).push(value);
  }
  return Object.fromEntries(
    Object.entries(headers).map(([name, values]) => [name, values.length === 1 ? values[0]! : values]),
  );
}

function listen(outgoing: ClientRequest, telling: Telling): void {
  outgoing.on('information', ({ statusCode, rawHeaders }) =>
    telling.interim(statusCode, pairsOf(rawHeaders)),
  );
  outgoing.on('response', (incoming) => hear(incoming, telling));
  outgoing.on('upgrade', (incoming, socket) => {
    telling.final(incoming.statusCode ?? 0, incoming.statusMessage ?? '', pairsOf(incoming.rawHeaders));
    telling.end();
    socket.destroy();
  });
  outgoing.on('error', (error) => telling.fail(error));
}

function hear(incoming: IncomingMessage, telling: Telling): void {
  telling.final(incoming.statusCode ?? 0, incoming.statusMessage ?? '', pairsOf(incoming.rawHeaders));
  incoming.on('data', (bytes: Uint8Array) => telling.content(bytes));
  incoming.on('error', (error) => telling.fail(error));
  incoming.on('end', () => {
    telling.trailers(pairsOf(incoming.rawTrailers));
    telling.end();
  });
}

/** As Node's documentation has it: with Expect, the content waits for the event `continue`, and for ever if need be. */
async function write(outgoing: ClientRequest, { content, fields }: CheckedRequest): Promise<void> {
  try {
    if (fields.some(([name]) => name.toLowerCase() === 'expect')) {
      outgoing.flushHeaders();
      await happened(outgoing, ['continue', 'response', 'close']);
    }
    if (content !== null) {
      for (let at = 0; at < content.length && !outgoing.destroyed;) {
        const piece = await content.read(at, Math.min(at + PIECE, content.length));
        at += piece.length;
        if (!outgoing.write(piece)) await happened(outgoing, ['drain', 'close']);
      }
    }
    outgoing.end();
  } catch (error) {
    outgoing.destroy(error as Error);
  }
}

function happened(outgoing: ClientRequest, events: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const event of events) outgoing.off(event, done);
      resolve();
    };
    if (outgoing.destroyed) done();
    else for (const event of events) outgoing.on(event, done);
  });
}
