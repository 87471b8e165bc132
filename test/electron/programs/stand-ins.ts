// Programs for tests that look for some, or start them: small scripts in a folder, each with the name of a real one.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface StandIns {
  readonly folder: string;
  /** Writes a program of that name; returns its path. @param source of a Node script */
  program(name: string, source: string, mode?: number): string;
  remove(): void;
}

export function standIns(): StandIns {
  const folder = mkdtempSync(join(tmpdir(), 'interim-stand-ins-'));
  // What a script without an extension is must not hang on what lies in the folders above.
  writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }');
  return {
    folder,
    program(name, source, mode = 0o755) {
      const path = join(folder, name);
      writeFileSync(path, `#!${process.execPath}\n${source}\n`);
      chmodSync(path, mode);
      return path;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Whether a process of that number is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Tells, whenever it is called, whether something is still to come. */
export function pending(something: Promise<unknown>): () => boolean {
  let waits = true;
  const over = (): void => {
    waits = false;
  };
  something.then(over, over);
  return () => waits;
}
