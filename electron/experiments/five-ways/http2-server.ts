// One job behind HTTP/2, told in five ways, by Node's own http2: what the same waiting looks like on the newer version.
// Nothing here is captured: what is known of it is what the library tells.

import { createServer, type Http2Server, type ServerHttp2Stream, type IncomingHttpHeaders } from 'node:http2';
import type { AddressInfo } from 'node:net';

import { CloseCode, Opcode } from '../../../shared/websocket/frame-types.ts';
import type { Clock } from '../../wire/types.ts';

/** A moment at which the job moved on. */
export interface Moved {
  readonly done: number;
  /** Milliseconds on the clock. */
  readonly at: number;
}

export interface JobServer {
  readonly port: number;
  /** Every step that is done, in order. */
  readonly moved: readonly Moved[];
  /** The job begins. */
  start(): void;
  close(): Promise<void>;
}

interface JobOptions {
  readonly steps: number;
  readonly stepMilliseconds: number;
  readonly clock: Clock;
}

const JSON_TYPE = { 'content-type': 'application/json', 'cache-control': 'no-store' };

/** Listens on a free port of loopback, without TLS (h2c with prior knowledge, RFC 9113 §3.3). */
export async function createJobServer({ steps, stepMilliseconds, clock }: JobOptions): Promise<JobServer> {
  const job = new SteppedJob(steps, stepMilliseconds, clock);
  // RFC 8441 §3: without this setting a client must not ask for a WebSocket.
  const server: Http2Server = createServer({ settings: { enableConnectProtocol: true } });
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
    session.on('error', () => undefined);
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    answer(stream, headers, job);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    moved: job.moved,
    start: () => job.start(),
    close: () => {
      job.stop();
      for (const session of sessions) session.destroy();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}

/** Steps that follow each other, and whoever follows them. */
class SteppedJob {
  readonly steps: number;
  readonly moved: Moved[] = [];
  readonly #milliseconds: number;
  readonly #clock: Clock;
  readonly #followers = new Set<() => void>();
  #cancel: () => void = () => undefined;

  constructor(steps: number, milliseconds: number, clock: Clock) {
    this.steps = steps;
    this.#milliseconds = milliseconds;
    this.#clock = clock;
  }

  get done(): number {
    return this.moved.length;
  }

  get over(): boolean {
    return this.done >= this.steps;
  }

  start(): void {
    this.#cancel = this.#clock.after(this.#milliseconds, () => {
      this.moved.push({ done: this.done + 1, at: this.#clock.now() });
      if (!this.over) this.start();
      for (const follower of this.#followers) follower();
    });
  }

  stop(): void {
    this.#cancel();
    this.#followers.clear();
  }

  /** Calls after each step, until the returned function is called. */
  follow(call: () => void): () => void {
    this.#followers.add(call);
    return () => this.#followers.delete(call);
  }

  get json(): string {
    return JSON.stringify({
      state: this.over ? 'done' : 'running',
      progress: { done: this.done, total: this.steps },
    });
  }
}

function answer(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, job: SteppedJob): void {
  const path = String(headers[':path'] ?? '/');
  if (headers[':method'] === 'CONNECT') byWebSocket(stream, headers, job);
  else if (path.startsWith('/job/events')) byEvents(stream, job);
  else if (String(headers['prefer'] ?? '').includes('processing')) byInterim(stream, job);
  else if (path.includes('after=')) byLongPoll(stream, Number(path.split('after=')[1]), job);
  else {
    stream.respond({ ':status': 200, ...JSON_TYPE });
    stream.end(job.json);
  }
}

/** Follows the job until its end; `tell` after each step that was not told. */
function following(stream: ServerHttp2Stream, job: SteppedJob, tell: () => void, end: () => void): void {
  const told = (): void => {
    tell();
    if (job.over) {
      leave();
      end();
    }
  };
  const leave = job.follow(told);
  stream.on('close', leave);
  if (job.over) told();
}

function byLongPoll(stream: ServerHttp2Stream, known: number, job: SteppedJob): void {
  const send = (): void => {
    if (job.done <= known) return;
    leave();
    if (stream.destroyed) return;
    stream.respond({ ':status': 200, ...JSON_TYPE });
    stream.end(job.json);
  };
  const leave = job.follow(send);
  stream.on('close', leave);
  send();
}

function byEvents(stream: ServerHttp2Stream, job: SteppedJob): void {
  stream.respond({ ':status': 200, 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  following(
    stream,
    job,
    () => void stream.write(`id: ${job.done}\nevent: progress\ndata: ${job.json}\n\n`),
    () => void stream.end(),
  );
}

function byInterim(stream: ServerHttp2Stream, job: SteppedJob): void {
  following(
    stream,
    job,
    () => {
      if (!job.over) stream.additionalHeaders({ ':status': 102, progress: `${job.done}/${job.steps}` });
    },
    () => {
      stream.respond({ ':status': 200, ...JSON_TYPE, progress: `${job.done}/${job.steps}` });
      stream.end(job.json);
    },
  );
}

/** RFC 8441: an extended CONNECT is answered with 200, and the stream carries the frames. */
function byWebSocket(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, job: SteppedJob): void {
  if (headers[':protocol'] !== 'websocket') {
    stream.respond({ ':status': 501 }, { endStream: true });
    return;
  }
  stream.respond({ ':status': 200 });
  following(
    stream,
    job,
    () => void stream.write(frame(Opcode.text, Buffer.from(job.json))),
    () => void stream.end(frame(Opcode.close, Buffer.from([CloseCode.normal >> 8, CloseCode.normal & 0xff]))),
  );
}

/** A frame of a server (RFC 6455 §5.2): whole and not masked. `ws` writes to no HTTP/2 stream. At most 125 bytes. */
function frame(opcode: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x80 | opcode, payload.length]), payload]);
}
