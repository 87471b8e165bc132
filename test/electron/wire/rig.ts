// Two ends of one real loopback connection, both captured, for the tests of the wire.
// Waits for events only; closes everything it opened.

import { createServer, type Server, Socket } from 'node:net';

import type { Direction, End, Endpoint } from '../../../shared/capture/records.ts';
import { connect } from '../../../electron/wire/connect.ts';
import { createManualClock, type ManualClock } from '../../../electron/wire/clock.ts';
import { createFaultBoard } from '../../../electron/wire/faults.ts';
import { listen } from '../../../electron/wire/listen.ts';
import type { ClosedNote, FaultNote, Recorder } from '../../../electron/wire/recorder.ts';
import type { FaultBoard, Listener, Wire, WireContext } from '../../../electron/wire/types.ts';

export type Line =
  | { kind: 'opened'; connection: number; end: End }
  | { kind: 'sent' | 'received' | 'discarded'; connection: number; end: End; bytes: Uint8Array }
  | { kind: 'ended'; connection: number; end: End; direction: Direction }
  | { kind: 'closed'; connection: number; end: End; note: ClosedNote }
  | { kind: 'fault'; connection: number; end: End; note: FaultNote };

/** A recorder that keeps everything in an array and tells whoever waits. */
export class ListRecorder implements Recorder {
  readonly lines: Line[] = [];
  readonly #numbers = new Map<string, number>();
  #waiting: { met: () => boolean; resolve: () => void }[] = [];
  #last = 0;

  now(): number {
    return this.lines.length;
  }

  opened(end: End, client: Endpoint, server: Endpoint): number {
    const key = `${client.address}:${client.port}-${server.address}:${server.port}`;
    const number = this.#numbers.get(key) ?? (this.#last += 1);
    this.#numbers.set(key, number);
    this.#add({ kind: 'opened', connection: number, end });
    return number;
  }

  sent(connection: number, end: End, bytes: Uint8Array): void {
    this.#add({ kind: 'sent', connection, end, bytes });
  }

  received(connection: number, end: End, bytes: Uint8Array): boolean {
    this.#add({ kind: 'received', connection, end, bytes });
    return true;
  }

  discarded(connection: number, end: End, bytes: Uint8Array): void {
    this.#add({ kind: 'discarded', connection, end, bytes });
  }

  ended(connection: number, end: End, direction: Direction): void {
    this.#add({ kind: 'ended', connection, end, direction });
  }

  closed(connection: number, end: End, note: ClosedNote): void {
    this.#add({ kind: 'closed', connection, end, note });
  }

  fault(connection: number, end: End, note: FaultNote): void {
    this.#add({ kind: 'fault', connection, end, note });
  }

  step(): void {}
  about(): void {}

  /** Resolves when what was recorded meets the condition. */
  until(met: () => boolean): Promise<void> {
    if (met()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ met, resolve }));
  }

  bytes(kind: 'sent' | 'received' | 'discarded', end: End, connection = 1): Buffer {
    return Buffer.concat(
      this.lines.flatMap((line) =>
        line.kind === kind && line.end === end && line.connection === connection ? [line.bytes] : [],
      ),
    );
  }

  length(kind: 'sent' | 'received' | 'discarded', end: End, connection = 1): number {
    return this.bytes(kind, end, connection).length;
  }

  faults(connection = 1): (FaultNote & { end: End })[] {
    return this.lines.flatMap((line) =>
      line.kind === 'fault' && line.connection === connection ? [{ end: line.end, ...line.note }] : [],
    );
  }

  /** The closed record of an end, once it is there. */
  async closing(end: End, connection = 1): Promise<ClosedNote> {
    const find = (): ClosedNote[] =>
      this.lines.flatMap((line) =>
        line.kind === 'closed' && line.end === end && line.connection === connection ? [line.note] : [],
      );
    await this.until(() => find().length > 0);
    const [note, ...more] = find();
    if (note === undefined || more.length > 0) throw new Error('closed more than once');
    return note;
  }

  #add(line: Line): void {
    this.lines.push(line);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const one of waiting) {
      if (one.met()) one.resolve();
      else this.#waiting.push(one);
    }
  }
}

/** What a handler was told. */
export interface Heard {
  readonly wire: Wire;
  /** All that was delivered, and how much that is. */
  readonly bytes: Buffer;
  length: number;
  ended: boolean;
  readonly closed: Promise<ClosedNote>;
}

