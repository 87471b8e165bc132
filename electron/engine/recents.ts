// Which sessions were there lately: the engine's own recordings, and files that were opened or saved elsewhere.

import { mkdir, readdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Recent } from '../../shared/contract.ts';
import { sessionName } from './names.ts';

/** Recordings that nobody saved are kept up to this many; the oldest go first. */
const RECORDINGS = 50;
const SHOWN = 20;

const stored = z.array(z.string());

export class Recents {
  readonly #file: string;
  readonly #folder: string;
  #opened: string[] = [];
  #found: Recent[] = [];

  constructor(dataDirectory: string, recordings: string) {
    this.#file = join(dataDirectory, 'recent.json');
    this.#folder = recordings;
  }

  /** Newest first. */
  list(): Recent[] {
    return this.#found.slice(0, SHOWN);
  }

  /** A list that cannot be read is begun anew: it holds nothing that is not on disk elsewhere. */
  async load(): Promise<void> {
    try {
      this.#opened = stored.parse(JSON.parse(await readFile(this.#file, 'utf8')));
    } catch {
      this.#opened = [];
    }
  }

  /** A file was opened or saved by the user. */
  async opened(path: string): Promise<void> {
    this.#opened = [path, ...this.#opened.filter((known) => known !== path)].slice(0, SHOWN);
    const temporary = `${this.#file}.new`;
    await mkdir(this.#folder, { recursive: true });
    await writeFile(temporary, JSON.stringify(this.#opened));
    await rename(temporary, this.#file);
  }

  /** Looks again, leaves out `current` (the session being recorded), and lets the oldest recordings go. */
  async scan(current: string | null): Promise<void> {
    const names = await readdir(this.#folder);
    const recordings = names
      .filter((name) => name.endsWith('.pcapng'))
      .map((name) => join(this.#folder, name))
      .filter((path) => path !== current)
      .sort()
      .toReversed();
    for (const path of recordings.splice(RECORDINGS)) await unlink(path);
    const found: Recent[] = [];
    for (const path of new Set([...this.#opened, ...recordings])) {
      if (path === current) continue;
      const about = await stat(path).catch(() => null);
      if (about === null || about.size === 0) continue;
      found.push({ path, name: sessionName(path), modifiedAt: about.mtimeMs, bytes: about.size });
    }
    this.#found = found.sort((x, y) => y.modifiedAt - x.modifiedAt);
  }
}
