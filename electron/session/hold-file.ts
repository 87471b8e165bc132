// One writer at a time for a file that the user named: two runs that record into the same one would leave neither's
// session. The hold is a socket that the system closes with its process, however that ends: nothing is ever left over.

import { createHash } from 'node:crypto';
import { type BigIntStats } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reasonOf, SessionError } from './session-error.ts';

/** Lets go of a file. */
export type Release = () => Promise<void>;

/**
 * Holds a file for this process, and makes it where it is not there; what is in it stays. Devices and pipes can be shared,
 * and are not held. Rejects with a {@link SessionError}: in-use where it is held, by whatever name, not-writable.
 */
export async function holdFile(path: string): Promise<Release> {
  const file = await open(path, 'a').catch((error: unknown) => {
    throw new SessionError(
      'not-writable',
      `${path} cannot be written: ${reasonOf(error)}. Choose another place.`,
    );
  });
  const stats = await file.stat({ bigint: true }).finally(() => file.close());
  if (!stats.isFile()) return () => Promise.resolve();
  const server = await listen(addressOf(stats));
  if (server === 'held')
    throw new SessionError(
      'in-use',
      `${path} is being recorded into by another run: choose another name, or end that run first.`,
    );
  return () => new Promise((resolve) => (server === null ? resolve() : server.close(() => resolve())));
}

/**
 * Where the hold of a file is: the same by whatever name the file is opened. In Linux's namespace of sockets without
 * files, among the named pipes of Windows, and elsewhere a file in the system's temporary folder.
 */
export function addressOf({ dev, ino }: Pick<BigIntStats, 'dev' | 'ino'>): string {
  const name = `interim-${createHash('sha256').update(`${dev} ${ino}`).digest('hex').slice(0, 32)}`;
  switch (process.platform) {
    case 'linux':
    case 'android':
      return `\0${name}`;
    case 'win32':
      return `\\\\.\\pipe\\${name}`;
    default:
      return join(tmpdir(), `${name}.sock`);
  }
}

/** Null: sockets of this kind cannot be had here, so that nothing can be held. */
async function listen(address: string): Promise<Server | 'held' | null> {
  const first = await listenOnce(address);
  if (first !== 'held' || !address.startsWith('/')) return first;
  // A socket in a folder outlives its process: nobody answers there then.
  if (await isAnswered(address)) return 'held';
  await unlink(address).catch(() => undefined);
  return listenOnce(address);
}

function listenOnce(address: string): Promise<Server | 'held' | null> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error) => resolve('code' in error && error.code === 'EADDRINUSE' ? 'held' : null));
    server.listen(address, () => {
      // Who forgets to let go is not kept from ending.
      server.unref();
      resolve(server);
    });
  });
}

function isAnswered(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => socket.destroy());
  });
}
