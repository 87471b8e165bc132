// A server of files in a folder that a test can look into, and start again on. What is on disk is looked at with Node's
// own calls, never with the server's.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { TestServerOptions } from '../../../../electron/server/types.ts';
import { parseCutSpec } from '../../../../electron/wire/spec.ts';
import { message, patch, type Response, running, type Running } from '../harness.ts';

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

export function newRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'interim-test-'));
  roots.push(root);
  return root;
}

export interface Serving extends Running {
  readonly root: string;
  /** Bytes of a file on disk, as ISO-8859-1; null: there is none. */
  onDisk(name: string): string | null;
  /** Names of what is under way: stages and journal entries. */
  underWay(): string[];
  put(name: string, content: string, fields?: readonly string[]): Promise<Response>;
  /** One message/byterange part. */
  patch(name: string, range: string, content: string, fields?: readonly string[]): Promise<Response>;
  get(name: string, fields?: readonly string[]): Promise<Response>;
  head(name: string, fields?: readonly string[]): Promise<Response>;
  /** Sends a request that the server breaks after so many bytes of it, and waits until it has. */
  cutAfter(bytes: number, request: string): Promise<void>;
}

export async function serving(options: Partial<TestServerOptions> = {}): Promise<Serving> {
  const root = options.root ?? newRoot();
  const server = await running({ ...options, root });
  const path = (name: string): string => `/uploads/${name}`;
  return {
    ...server,
    root,
    onDisk: (name) => (existsSync(join(root, name)) ? readFileSync(join(root, name), 'latin1') : null),
    underWay: () => ['stage', 'journal'].flatMap((folder) => readdirSync(join(root, '.interim', folder))),
    put: (name, content, fields = []) =>
      server.ask(message(`PUT ${path(name)}`, [`Content-Length: ${content.length}`, ...fields], content)),
    patch: (name, range, content, fields = []) => server.ask(patch(path(name), range, content, fields)),
    get: (name, fields = []) => server.ask(message(`GET ${path(name)}`, fields)),
    head: (name, fields = []) => server.ask(message(`HEAD ${path(name)}`, fields)),
    cutAfter: async (bytes, request) => {
      const armed = server.board.arm(parseCutSpec(`server:in:${bytes}:rst`), 'plan');
      const before = server.notes.closings.length;
      const raw = await server.client();
      raw.send(request);
      await raw.ended;
      await server.until(() => server.notes.closings.length > before);
      // A request that was refused earlier has not met its cut.
      server.board.disarm(armed);
    },
  };
}

/** Bytes of a request before its content. */
export function headLength(request: string): number {
  return request.indexOf('\r\n\r\n') + 4;
}

/** `00000000`, line after line, as long as is wanted. */
export function lines(length: number): string {
  const count = Math.ceil(length / 10);
  return Array.from({ length: count }, (_value, line) => `${String(line).padStart(8, '0')}\r\n`)
    .join('')
    .slice(0, length);
}
