// Files that appear whole or not at all, whenever the end may come: written under another name, which is then taken off.

import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../errors.ts';

/** What the name of one ends with that is not whole yet. */
export const FRESH = '.new';

/** It is on the disk itself, and not only on its way there, when this returns. @throws errors of the file system */
export function writeDurably(folder: string, name: string, content: string): void {
  const path = join(folder, name);
  const descriptor = openSync(fresh(path), 'w', 0o600);
  try {
    writeFileSync(descriptor, content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(fresh(path), path);
  syncFolder(folder);
}

/** Where a file is written that takes its place whole, or not at all, whenever the end may come. */
export function fresh(path: string): string {
  return `${path}${FRESH}`;
}

/** Null: there is no such file, or it is none. */
export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

/** False: it is there. */
export function makeFolder(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** That a file has its name is on the disk, too. Windows has no such call, and does it by itself. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
