// The folder that file resources lie in: ROOT/PATH holds their bytes, ROOT/.interim what is known of them and what is
// under way. Follows no symbolic link below the root; what it writes beside the bytes appears whole or not at all.

import { createHash, randomBytes } from 'node:crypto';
import {
  type BigIntStats,
  closeSync,
  constants,
  type Dirent,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeOf, diskError, ServerError } from '../errors.ts';
import { FRESH, fresh, makeFolder, readJson, writeDurably } from './fresh.ts';
import { lockFolder } from './lock.ts';
import { readSidecar, type Sidecar, unknownSidecar } from './sidecar.ts';

/** Where a root keeps what is the server's own: no file resource can be called so. */
export const OWN = '.interim';
/** Windows has no such flag, and no links that everybody may make. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;

/** What lies at a name. */
export type Found =
  | { readonly kind: 'file'; readonly stat: BigIntStats }
  | { readonly kind: 'none' }
  /** No file can be there: it is a folder, a link or a device, or part of the way to it is none. */
  | { readonly kind: 'blocked' };

export class Folder {
  /** Null: a temporary one, made when it is first needed. */
  #root: string | null;
  readonly #temporary: boolean;
  #unlock: () => void = () => {};
  #closed = false;

  /**
   * @param root made if it is not there; undefined: a temporary folder, which goes when this is closed
   * @throws ServerError `bad-option` if it cannot be written to, or another server uses it
   */
  constructor(root: string | undefined) {
    this.#root = root ?? null;
    this.#temporary = root === undefined;
    if (root === undefined) return;
    try {
      this.#prepare(root);
      this.#unlock = lockFolder(root, join(root, OWN, 'lock'));
    } catch (error) {
      if (error instanceof ServerError) throw error;
      throw new ServerError(
        'bad-option',
        `The folder ${root} cannot be used for uploads: ${error instanceof Error ? error.message : String(error)}. ` +
          'Choose another one, or look at who may write to it.',
      );
    }
  }

