// Five clients that wait for the job of http2-server.ts, each by its own way and on a connection of its own, by Node's http2.
// They report what that library tells its user: no byte of it is captured.

import {
  connect,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type OutgoingHttpHeaders,
} from 'node:http2';

import { createParser as createEventParser } from 'eventsource-parser';
import { createFrameReader } from '../../../shared/websocket/frames.ts';
import { pause } from '../../wire/pause.ts';
import type { Clock } from '../../wire/types.ts';
import type { Moved } from './http2-server.ts';

/** What one way came to. */
export interface Waited {
  readonly requests: number;
  /** Bytes of the connection, both directions, its beginning included. */
  readonly bytes: number;
  /** When it learned of each step, in milliseconds on the clock. */
  readonly told: readonly Moved[];
}

interface WaitContext {
  readonly port: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Asks again each `interval` milliseconds, the first time after one. */
export function byShortPolling(context: WaitContext, interval: number): Promise<Waited> {
  return waiting(context, async (asking) => {
    for (;;) {
      await pause(context, interval);
      if (asking.heard(await asking.json('/job'))) return;
    }
  });
}

/** Asks for what is new, and is answered when there is something. */
export function byLongPolling(context: WaitContext): Promise<Waited> {
  return waiting(context, async (asking) => {
    for (let done = 0; ;) {
      const text = await asking.json(`/job?after=${done}`);
      if (asking.heard(text)) return;
      done = doneOf(text);
    }
  });
}

export function byEvents(context: WaitContext): Promise<Waited> {
  return waiting(context, async (asking) => {
    const parser = createEventParser({ onEvent: ({ data }) => void asking.heard(data) });
    const stream = asking.request({ ':path': '/job/events', accept: 'text/event-stream' });
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => parser.feed(text));
    await ended(stream);
  });
}

/** By 102s: Node tells of each as one more block of headers. */
export function byInterim(context: WaitContext): Promise<Waited> {
  return waiting(context, async (asking) => {
    const stream = asking.request({ ':path': '/job', prefer: 'processing' });
    stream.on('headers', (headers) => asking.learned(Number.parseInt(String(headers['progress']), 10)));
    asking.heard(await textOf(stream));
  });
}

/** RFC 8441: an extended CONNECT, which the server must have allowed by a setting. */
export function byWebSocket(context: WaitContext): Promise<Waited> {
  return waiting(context, async (asking) => {
    await asking.settings();
    const stream = asking.request({
      ':method': 'CONNECT',
      ':protocol': 'websocket',
      ':path': '/job/socket',
      'sec-websocket-version': '13',
    });
    let at = 0;
    const reader = createFrameReader(
      {
        message: ({ type, payload }) => {
          if (type === 'text') asking.heard(new TextDecoder().decode(payload));
        },
        violation: ({ code }) => void stream.destroy(new Error(`The frames are broken: ${code}.`)),
      },
      { from: 'server' },
    );
    stream.on('data', (bytes: Buffer) => {
      reader.feed(bytes, 0, bytes.length, at);
      at += bytes.length;
    });
    await ended(stream);
  });
}

/** What a way asks with, and whom it tells what it learned. */
class Asking {
  requests = 0;
  readonly told: Moved[] = [];
  readonly #session: ClientHttp2Session;
  readonly #context: WaitContext;

  constructor(session: ClientHttp2Session, context: WaitContext) {
    this.#session = session;
    this.#context = context;
  }

  request(headers: OutgoingHttpHeaders): ClientHttp2Stream {
    this.requests++;
    // A request without content is over with its head; an extended CONNECT goes on.
    return this.#session.request(headers, { endStream: headers[':method'] !== 'CONNECT' });
  }

  json(path: string): Promise<string> {
    return textOf(this.request({ ':path': path }));
  }

  /** Takes in a status document. True: the job is done. */
  heard(text: string): boolean {
    const { done, over } = statusOf(text);
    this.learned(done);
    return over;
  }

  learned(done: number): void {
    if (done > (this.told.at(-1)?.done ?? 0)) this.told.push({ done, at: this.#context.clock.now() });
  }

  /** The server's settings have come. */
  settings(): Promise<void> {
    return new Promise((resolve) => void this.#session.once('remoteSettings', () => resolve()));
  }
}

async function waiting(context: WaitContext, way: (asking: Asking) => Promise<void>): Promise<Waited> {
  const session = connect(`http://127.0.0.1:${context.port}`);
  const stop = (): void => session.destroy(new Error('It was stopped.'));
  context.signal.addEventListener('abort', stop);
  const asking = new Asking(session, context);
  const failed = new Promise<never>((_resolve, reject) => void session.once('error', reject));
  try {
    await Promise.race([way(asking), failed]);
    const { socket } = session;
    return { requests: asking.requests, bytes: socket.bytesRead + socket.bytesWritten, told: asking.told };
  } finally {
    context.signal.removeEventListener('abort', stop);
    session.on('error', () => undefined);
    session.destroy();
  }
}

async function textOf(stream: ClientHttp2Stream): Promise<string> {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (piece: string) => (text += piece));
  await ended(stream);
  return text;
}

function ended(stream: ClientHttp2Stream): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.once('error', reject);
    stream.once('end', () => {
      // The other half of a CONNECT is ours to end.
      stream.end();
      resolve();
    });
    stream.resume();
  });
}

function doneOf(text: string): number {
  return statusOf(text).done;
}

function statusOf(text: string): { done: number; over: boolean } {
  const { state, progress } = JSON.parse(text) as { state: string; progress: { done: number } };
  return { done: progress.done, over: state === 'done' };
}
