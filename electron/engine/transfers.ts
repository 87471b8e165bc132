// Files that go through the interface: sessions and exports that it hands to its user, and files that the user gives it.
// These are kept in a folder of their own, under names that harm nobody, and go with the engine.

import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Download, SaveFormat } from '../engine-types.ts';
import { exportSession, extensionOf, mediaTypeOf } from './export.ts';
import { fileName } from './names.ts';
import type { View } from './view.ts';

/** Rejects with an Error for the user, where a session that has no file is asked for. */
export async function downloadOf(view: View, as: SaveFormat): Promise<Download> {
  const name = `${fileName(view.name)}.${extensionOf(as)}`;
  if (as !== 'pcapng') return { name, type: mediaTypeOf(as), body: encoded(exportSession(view, as)) };
  await view.flush();
  if (view.file === null) throw new Error('This session is in memory only and has no file to download.');
  const added = view.added();
  view.markSaved(name);
  // What is recorded from now on is not part of it: the file may end in the middle of a block by then.
  const size = view.wholeLength ?? statSync(view.file).size;
  return { name, type: 'application/x-pcapng', body: withAdded(view.file, size, added) };
}

export class Received {
  #folder: Promise<string> | null = null;
  /** Its path, once it is there. */
  #path: string | null = null;

  /** @returns the path under which the file is kept */
  async take(name: string, body: AsyncIterable<Uint8Array>): Promise<string> {
    // Two files may come at once: they share the folder that the first has begun to make.
    this.#folder ??= mkdtemp(join(tmpdir(), 'interim-'));
    this.#path = await this.#folder;
    const folder = await mkdtemp(join(this.#path, 'file-'));
    const path = join(folder, basename(name).replaceAll(/[^\w .()-]/g, '_') || 'session.pcapng');
    await pipeline(body, createWriteStream(path));
    return path;
  }

  /** An error about one of these files: what it is called on our disk is nothing to its user. */
  named(error: unknown, path: string): unknown {
    if (this.#path === null || !path.startsWith(this.#path) || !(error instanceof Error)) return error;
    return new Error(error.message.replaceAll(path, basename(path)), { cause: error });
  }

  async close(): Promise<void> {
    if (this.#path !== null) await rm(this.#path, { recursive: true, force: true });
  }
}

async function* encoded(pieces: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const piece of pieces) yield encoder.encode(piece);
}

/** A file's whole blocks, and those that are to come behind them. */
async function* withAdded(
  path: string,
  size: number,
  added: readonly Uint8Array[],
): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path, { end: size - 1 });
  yield* added;
}
