// The file resources of one server: which of them are in use, what changes at one stroke, what there is. Decides nothing
// about requests.

import { rmSync } from 'node:fs';
import { createHash } from 'node:crypto';
import type { ServerState } from '../../../shared/contract.ts';
import type { Clock } from '../../wire/types.ts';
import type { ContentStores } from '../content-store.ts';
import { diskError, ServerError } from '../errors.ts';
import { Budget } from './budget.ts';
import { carryOut, carryOutAll, type Commit, rename, type Renaming, type Step } from './commit.ts';
import type { FileContent } from './content.ts';
import { type Disk, realDisk } from './disk.ts';
import { Folder } from './folder.ts';
import { fileName } from './names.ts';
import { FileResource, type FileState, newTag, type ResourceContext, sidecarOf } from './resource.ts';
import { Stage } from './stage.ts';

/** Entries of the folder that a list looks at. */
const LISTED = 10_000;
/** Resources that the state names. */
const SHOWN = 20;
const MEBIBYTE = 1024 * 1024;

interface FileStoreOptions {
  /** Folder of the files; undefined: a temporary one. */
  readonly root: string | undefined;
  readonly stores: Pick<ContentStores, 'claim'>;
  readonly clock: Clock;
  /** Default: the real one. */
  readonly disk?: Disk | undefined;
  readonly changed: () => void;
}

export interface FileEntry {
  readonly path: string;
  /** Bytes in all; null while unknown. */
  readonly length: number | null;
  readonly complete: boolean;
  /** Bytes that can be read: those before the first gap. */
  readonly have: number;
}

type Shown = ServerState['resources'][number];

export class FileStore {
  readonly #folder: Folder;
  readonly #budget: Budget;
  readonly #disk: Disk;
  readonly #changed: () => void;
  readonly #context: ResourceContext;
  /** Those in use, by name. */
  readonly #resources = new Map<string, FileResource>();
  /** Commits that failed on the way, by the name they are about; each use of it tries again. */
  readonly #failed = new Map<string, { readonly id: string; readonly entry: Commit; why: ServerError }>();
  /** Newest last. */
  readonly #shown = new Map<string, Shown>();

