// Writes a result into a file that the user named: a HAR file, an export. Whole or not at all.
// It must never leave half a file under that name, nor put a file in the place of a device or a pipe.

import { randomBytes } from 'node:crypto';
import { realpath, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { reasonOf } from './session-error.ts';

/**
 * Rejects with the sentence of {@link writeResult} where that could not write: before anything is done whose result it is
 * to hold.
 */
export async function checkResult(path: string): Promise<void> {
  try {
    const there = await stat(path).catch(() => null);
    if (there?.isDirectory() === true) await writeFile(path, '');
    if (there !== null && !there.isFile()) return;
    const place = temporaryFor(there === null ? path : await realpath(path));
    await writeFile(place, '', { flag: 'wx' });
    await unlink(place);
  } catch (error) {
    throw unwritable(path, error);
  }
}

/**
 * Writes text, or its pieces as they are made. Rejects with one sentence where it cannot be written, and with the error of
 * whoever makes the pieces where these fail; what was there before is then untouched.
 */
export async function writeResult(path: string, text: string | AsyncIterable<string>): Promise<void> {
  let failed: { readonly error: unknown } | null = null;
  async function* pieces(): AsyncGenerator<string> {
    try {
      if (typeof text === 'string') yield text;
      else yield* text;
    } catch (error) {
      failed = { error };
      throw error;
    }
  }
  try {
    const there = await stat(path).catch(() => null);
    if (there !== null && !there.isFile()) {
      await writeFile(path, pieces());
      return;
    }
    const place = there === null ? path : await realpath(path);
    const temporary = temporaryFor(place);
    try {
      await writeFile(temporary, pieces(), { flag: 'wx', ...(there === null ? {} : { mode: there.mode }) });
      await rename(temporary, place);
    } catch (error) {
      await unlink(temporary).catch(() => undefined);
      throw error;
    }
  } catch (error) {
    if (failed !== null) throw error;
    throw unwritable(path, error);
  }
}

/** A name beside the file, so that it can take its place. */
function temporaryFor(place: string): string {
  return join(dirname(place), `.${basename(place)}.${randomBytes(6).toString('hex')}.part`);
}

function unwritable(path: string, error: unknown): Error {
  return new Error(`${path} cannot be written: ${reasonOf(error)}. Choose another place.`, { cause: error });
}

/** Whether two names mean the same file, there or not yet. */
export async function sameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map((path) => stat(path).catch(() => null)));
  if (a && b) return a.isFile() && a.dev === b.dev && a.ino === b.ino;
  return !a && !b && resolve(one) === resolve(other);
}
