// A running test server on a clock that is moved by hand, and a foreign client on a plain socket that sends bytes as they
// are given and reads responses one by one. Knows none of our own client or parser.

import { connect, type Socket } from 'node:net';
import { afterEach } from 'vitest';
import { createTestServer } from '../../../electron/server/server.ts';
import type { TestServer, TestServerOptions } from '../../../electron/server/types.ts';
import { createManualClock, type ManualClock } from '../../../electron/wire/clock.ts';
import { createFaultBoard } from '../../../electron/wire/faults.ts';
import type { ClosedNote, FaultNote, Recorder } from '../../../electron/wire/recorder.ts';
import type { FaultBoard } from '../../../electron/wire/types.ts';

/** What the server's ends of connections reported. */
export class Notes implements Recorder {
  readonly faults: (FaultNote & { connection: number })[] = [];
  readonly closings: (ClosedNote & { connection: number })[] = [];
  /** Called when either has grown, after the wire has told its holder, too. */
  grown: () => void = () => {};
  #connections = 0;
  now = (): number => 0;
  opened = (): number => ++this.#connections;
  sent = (): void => {};
  received: Recorder['received'] = () => false;
  discarded = (): void => {};
  ended = (): void => {};
  step = (): void => {};
  about = (): void => {};
  closed(connection: number, _end: unknown, note: ClosedNote): void {
    this.closings.push({ ...note, connection });
    setImmediate(() => this.grown());
  }
  fault(connection: number, _end: unknown, note: FaultNote): void {
    this.faults.push({ ...note, connection });
    setImmediate(() => this.grown());
  }
}

export interface Running {
  readonly server: TestServer;
  readonly clock: ManualClock;
  readonly board: FaultBoard;
  readonly notes: Notes;
  /** A connection of a plain client. */
  client(): Promise<RawClient>;
  /** Opens a connection, sends, and reads one response. */
  ask(request: string, method?: string): Promise<Response>;
  /** Resolves when it is true: asked after every change of the server's state and every close. */
  until(condition: () => boolean): Promise<void>;
  /** Resolves when the server stores so many bytes of its newest upload. */
  stored(bytes: number): Promise<void>;
}

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

export async function running(options: Partial<TestServerOptions> = {}): Promise<Running> {
  const clock = createManualClock();
  const board = createFaultBoard();
  const notes = new Notes();
  const context = { clock, board, recorder: notes };
  const server = await createTestServer({ context, port: 0, guessable: true, ...options });
  cleanUps.push(() => server.close());
  const client = async (): Promise<RawClient> => {
    const raw = await RawClient.open(server.port);
    cleanUps.push(() => raw.destroy());
    return raw;
  };
  const ask = async (request: string, method = request.split(' ', 1)[0] ?? ''): Promise<Response> => {
    const raw = await client();
    raw.send(request);
    const response = await raw.final(method);
    raw.destroy();
    return response;
  };
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        server.changed = resolve;
        notes.grown = resolve;
      });
    }
  };
  const have = (): number => server.state().resources.find(({ kind }) => kind === 'upload')?.have ?? -1;
  const stored = (bytes: number): Promise<void> => until(() => have() >= bytes);
  return { server, clock, board, notes, client, ask, until, stored };
}

export interface Response {
  readonly line: string;
  readonly status: number;
  readonly reason: string;
  /** Names in lower case. */
  readonly fields: ReadonlyMap<string, string>;
  readonly body: string;
  /** Interim responses before it, oldest first; of {@link RawClient.next}: none. */
  readonly interim: readonly Response[];
}

/** `POST /x HTTP/1.1`, Host, the fields, and the empty line, then the content. */
export function message(startLine: string, fields: readonly string[] = [], content = ''): string {
  return [`${startLine} HTTP/1.1`, 'Host: test', ...fields, '', content].join('\r\n');
}

/** A PATCH of one part, with the Content-Length that it has. */
export function patch(path: string, range: string, content: string, fields: readonly string[] = []): string {
  const part = `Content-Range: ${range}\r\n\r\n${content}`;
  const own = ['Content-Type: message/byterange', `Content-Length: ${part.length}`];
  return message(`PATCH ${path}`, [...own, ...fields], part);
}

