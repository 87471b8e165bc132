// A server that says exactly what a test tells it to, connection by connection, and keeps what it was sent.

import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';

export interface Turn {
  /** Waits until what came since the last turn matches; default: the end of a head. */
  readonly on?: RegExp;
  readonly send?: string;
  /** After that: FIN, or a reset. */
  readonly close?: 'fin' | 'rst';
}

export interface ScriptedServer {
  readonly url: string;
  /** Everything that came, by connection, as ISO-8859-1. */
  readonly received: string[];
  /** The same, read by read. */
  readonly reads: string[][];
  /** Resolves when that many turns of that connection have been taken. */
  turned(connection: number, turns: number): Promise<void>;
  close(): Promise<void>;
}

export async function scriptedServer(script: readonly (readonly Turn[])[]): Promise<ScriptedServer> {
  const received: string[] = [];
  const reads: string[][] = [];
  const taken: number[] = script.map(() => 0);
  const waiting: (() => void)[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    const index = received.push('') - 1;
    reads.push([]);
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    let pending = '';
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      received[index] += text;
      reads[index]!.push(text);
      pending += text;
      for (;;) {
        const turn = script[index]?.[taken[index]!];
        if (turn === undefined || !(turn.on ?? /\r\n\r\n/).test(pending)) return;
        pending = '';
        taken[index]!++;
        if (turn.send !== undefined) socket.write(turn.send, 'latin1');
        if (turn.close === 'fin') socket.end();
        if (turn.close === 'rst') socket.resetAndDestroy();
        for (const look of waiting) look();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    reads,
    turned: (connection, turns) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (taken[connection]! >= turns) resolve();
        };
        waiting.push(look);
        look();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** A response, its lines given one by one; content after the empty line. */
export function response(status: string, fields: readonly string[] = [], content = ''): string {
  return [`HTTP/1.1 ${status}`, ...fields, '', content].join('\r\n');
}

/** The same turns, as often as that. */
export function times(number: number, ...turns: readonly Turn[]): readonly Turn[] {
  return Array.from({ length: number }, () => turns).flat();
}
