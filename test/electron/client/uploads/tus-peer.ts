// A tus server made by others (@tus/server with its file store), on a free loopback port, for tests of our client.

import { readdirSync, rmSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FileStore } from '@tus/file-store';
import { Server } from '@tus/server';

export interface TusPeer {
  /** Where uploads are created. */
  readonly url: string;
  /** Content of an upload, by its URL. */
  content(upload: string): Promise<Uint8Array>;
  /** Loses all uploads. */
  forget(): void;
  /** Uploads that it keeps. */
  kept(): Promise<number>;
  close(): Promise<void>;
}

export async function tusPeer(options: { readonly maxSize?: number } = {}): Promise<TusPeer> {
  const directory = await mkdtemp(path.join(tmpdir(), 'interim-tus-'));
  const server = new Server({
    path: '/files',
    datastore: new FileStore({ directory }),
    relativeLocation: true,
    ...options,
  });
  const http = createServer((request, response) => void server.handle(request, response));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/files`,
    content: (upload) => readFile(path.join(directory, path.basename(new URL(upload).pathname))),
    forget: () => {
      for (const name of readdirSync(directory)) rmSync(path.join(directory, name));
    },
    kept: async () => (await readdir(directory)).filter((name) => name.endsWith('.json')).length,
    async close() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
      await rm(directory, { recursive: true, force: true });
    },
  };
}