  /** What lies at a name. @throws ServerError `store-failed` if the disk does not tell */
  look(name: string): Found {
    if (this.#root === null) return { kind: 'none' };
    const segments = name.split('/');
    let path = this.#root;
    for (const [index, segment] of segments.entries()) {
      path = join(path, segment);
      let stat: BigIntStats | undefined;
      try {
        stat = lstatSync(path, { bigint: true, throwIfNoEntry: false });
      } catch (error) {
        throw diskError(error, `look for ${name}`);
      }
      if (stat === undefined) return { kind: 'none' };
      if (index === segments.length - 1) return stat.isFile() ? { kind: 'file', stat } : { kind: 'blocked' };
      if (!stat.isDirectory()) return { kind: 'blocked' };
    }
    return { kind: 'none' };
  }

  /** Where the bytes of a file lie. */
  dataPath(name: string): string {
    return join(this.#ready(), name);
  }

  /** Opens the bytes of a file that is there. @throws errors of the file system */
  openData(name: string, access: 'read' | 'write'): number {
    return openSync(
      this.dataPath(name),
      (access === 'read' ? constants.O_RDONLY : constants.O_RDWR) | NO_FOLLOW,
    );
  }

  /** Null: the file has none, and so is complete. */
  readSidecar(name: string): Sidecar | null {
    if (this.#root === null) return null;
    let text: string;
    try {
      text = readFileSync(this.#sidecarPath(name), 'utf8');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null;
      throw diskError(error, `read what it knows of ${name}`);
    }
    const sidecar = readSidecar(text);
    return sidecar?.name === name ? sidecar : unknownSidecar(name);
  }

  writeSidecar(sidecar: Sidecar): void {
    try {
      this.prepareSidecar(sidecar);
      this.putSidecar(sidecar.name);
    } catch (error) {
      this.dropPrepared(sidecar.name);
      throw error;
    }
  }

  /** Writes one down that is not to count yet: what can fail is then done. */
  prepareSidecar(sidecar: Sidecar): void {
    writeFileSync(fresh(this.#sidecarPath(sidecar.name)), JSON.stringify(sidecar), { mode: 0o600 });
  }

  /** The one that was prepared counts from now on. */
  putSidecar(name: string): void {
    const path = this.#sidecarPath(name);
    renameSync(fresh(path), path);
  }

  /** It never will. */
  dropPrepared(name: string): void {
    try {
      rmSync(fresh(this.#sidecarPath(name)), { force: true });
    } catch {
      // It does not count, and the next one takes its place.
    }
  }

  removeSidecar(name: string): void {
    if (this.#root !== null) rmSync(this.#sidecarPath(name), { force: true });
  }

  /** Makes the folders that a file lies in. Returns how to take those away again that were not there. */
  makeWay(name: string): () => void {
    const made: string[] = [];
    const takeBack = (): void => {
      for (const path of made.splice(0).toReversed()) {
        try {
          rmdirSync(path);
        } catch {
          // Not empty: it has become the way of another file.
          return;
        }
      }
    };
    const segments = name.split('/');
    try {
      for (let depth = 1; depth < segments.length; depth++) {
        const path = this.dataPath(segments.slice(0, depth).join('/'));
        if (makeFolder(path)) made.push(path);
      }
    } catch (error) {
      takeBack();
      throw error;
    }
    return takeBack;
  }

  /** Removes the folders that a file lay in, as far as nothing else is in them. */
  clearWay(name: string): void {
    const segments = name.split('/');
    for (let depth = segments.length - 1; depth > 0; depth--) {
      try {
        rmdirSync(this.dataPath(segments.slice(0, depth).join('/')));
      } catch {
        // Not empty: the way of another file.
        return;
      }
    }
  }

  /** Identifier of something new that is under way. */
  newId(): string {
    return randomBytes(12).toString('hex');
  }

  stagePath(id: string): string {
    return join(this.#ready(), OWN, 'stage', id);
  }

  /** On the disk itself, and not only on its way there, when this returns. */
  writeJournal(id: string, entry: unknown): void {
    writeDurably(join(this.#ready(), OWN, 'journal'), id, JSON.stringify(entry));
  }

  removeJournal(id: string): void {
    rmSync(join(this.#ready(), OWN, 'journal', id), { force: true });
  }

  /** What was committed and perhaps not carried out: identifier, and entry or null for one that cannot be read. */
  *journal(): IterableIterator<readonly [id: string, entry: unknown]> {
    if (this.#root === null) return;
    const folder = join(this.#root, OWN, 'journal');
    for (const id of readdirSync(folder)) {
      // One that was being written when the end came was not committed.
      if (id.endsWith(FRESH)) rmSync(join(folder, id), { recursive: true, force: true });
      else yield [id, readJson(join(folder, id))];
    }
  }

  /** Throws away what was under way: nobody comes back for it. @param kept identifiers of what is to stay */
  clear(kept: ReadonlySet<string>): void {
    if (this.#root === null) return;
    const throwAway = (folder: string, unwanted: (name: string) => boolean): void => {
      const path = join(this.#root ?? '', OWN, folder);
      for (const name of readdirSync(path)) {
        if (unwanted(name)) rmSync(join(path, name), { recursive: true, force: true });
      }
    };
    throwAway('stage', (id) => !kept.has(id));
    throwAway('state', (name) => name.endsWith(FRESH));
  }

  /** Names of files, folder by folder in the order of their names; `most` at most are looked for. */
  *names(most: number): IterableIterator<string> {
    if (this.#root === null) return;
    const waiting = [''];
    let left = most;
    for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
      const inner: string[] = [];
      for (const entry of entriesOf(join(this.#root, folder)).sort(byName)) {
        const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (entry.name === OWN || left-- <= 0) continue;
        if (entry.isDirectory()) inner.push(name);
        else if (entry.isFile()) yield name;
      }
      waiting.push(...inner.toReversed());
    }
  }

  /** Nothing can be written behind it. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#unlock();
    if (this.#temporary && this.#root !== null) rmSync(this.#root, { recursive: true, force: true });
    this.#root = null;
  }

  #sidecarPath(name: string): string {
    // A name may be longer than what a file may be called.
    return join(this.#ready(), OWN, 'state', `${createHash('sha256').update(name).digest('hex')}.json`);
  }

  #ready(): string {
    if (this.#closed) throw new ServerError('store-closed', 'The server of these files has ended.');
    if (this.#root === null) {
      this.#root = mkdtempSync(join(tmpdir(), 'interim-files-'));
      this.#prepare(this.#root);
    }
    return this.#root;
  }

  #prepare(root: string): void {
    for (const folder of ['state', 'stage', 'journal']) {
      mkdirSync(join(root, OWN, folder), { recursive: true, mode: 0o700 });
    }
    // That a folder is there does not mean that it can be written to.
    const probe = join(root, OWN, 'stage', this.newId());
    closeSync(openSync(probe, 'wx', 0o600));
    rmSync(probe);
  }
}

/** None of a folder that nobody here may look into. */
function entriesOf(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch {
    return [];
  }
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1;
}
