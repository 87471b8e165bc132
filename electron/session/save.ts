// Saves a copy of a session's file under a name that the user chose.
// It must never leave half a file under that name, nor touch the original, unless it is to be saved in its own place.

import { randomBytes } from 'node:crypto';
import { type FileHandle, open, realpath, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BlockReader } from '../../shared/capture/capture-blocks.ts';
import { reasonOf, SessionError } from './session-error.ts';

const CHUNK = 1024 * 1024;

/**
 * Copies a session file, whole or not at all. Of a live session (flush it before) what follows its last whole block
 * at that moment stays behind. Rejects with a {@link SessionError}: not-found, not-readable or not-writable.
 * @param added blocks that come behind those of the file; then `to` may be that file itself
 */
export async function saveSession(
  from: string,
  to: string,
  added: readonly Uint8Array[] = [],
): Promise<void> {
  let source: FileHandle;
  try {
    source = await open(from, 'r');
  } catch (error) {
    throw new SessionError('not-found', `The session's own file ${from} cannot be read: ${reasonOf(error)}.`);
  }
  try {
    const isSame = await sameFile(from, to);
    if (isSame && added.length === 0) return;
    const place = isSame ? await realpath(to) : to;
    const temporary = join(dirname(place), `.${basename(place)}.${randomBytes(6).toString('hex')}.part`);
    try {
      await copyBlocks(source, temporary, added);
      await rename(temporary, place);
    } catch (error) {
      await unlink(temporary).catch(() => {});
      throw error instanceof SessionError
        ? error
        : new SessionError(
            'not-writable',
            `${to} cannot be written: ${reasonOf(error)}. Choose another place.`,
          );
    }
  } finally {
    await source.close();
  }
}

async function sameFile(one: string, other: string): Promise<boolean> {
  const existing = await realpath(other).catch(() => null);
  return existing !== null && existing === (await realpath(one));
}

async function copyBlocks(source: FileHandle, path: string, added: readonly Uint8Array[]): Promise<void> {
  const blocks = new BlockReader({ section: () => {}, packet: () => {}, custom: () => {} });
  const target = await open(path, 'wx');
  try {
    let buffer = new Uint8Array(CHUNK);
    let position = 0;
    let left = 0;
    for (;;) {
      const { bytesRead } = await source.read(buffer, left, buffer.length - left, position + left);
      if (bytesRead === 0) break;
      const end = left + bytesRead;
      const taken = blocks.push(buffer, 0, end);
      await writeAll(target, buffer.subarray(0, taken), position);
      position += taken;
      left = end - taken;
      const next = left === buffer.length ? new Uint8Array(buffer.length * 2) : buffer;
      next.set(buffer.subarray(taken, end));
      buffer = next;
    }
    for (const block of added) {
      await writeAll(target, block, position);
      position += block.length;
    }
    await target.sync();
  } finally {
    await target.close();
  }
}

async function writeAll(target: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < bytes.length;)
    written += (await target.write(bytes, written, bytes.length - written, position + written)).bytesWritten;
}
