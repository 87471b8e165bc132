// What other people's clients and servers do with the second request of a connection, found out on this machine: Node's
// server with our pipelined requests, and two clients against a server that says when it began with each.

import { createServer, request as send, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from 'undici';
import { CapturedAgent } from '../../client/lenses/node-http.ts';
import { CapturedSockets, watchPatience } from '../../client/lenses/sockets.ts';
import { connector, UNDICI_VERSION } from '../../client/lenses/undici.ts';
import { pipeline } from '../../client/pipelined.ts';
import { parseTarget, type Target } from '../../client/target.ts';
import type { ExperimentContext } from '../kit/types.ts';

export interface PeerRow {
  readonly who: string;
  /** A sentence about the second request. */
  readonly does: string;
}

/** Milliseconds of work of the first and of the second request. */
const WORKS = [150, 30] as const;

/** Each of them once, one after the other. A connection that breaks is told, and ends nothing. */
export async function peers(context: ExperimentContext, patience: number): Promise<PeerRow[]> {
  const server = new PeerServer(context);
  const target = await server.listen();
  const node = `Node ${process.version}`;
  try {
    return [
      { who: `server of node:http (${node})`, does: await nodeServer(server, target, context, patience) },
      { who: `client of node:http (${node})`, does: await nodeClient(server, target, context, patience) },
      {
        who: `undici ${UNDICI_VERSION}, pipelining: 2`,
        does: await undiciClient(server, target, context, patience),
      },
    ];
  } finally {
    await server.close();
  }
}

/** When the handler of each request was called, and when its answer was handed over. */
class PeerServer {
  readonly #server: Server;
  began: number[] = [];
  ended: number[] = [];

  constructor({ clock }: ExperimentContext) {
    this.#server = createServer((_request, response) => {
      const index = this.began.push(clock.now()) - 1;
      const cancel = clock.after(WORKS[index] ?? 0, () => {
        response.end(`answer ${index + 1}`);
        this.ended[index] = clock.now();
      });
      response.on('close', cancel);
    });
  }

  listen(): Promise<Target> {
    return new Promise((resolve) => {
      this.#server.listen(0, '127.0.0.1', () => {
        const { port } = this.#server.address() as AddressInfo;
        resolve(parseTarget(`http://127.0.0.1:${port}/`));
      });
    });
  }

  reset(): void {
    this.began = [];
    this.ended = [];
  }

  /** Whether the second request was there before the first was answered; null: it never came. */
  get overlapped(): boolean | null {
    const [, second] = this.began;
    return second === undefined ? null : second < (this.ended[0] ?? Infinity);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

const BROKE = 'the connection broke: nothing was found out';

async function nodeServer(
  server: PeerServer,
  target: Target,
  context: ExperimentContext,
  patience: number,
): Promise<string> {
  server.reset();
  const requests = WORKS.map(() => ({ method: 'GET', path: '/', fields: [] }));
  const { answers, broke } = await pipeline(target, requests, { patience, firstAlone: false }, context);
  if (broke !== null || server.overlapped === null) return BROKE;
  const order = answers.map(({ content }) => new TextDecoder().decode(content)).join(', then ');
  return server.overlapped
    ? `calls its handler at once, while the first is worked on; sends ${order}`
    : `calls its handler when the first is answered; sends ${order}`;
}

async function nodeClient(
  server: PeerServer,
  target: Target,
  context: ExperimentContext,
  patience: number,
): Promise<string> {
  server.reset();
  const sockets = new CapturedSockets(target, context, () => {});
  const agent = new CapturedAgent(sockets, { keepAlive: true, maxSockets: 1 });
  const { host, port } = target;
  const ask = (): Promise<boolean> =>
    new Promise((resolve) => {
      const outgoing = send({ agent, host, port, path: '/' }, (incoming) => {
        incoming.on('end', () => resolve(true));
        incoming.on('error', () => resolve(false));
        incoming.resume();
      });
      outgoing.on('error', () => resolve(false));
      outgoing.end();
    });
  const both = async (): Promise<boolean> => {
    // Its bound of one connection counts those that are open, not those that are being opened.
    if (!(await ask())) return false;
    server.reset();
    return !(await Promise.all(WORKS.map(ask))).includes(false);
  };
  const answered = await within(context, sockets, patience, both());
  agent.destroy();
  await sockets.leave();
  return answered ? sent(server) : BROKE;
}

async function undiciClient(
  server: PeerServer,
  target: Target,
  context: ExperimentContext,
  patience: number,
): Promise<string> {
  const sockets = new CapturedSockets(target, context, () => {});
  const client = new Client(`http://${target.hostField}`, {
    connect: connector(sockets, `undici ${UNDICI_VERSION}`),
    pipelining: WORKS.length,
  });
  const ask = async (): Promise<void> => {
    const { body } = await client.request({ method: 'GET', path: '/', blocking: false });
    await body.dump();
  };
  const both = async (): Promise<boolean> => {
    // It pipelines on a connection that has proved itself.
    await ask();
    server.reset();
    await Promise.all(WORKS.map(ask));
    return true;
  };
  server.reset();
  const answered = await within(
    context,
    sockets,
    patience,
    both().catch(() => false),
  );
  await client.destroy();
  await sockets.leave();
  return answered ? sent(server) : BROKE;
}

function sent(server: PeerServer): string {
  if (server.overlapped === null) return BROKE;
  return server.overlapped
    ? 'sends it at once, behind the first: it pipelines'
    : 'keeps it until the first is answered: it does not pipeline';
}

/** What comes of the work; false when nothing moves any more, or the run is stopped. */
async function within(
  { clock, signal }: ExperimentContext,
  sockets: CapturedSockets,
  patience: number,
  work: Promise<boolean>,
): Promise<boolean> {
  let leave = (): void => {};
  const givenUp = new Promise<boolean>((resolve) => {
    leave = watchPatience({
      clock,
      signal,
      patience,
      moved: () => sockets.moved,
      giveUp: () => {
        sockets.silence();
        resolve(false);
      },
    });
  });
  const answered = await Promise.race([work, givenUp]);
  leave();
  return answered;
}