  /** @throws ServerError `bad-option` if the root cannot be used */
  static async open(options: FileStoreOptions): Promise<FileStore> {
    const store = new FileStore(options);
    try {
      await carryOutAll(store.#folder, store.#disk);
      for (const { path, have, length, complete } of store.list().slice(-SHOWN)) {
        store.#shown.set(path, {
          path,
          kind: 'file',
          label: complete ? 'complete' : 'incomplete',
          have,
          length,
        });
      }
    } catch (error) {
      store.close();
      const why = error instanceof Error ? error.message : String(error);
      throw new ServerError(
        'bad-option',
        `What was under way in ${options.root ?? 'the folder of uploads'} cannot be carried out: ${why}. ` +
          'Free some disk space, or choose another folder.',
      );
    }
    return store;
  }

  private constructor(options: FileStoreOptions) {
    this.#folder = new Folder(options.root);
    this.#budget = new Budget(options.stores);
    this.#disk = options.disk ?? realDisk;
    this.#changed = options.changed;
    this.#context = {
      folder: this.#folder,
      budget: this.#budget,
      disk: this.#disk,
      clock: options.clock,
      changed: (resource) => this.#show(resource),
    };
  }

  /** A resource to be used until it is left. @throws ServerError `store-failed`, `store-full` */
  enter(name: string): FileResource {
    let resource = this.#resources.get(name);
    if (resource === undefined) {
      resource = new FileResource(name, this.#context);
      this.#resources.set(name, resource);
    }
    const failed = this.#failed.get(name);
    resource.users++;
    if (failed !== undefined && resource.pending === null) this.#retry(resource, failed.id, failed.entry);
    return resource;
  }

  /** Whoever has entered it keeps it for something else, too, which leaves it in its turn. */
  hold(resource: FileResource): void {
    resource.users++;
  }

  leave(resource: FileResource): void {
    if (--resource.users > 0) return;
    resource.close();
    if (this.#resources.get(resource.name) === resource) this.#resources.delete(resource.name);
  }

  /** Why a commit about it could not be carried out so far; null: none has failed. */
  failure(name: string): ServerError | null {
    return this.#failed.get(name)?.why ?? null;
  }

  stage(): Stage {
    return new Stage(this.#context);
  }

  /** Calls back at once, or when no commit about the resource is under way any more. */
  whenStill(resource: FileResource, call: () => void): void {
    if (resource.pending === null) call();
    else void resource.pending.then(() => this.whenStill(resource, call));
  }

  /** The same as a promise. */
  still(resource: FileResource): Promise<void> {
    return new Promise((resolve) => this.whenStill(resource, resolve));
  }

  /**
   * A stage becomes the file; it is not its maker's any more.
   * @throws ServerError if it cannot: then nothing has changed, or, told by {@link failure}, it will happen later
   */
  replace(resource: FileResource, stage: Stage, state: FileState, contentType: string): void {
    const after = sidecarOf(resource.name, state, contentType, newTag());
    const entry: Commit = { kind: 'replace', after };
    this.#begin(stage, () => this.#write(stage.id, entry));
    this.#rename(resource, stage.id, entry);
    this.#budget.move(stage.id, resource.name);
  }

  /** A file gets the name of another, which it replaces, with all that is known of it. @throws as {@link replace} */
  move(from: FileResource, to: FileResource): void {
    const { state, contentType } = from;
    const after = sidecarOf(to.name, state, contentType, newTag());
    const id = this.#folder.newId();
    const entry: Commit = { kind: 'move', after, from: from.name };
    this.#write(id, entry);
    this.#rename(to, id, entry);
    from.become({ kind: 'absent' }, contentType);
    this.#budget.move(from.name, to.name);
  }

  /**
   * Bytes of a stage are written into the file, and it is cut or extended, in this order. Resolves when that is done.
   * @throws ServerError as {@link replace}
   */
  async apply(
    resource: FileResource,
    stage: Stage,
    steps: readonly Step[],
    state: FileState,
    contentType: string,
  ): Promise<void> {
    const tag = newTag();
    const entry: Commit = {
      kind: 'apply',
      after: sidecarOf(resource.name, state, contentType, tag),
      steps: [...steps],
    };
    this.#begin(stage, () => {
      this.#budget.set(resource.name, bytesOf(state));
      this.#write(stage.id, entry);
    });
    resource.overwritten(state, contentType);
    await this.#carryOut(resource, stage.id, entry);
    resource.written(tag);
  }

  /** @throws ServerError */
  remove(resource: FileResource): void {
    try {
      rmSync(this.#folder.dataPath(resource.name));
      this.#folder.removeSidecar(resource.name);
      this.#folder.clearWay(resource.name);
    } catch (error) {
      throw diskError(error, `delete ${resource.name}`);
    }
    this.#budget.set(resource.name, 0);
    resource.become({ kind: 'absent' }, resource.contentType);
  }

  /**
   * The bytes of a complete file, by the path of its resource; null if there is none. Whoever opens it closes it.
   * @throws ServerError `store-failed`
   */
  open(path: string): FileContent | null {
    const name = nameOf(path);
    if (name === null) return null;
    const resource = this.enter(name);
    const usable = resource.pending === null && resource.state.kind === 'complete';
    const content = usable ? resource.content(() => this.leave(resource)) : null;
    if (content === null) this.leave(resource);
    return content;
  }

  /** SHA-256 (hex) of a complete file, by the path of its resource; null if there is none. */
  async digest(path: string): Promise<string | null> {
    const name = nameOf(path);
    if (name === null) return null;
    const resource = this.enter(name);
    try {
      await resource.pending;
      const content = resource.state.kind === 'complete' ? resource.content() : null;
      if (content === null) return null;
      try {
        return await digestOf(content);
      } finally {
        content.close();
      }
    } finally {
      this.leave(resource);
    }
  }

  /** What there is, in the order of the names; the first ten thousand entries of the folder are looked at. */
  list(): FileEntry[] {
    return Array.from(this.#folder.names(LISTED))
      .filter((name) => fileName(name) === name)
      .map((name) => {
        const resource = this.enter(name);
        const { have, length, state } = resource;
        this.leave(resource);
        return { path: `/uploads/${name}`, length, complete: state.kind === 'complete', have };
      });
  }

  /** Those that were written to last, newest first. */
  resources(): Shown[] {
    return Array.from(this.#shown.values()).toReversed();
  }

  close(): void {
    for (const resource of this.#resources.values()) resource.close();
    this.#folder.close();
  }

  /** Behind this a commit will happen; before it, its stage is of no use. */
  #begin(stage: Stage, write: () => void): void {
    try {
      stage.close();
      write();
    } catch (error) {
      stage.drop();
      throw error;
    }
  }

  #write(id: string, entry: Commit): void {
    try {
      this.#folder.writeJournal(id, entry);
    } catch (error) {
      throw diskError(error, `write down what is to become of ${entry.after.name}`);
    }
  }

  #rename(resource: FileResource, id: string, entry: Renaming): void {
    try {
      rename(this.#folder, id, entry);
    } catch (error) {
      throw this.#fail(id, entry, error);
    }
    resource.reload();
  }

  #carryOut(resource: FileResource, id: string, entry: Commit): Promise<void> {
    resource.users++;
    const done = carryOut(this.#folder, this.#disk, id, entry).then(
      () => {
        this.#failed.delete(entry.after.name);
        this.#budget.set(id, 0);
      },
      (error: unknown) => {
        throw this.#fail(id, entry, error);
      },
    );
    const over = (): void => {
      if (resource.pending === pending) resource.pending = null;
      this.leave(resource);
    };
    const pending = done.then(over, over);
    resource.pending = pending;
    return done;
  }

  #retry(resource: FileResource, id: string, entry: Commit): void {
    this.#carryOut(resource, id, entry).then(
      () => resource.reload(),
      // It stays noted as failed.
      () => {},
    );
  }

  #fail(id: string, entry: Commit, error: unknown): ServerError {
    const { name } = entry.after;
    const cause = diskError(error, `write to ${name}`);
    const why = new ServerError(
      cause.code,
      `A change of ${name} was accepted, and is not carried out yet: ${cause.message}`,
    );
    this.#failed.set(name, { id, entry, why });
    return why;
  }

  #show(resource: FileResource): void {
    const path = `/uploads/${resource.name}`;
    const { state, writers } = resource;
    this.#shown.delete(path);
    if (state.kind === 'complete' || state.kind === 'incomplete') {
      const complete = state.kind === 'complete';
      this.#shown.set(path, {
        path,
        kind: 'file',
        label: complete ? 'complete' : writers.size > 0 ? 'receiving' : 'incomplete',
        // How far it is, gaps or not: what a client may rely on is told by HEAD.
        have: complete ? state.size : state.received.total,
        length: resource.length,
      });
      for (const oldest of this.#shown.keys()) {
        if (this.#shown.size <= SHOWN) break;
        this.#shown.delete(oldest);
      }
    }
    this.#changed();
  }
}

/** The name in the path of a file resource. */
function nameOf(path: string): string | null {
  const match = /^\/(?:uploads|put-only)\/(.*)$/s.exec(path);
  return match === null ? null : fileName(match[1] ?? '');
}

function bytesOf(state: FileState): number {
  return state.kind === 'complete' ? state.size : state.kind === 'incomplete' ? state.received.total : 0;
}

/** Null if it was written over before it was done. */
async function digestOf(content: FileContent): Promise<string | null> {
  const hash = createHash('sha256');
  for (let at = 0; at < content.length; at += MEBIBYTE) {
    const piece = content.read(at, Math.min(content.length, at + MEBIBYTE));
    if (piece === null) return null;
    hash.update(piece);
    // A gigabyte takes seconds: others get their turn in between.
    await new Promise<void>((resolve) => void setImmediate(resolve));
  }
  return hash.digest('hex');
}
