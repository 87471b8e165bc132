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
import { type Disk, readAll, writeAll } from './disk.ts';
import type { Folder } from './folder.ts';
import { stampOf } from './state.ts';
import { sidecarToWrite } from './sidecar.ts';

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
  /** The stage becomes the file. */
  z.strictObject({ kind: z.literal('replace'), after: sidecarToWrite }),
  /** Bytes of the stage are written into the file, in this order. */
  z.strictObject({ kind: z.literal('apply'), after: sidecarToWrite, steps: z.array(step) }),
  /** A file gets another name. */
  z.strictObject({ kind: z.literal('move'), after: sidecarToWrite, from: z.string() }),
]);

export type Step = z.infer<typeof step>;
export type Commit = z.infer<typeof commit>;
export type Renaming = Exclude<Commit, { readonly kind: 'apply' }>;

/** Takes all steps, or those that are left. @throws errors of the file system: then it can be tried again */
export function rename(folder: Folder, id: string, entry: Renaming): void {
  const { name } = entry.after;
  const from = entry.kind === 'move' ? folder.dataPath(entry.from) : folder.stagePath(id);
  if (existsSync(from)) {
    folder.makeWay(name);
    renameSync(from, folder.dataPath(name));
  }
  if (entry.kind === 'move') {
    folder.removeSidecar(entry.from);
    folder.clearWay(entry.from);
  }
  finish(folder, id, entry);
}

/** The same, for any commit; lets others have their turn while it copies much. */
export async function carryOut(folder: Folder, disk: Disk, id: string, entry: Commit): Promise<void> {
  if (entry.kind !== 'apply') {
    rename(folder, id, entry);
    return;
  }
  await apply(folder, disk, id, entry);
  finish(folder, id, entry);
}

/** Carries out what an earlier server has left, and throws away what it had not committed. */
export async function carryOutAll(folder: Folder, disk: Disk): Promise<void> {
  for (const [id, entry] of folder.journal()) await carryOut(folder, disk, id, commit.parse(entry));
  folder.clearStage();
}

function finish(folder: Folder, id: string, { after }: Commit): void {
  const stat = lstatSync(folder.dataPath(after.name), { bigint: true });
  folder.writeSidecar({ ...after, stamp: stampOf(stat) });
  rmSync(folder.stagePath(id), { force: true });
  folder.removeJournal(id);
}

async function apply(
  folder: Folder,
  disk: Disk,
  id: string,
  { after, steps }: Commit & { readonly kind: 'apply' },
): Promise<void> {
  const target = folder.openData(after.name, 'write');
  const stage = openSync(folder.stagePath(id), 'r');
  try {
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