/** The fields of a POST that can be resumed. */
export function resumable(length: number, prefer = 'resume'): string[] {
  return [`Content-Length: ${length}`, 'Expect: 100-continue', `Prefer: ${prefer}`];
}

export class RawClient {
  readonly socket: Socket;
  /** `fin` or `rst`, when the server has ended the connection. */
  readonly ended: Promise<'fin' | 'rst'>;
  #text = '';
  #end: 'fin' | 'rst' | null = null;
  #wake: () => void = () => {};

  static open(port: number): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, noDelay: true, allowHalfOpen: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new RawClient(socket));
      });
    });
  }

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.#text += text;
      this.#wake();
    });
    this.ended = new Promise((resolve) => {
      const end = (how: 'fin' | 'rst'): void => {
        this.#end ??= how;
        resolve(this.#end);
        this.#wake();
      };
      // Node 20 reports most resets as an end: after one, even an empty write fails.
      socket.on('end', () => {
        if (!socket.writable) {
          end('fin');
          return;
        }
        socket.write('', (error) => {
          end(error ? 'rst' : 'fin');
          socket.end();
        });
      });
      socket.on('error', () => end('rst'));
      socket.on('close', () => end('rst'));
    });
  }

  /** Bytes that came and were not read yet. */
  get unread(): string {
    return this.#text;
  }

  send(text: string): void {
    this.socket.write(text, 'latin1');
  }

  /** Sends, and resolves when the kernel has it. */
  async flushed(text: string): Promise<void> {
    await new Promise<void>((resolve) => void this.socket.write(text, 'latin1', () => resolve()));
  }

  reset(): void {
    this.socket.resetAndDestroy();
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** The next response, interim or final. `method`: of the request it answers. */
  async next(method = 'GET'): Promise<Response> {
    const head = await this.#upTo(() => {
      const at = this.#text.indexOf('\r\n\r\n');
      return at < 0 ? -1 : at + 4;
    });
    const [line = '', ...lines] = head.split('\r\n');
    const fields = new Map<string, string>();
    for (const field of lines.filter((text) => text !== '')) {
      const colon = field.indexOf(': ');
      fields.set(field.slice(0, colon).toLowerCase(), field.slice(colon + 2));
    }
    const [, digits = '', reason = ''] = /^HTTP\/1\.1 (\d{3}) (.*)$/.exec(line) ?? [];
    const status = Number(digits);
    const bodiless = status < 200 || status === 204 || status === 304 || method === 'HEAD';
    if (!bodiless && fields.get('transfer-encoding') === 'chunked')
      return { line, status, reason, fields, body: await this.#chunks(), interim: [] };
    const length = bodiless ? 0 : Number(fields.get('content-length'));
    const body = await this.#upTo(() => (this.#text.length >= length ? length : -1));
    return { line, status, reason, fields, body, interim: [] };
  }

  /** Content in chunks; the trailer section is read and left out. */
  async #chunks(): Promise<string> {
    const line = (): Promise<string> =>
      this.#upTo(() => {
        const at = this.#text.indexOf('\r\n');
        return at < 0 ? -1 : at + 2;
      });
    let body = '';
    for (;;) {
      const size = parseInt(await line(), 16);
      if (size === 0) break;
      body += (await this.#upTo(() => (this.#text.length >= size + 2 ? size + 2 : -1))).slice(0, size);
    }
    while ((await line()) !== '\r\n');
    return body;
  }

  /** The next final response, with the interim ones before it. */
  async final(method = 'GET'): Promise<Response> {
    const interim: Response[] = [];
    for (;;) {
      const response = await this.next(method);
      if (response.status >= 200) return { ...response, interim };
      interim.push(response);
    }
  }

  async #upTo(end: () => number): Promise<string> {
    for (;;) {
      const at = end();
      if (at >= 0) {
        const text = this.#text.slice(0, at);
        this.#text = this.#text.slice(at);
        return text;
      }
      if (this.#end !== null) {
        throw new Error(`The server ended the connection (${this.#end}) after ${JSON.stringify(this.#text)}`);
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