/** Puts a handler on a wire that gathers; `onData` is called after each delivery. */
export function hear(wire: Wire, onData: (heard: Heard) => void = () => undefined): Heard {
  const over = deferred<ClosedNote>();
  let chunks: Uint8Array[] = [];
  const heard: Heard = {
    wire,
    get bytes() {
      const all = Buffer.concat(chunks);
      chunks = [all];
      return all;
    },
    length: 0,
    ended: false,
    closed: over.promise,
  };
  let closes = 0;
  wire.handle({
    data(bytes) {
      if (closes > 0) throw new Error('data after closed');
      // A copy: bytes are valid during the call only.
      chunks.push(Uint8Array.from(bytes));
      heard.length += bytes.length;
      onData(heard);
    },
    end() {
      heard.ended = true;
      wire.finish();
    },
    closed(note) {
      closes += 1;
      if (closes > 1) throw new Error('closed twice');
      over.resolve(note);
    },
  });
  return heard;
}

export interface Rig {
  readonly recorder: ListRecorder;
  readonly board: FaultBoard;
  readonly clock: ManualClock;
  /** Resolves when a timer waits on the clock. */
  timer(): Promise<void>;
  readonly context: WireContext;
  readonly listener: Listener;
  /** A new captured connection: both ends, no handlers yet. */
  pair(): Promise<{ client: Wire; server: Wire }>;
  /** The server's end of the next connection that is opened. */
  accept(): Promise<Wire>;
  /** A plain socket that connects to the captured listener. */
  plainClient(): Promise<{ socket: Socket; server: Wire }>;
  /** A plain server, and a captured connection to it. */
  plainServer(): Promise<{ client: Wire; socket: Socket }>;
  close(): Promise<void>;
}

export async function createRig(): Promise<Rig> {
  const recorder = new ListRecorder();
  const board = createFaultBoard();
  const clock = createManualClock();
  let timers: (() => void)[] = [];
  const context: WireContext = {
    recorder,
    board,
    clock: {
      now: () => clock.now(),
      after(milliseconds, call) {
        const cancel = clock.after(milliseconds, call);
        for (const resolve of timers) resolve();
        timers = [];
        return cancel;
      },
    },
  };
  const accepted: Wire[] = [];
  const waiting: ((wire: Wire) => void)[] = [];
  const sockets: Socket[] = [];
  /** A plain socket is reset when the rig closes at the latest. */
  const keep = (socket: Socket): void => {
    sockets.push(socket);
    socket.on('error', () => undefined);
  };
  const servers: Server[] = [];
  const listener = await listen('127.0.0.1', 0, context, (wire) => {
    const take = waiting.shift();
    if (take) take(wire);
    else accepted.push(wire);
  });
  const accept = (): Promise<Wire> => {
    const wire = accepted.shift();
    return wire ? Promise.resolve(wire) : new Promise((resolve) => waiting.push(resolve));
  };
  return {
    recorder,
    board,
    clock,
    context,
    listener,
    accept,
    timer: () => (clock.pending > 0 ? Promise.resolve() : new Promise((resolve) => timers.push(resolve))),
    async pair() {
      const [client, server] = await Promise.all([connect('127.0.0.1', listener.port, context), accept()]);
      return { client, server };
    },
    async plainClient() {
      const socket = new Socket({ allowHalfOpen: true });
      keep(socket);
      const connected = new Promise<void>((resolve) => socket.connect(listener.port, '127.0.0.1', resolve));
      const server = await accept();
      await connected;
      return { socket, server };
    },
    async plainServer() {
      const arrived = deferred<Socket>();
      const server = createServer({ allowHalfOpen: true }, (socket) => {
        keep(socket);
        arrived.resolve(socket);
      });
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      if (typeof address !== 'object' || address === null) throw new Error('no port');
      const client = await connect('127.0.0.1', address.port, context);
      return { client, socket: await arrived.promise };
    },
    async close() {
      for (const wire of board.wires()) wire.close('rst');
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
      await listener.close();
      await nothingOpen();
    },
  };
}

/** Sockets close in the turns of the loop that follow; fails if one stays open. */
async function nothingOpen(): Promise<void> {
  const open = (): string[] =>
    process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap' || name === 'TCPServerWrap');
  for (let turn = 0; turn < 1000 && open().length > 0; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (open().length > 0) throw new Error(`still open: ${open().join(', ')}`);
}

/** A promise and its resolver; Node 20 has no Promise.withResolvers. */
function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** Bytes that tell their position, to a period of 65,536. */
export function numbered(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, at) => (at * 31 + (at >> 8)) & 0xff));
}

/** What a plain socket sees of a connection until it is over at both ends. */
export function watch(socket: Socket): Promise<{ bytes: Buffer; end: 'fin' | 'rst' }> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    // Node 20 may report a reset as an end; an empty write tells.
    socket.on('end', () =>
      socket.write(Buffer.alloc(0), (error) => {
        if (!error) resolve({ bytes: Buffer.concat(chunks), end: 'fin' });
      }),
    );
    socket.on('error', () => resolve({ bytes: Buffer.concat(chunks), end: 'rst' }));
    socket.resume();
  });
}
