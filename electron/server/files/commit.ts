// What is to become of files at one stroke. It is written down before the first of its steps: from then on it happens, at
// the next start if the end comes in the middle. Each step may be taken twice.

import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { z } from 'zod';
import { ServerError } from '../errors.ts';
import { type Disk, readAll, writeAll } from './disk.ts';
import type { Folder } from './folder.ts';
import { fileName, NAME_RULE } from './names.ts';
import { sidecarToWrite } from './sidecar.ts';
import { stampOf } from './stamp.ts';

/** Bytes that are copied before others get their turn. */
const SLICE = 1024 * 1024;
const SLICES_A_TURN = 8;

const position = z.int().nonnegative();

const step = z.union([
  /** Bytes of the stage, from `from` on, to position `at`; from null: they are there already. */
  z.strictObject({ at: position, length: position, from: position.nullable() }),
  z.strictObject({ resize: position }),
]);

const commit = z.discriminatedUnion('kind', [
  /** The stage becomes the file. `instead`: commits about it that will not be carried out any more. */
  z.strictObject({
    kind: z.literal('replace'),
    after: sidecarToWrite,
    instead: z.array(z.string()).default([]),
  }),
  /** Bytes of the stage are written into the file, in this order. */
  z.strictObject({ kind: z.literal('apply'), after: sidecarToWrite, steps: z.array(step) }),
  /** A file gets another name. */
  z.strictObject({ kind: z.literal('move'), after: sidecarToWrite, from: z.string() }),
]);

/** As much as is needed to know which file an entry of another version is about. */
const about = z.object({ after: z.object({ name: z.string() }) });

export type Step = z.infer<typeof step>;
export type Commit = z.infer<typeof commit>;
export type Renaming = Exclude<Commit, { readonly kind: 'apply' }>;

/** Reads an entry of the journal; null: it is none. `name`: of the file that it is about, as far as it can be told. */
export function readCommit(entry: unknown): { readonly commit: Commit | null; readonly name: string | null } {
  const parsed = commit.safeParse(entry);
  const { name } = parsed.success ? parsed.data.after : (about.safeParse(entry).data?.after ?? { name: '' });
  if (fileName(name) !== name) return { commit: null, name: null };
  const from = parsed.success && parsed.data.kind === 'move' ? parsed.data.from : name;
  return { commit: parsed.success && fileName(from) === from ? parsed.data : null, name };
}

/**
 * Writes a commit down and gives a file its new name. What can fail is done before.
 * @throws ServerError, errors of the file system: then nothing has changed, once the entry is taken away
 */
export function rename(folder: Folder, id: string, entry: Renaming): void {
  const { name } = entry.after;
  const from = sourceOf(folder, id, entry);
  refuseBlocked(folder, name);
  const takeBack = folder.makeWay(name);
  try {
    const stat = lstatSync(from, { bigint: true });
    folder.prepareSidecar({ ...entry.after, stamp: stampOf(stat) });
    folder.writeJournal(id, entry);
    renameSync(from, folder.dataPath(name));
  } catch (error) {
    folder.dropPrepared(name);
    takeBack();
    throw error;
  }
}

/** What is left behind {@link rename}. @throws errors of the file system: then it can be tried again */
export function finishRename(folder: Folder, id: string, entry: Renaming): void {
  folder.putSidecar(entry.after.name);
  forget(folder, id, entry);
}

/**
 * Takes all steps of a commit that is written down, or those that are left; lets others have their turn while it copies
 * much. @throws ServerError, errors of the file system: then it can be tried again
 */
export async function carryOut(folder: Folder, disk: Disk, id: string, entry: Commit): Promise<void> {
  const { name } = entry.after;
  if (entry.kind !== 'apply') {
    const left =
      entry.kind === 'move' ? folder.look(entry.from).kind === 'file' : existsSync(folder.stagePath(id));
    if (left) {
      refuseBlocked(folder, name);
      folder.makeWay(name);
      renameSync(sourceOf(folder, id, entry), folder.dataPath(name));
    }
  }
  const found = folder.look(name);
  if (found.kind === 'blocked') refuseBlocked(folder, name);
  // Somebody has taken the file away: there is nothing left to change.
  if (found.kind === 'file') {
    if (entry.kind === 'apply') await apply(folder, disk, id, entry);
    const stat = lstatSync(folder.dataPath(name), { bigint: true });
    folder.writeSidecar({ ...entry.after, stamp: stampOf(stat) });
  }
  forget(folder, id, entry);
}

function sourceOf(folder: Folder, id: string, entry: Renaming): string {
  return entry.kind === 'move' ? folder.dataPath(entry.from) : folder.stagePath(id);
}

function refuseBlocked(folder: Folder, name: string): void {
  if (folder.look(name).kind !== 'blocked') return;
  throw new ServerError(
    'store-blocked',
    `There can be no file at ${name}: a folder, or a file where a folder would have to be, is in the way. ${NAME_RULE}`,
  );
}

/** All is done: the last thing that goes is the entry itself. */
function forget(folder: Folder, id: string, entry: Commit): void {
  if (entry.kind === 'move') {
    folder.removeSidecar(entry.from);
    folder.clearWay(entry.from);
  }
  if (entry.kind === 'replace') for (const other of entry.instead) discard(folder, other);
  discard(folder, id);
}

/** A commit is not carried out any more. */
export function discard(folder: Folder, id: string): void {
  folder.removeJournal(id);
  rmSync(folder.stagePath(id), { force: true });
}

async function apply(
  folder: Folder,
  disk: Disk,
  id: string,
  { after, steps }: Commit & { readonly kind: 'apply' },
): Promise<void> {
  const path = folder.stagePath(id);
  const needed = endOfStage(steps);
  // A stage goes when all steps are taken; a disk that loses its power may keep the entry longer.
  if (needed > 0 && !existsSync(path)) return;
  const target = folder.openData(after.name, 'write');
  const stage = openSync(path, needed > 0 ? 'r+' : 'a+');
  try {
    // What was reserved behind the bytes becomes free for what follows.
    ftruncateSync(stage, needed);
    const slice = new Uint8Array(SLICE);
    let slices = 0;
    for (const each of steps) {
      if ('resize' in each) {
        // An upload that has not so many bytes yet gets no others.
        if (after.upload === null || fstatSync(target).size > each.resize) ftruncateSync(target, each.resize);
        continue;
      }
      if (each.from === null) continue;
      for (let done = 0; done < each.length; done += SLICE) {
        const end = Math.min(each.length, done + SLICE);
        const bytes = readAll(stage, each.from + done, each.from + end, slice);
        if (bytes === null) throw new Error(`The bytes that were to be written to ${after.name} are gone`);
        writeAll(disk, target, bytes, 0, end - done, each.at + done);
        // Others get their turn while gigabytes are copied.
        if (++slices % SLICES_A_TURN === 0) {
          await new Promise<void>((resolve) => void setImmediate(resolve));
        }
      }
    }
  } finally {
    closeSync(stage);
    closeSync(target);
  }
}

/** Behind the last byte of a stage that is needed. */
function endOfStage(steps: readonly Step[]): number {
  let end = 0;
  for (const each of steps) {
    if ('resize' in each || each.from === null) continue;
    end = Math.max(end, each.from + each.length);
  }
  return end;
}
