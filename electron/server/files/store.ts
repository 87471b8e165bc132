// The file resources of one server: which of them are in use, what changes at one stroke, what there is. Decides nothing
// about requests.

import type { ServerState } from '../../../shared/contract.ts';
import type { Clock } from '../../wire/types.ts';
import type { ContentStores } from '../uploads/content-store.ts';
import { ServerError } from '../errors.ts';
import { Budget } from './budget.ts';
import type { Step } from './commit.ts';
import { Commits, type Outcome } from './commits.ts';
import type { FileContent } from './content.ts';
import { type Disk, realDisk } from './disk.ts';
import { Folder } from './folder.ts';
import { fileName } from './names.ts';
import { FileResource, type ResourceContext } from './resource.ts';
import { Shown } from './shown.ts';
import { Stage } from './stage.ts';

/** Entries of the folder that a list looks at. */
const LISTED = 10_000;
/** Those that are looked at before others get their turn. */
const LOOKED_AT_A_TURN = 100;

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

export class FileStore {
  readonly #context: ResourceContext;
  readonly #commits: Commits;
  readonly #shown = new Shown();
  #leftOver: readonly string[] = [];
  /** Those in use, by name. */
  readonly #resources = new Map<string, FileResource>();

  /** @throws ServerError `bad-option` if the root cannot be used */
  static async open(options: FileStoreOptions): Promise<FileStore> {
    const store = new FileStore(options);
    try {
      store.#leftOver = await store.#commits.recover();
      for (const name of store.#commits.failures()) {
        store.#look(name, (resource) => store.#shown.show(resource));
      }
      await store.#each((resource) => store.#shown.show(resource));
    } catch (error) {
      await store.close();
      const why = error instanceof Error ? error.message : String(error);
      throw new ServerError(
        'bad-option',
        `What lies in ${options.root ?? 'the folder of uploads'} cannot be read: ${why}. ` +
          'Look at who may read it, or choose another folder.',
      );
    }
    return store;
  }

  private constructor(options: FileStoreOptions) {
    this.#context = {
      folder: new Folder(options.root),
      budget: new Budget(options.stores),
      disk: options.disk ?? realDisk,
      clock: options.clock,
      failure: (name) => this.#commits.failure(name),
      changed: (resource) => {
        this.#shown.show(resource);
        options.changed();
      },
    };
    this.#commits = new Commits({ ...this.#context, leave: (resource) => this.leave(resource) });
  }

  /** A resource to be used until it is left. @throws ServerError `store-failed`, `store-full` */
  enter(name: string): FileResource {
    let resource = this.#resources.get(name);
    if (resource === undefined) {
      resource = new FileResource(name, this.#context);
      this.#resources.set(name, resource);
    }
    resource.users++;
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
    return this.#commits.failure(name);
  }

  /** Sentences about what an earlier server had begun and this one could not carry out. */
  get leftOver(): readonly string[] {
    return this.#leftOver;
  }

  /** @see Commits.retry */
  retry(resource: FileResource): void {
    this.#commits.retry(resource);
  }

  stage(): Stage {
    return new Stage(this.#context);
  }

  /**
   * Calls back at once, or when no commit about the resource is under way any more. That is true until the call returns: of
   * several that wait, each that begins a commit has begun it by then, and the others go on waiting.
   */
  whenStill(resource: FileResource, call: () => void): void {
    if (resource.pending === null) call();
    // Whoever was waited for tells first what has become of it.
    else void resource.pending.then(() => setImmediate(() => this.whenStill(resource, call)));
  }

  /** What is done then, whatever has become of the commit. @throws what the work throws */
  inTurn<T>(resource: FileResource, work: () => T | Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.whenStill(resource, () => {
        try {
          resolve(work());
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  /** The same. @throws ServerError, too, if a commit could not be carried out so far: then nothing is done */
  still<T>(resource: FileResource, work: () => T | Promise<T>): Promise<T> {
    return this.inTurn(resource, () => {
      if (resource.failure !== null) throw resource.failure;
      return work();
    });
  }

  /** @see Commits.replace */
  replace(resource: FileResource, stage: Stage, outcome: Outcome): void {
    this.#commits.replace(resource, stage, outcome);
  }

  /** @see Commits.apply */
  apply(resource: FileResource, stage: Stage, steps: readonly Step[], outcome: Outcome): Promise<void> {
    return this.#commits.apply(resource, stage, steps, outcome);
  }

  /** @see Commits.move */
  move(from: FileResource, to: FileResource): void {
    this.#commits.move(from, to);
  }

  /** @see Commits.remove */
  remove(resource: FileResource): void {
    this.#commits.remove(resource);
  }

  /**
   * The bytes of a complete file, by the path of its resource; null if there is none. Whoever opens it closes it.
   * @throws ServerError `store-failed`
   */
  open(path: string): FileContent | null {
    const name = nameOf(path);
    if (name === null) return null;
    const resource = this.enter(name);
    const usable =
      resource.pending === null && resource.failure === null && resource.state.kind === 'complete';
    const content = usable ? resource.content(() => this.leave(resource)) : null;
    if (content === null) this.leave(resource);
    return content;
  }

  /**
   * SHA-256 (hex) of a complete file, by the path of its resource; null if there is none, or it was written over before it
   * was done.
   * @throws ServerError `store-failed`, `store-full`
   */
  async digest(path: string): Promise<string | null> {
    const name = nameOf(path);
    if (name === null) return null;
    const resource = this.enter(name);
    try {
      const content = await this.still(resource, () =>
        resource.state.kind === 'complete' ? resource.content() : null,
      );
      try {
        return content === null ? null : await content.digest();
      } finally {
        content?.close();
      }
    } finally {
      this.leave(resource);
    }
  }

  /**
   * What there is, in the order of the names; the first ten thousand entries of the folder are looked at. Others have their
   * turn in between. @throws ServerError `store-failed`
   */
  async list(): Promise<FileEntry[]> {
    const entries: FileEntry[] = [];
    await this.#each((resource) => {
      const { name, have, length, state } = resource;
      const complete = state.kind === 'complete';
      // Taken away since its name was read.
      if (!complete && state.kind !== 'incomplete') return;
      entries.push({ path: `/uploads/${name}`, length, complete, have });
    });
    return entries;
  }

  /** Those that were written to last, newest first. */
  resources(): ServerState['resources'] {
    return this.#shown.rows();
  }

  /** Resolves when what was committed has been carried out. */
  async close(): Promise<void> {
    await Promise.all(Array.from(this.#resources.values(), ({ pending }) => pending));
    for (const resource of this.#resources.values()) resource.close();
    this.#context.folder.close();
  }

  async #each(at: (resource: FileResource) => void): Promise<void> {
    let turn = 0;
    for (const name of Array.from(this.#context.folder.names(LISTED))) {
      if (fileName(name) !== name) continue;
      this.#look(name, at);
      if (++turn % LOOKED_AT_A_TURN === 0) await new Promise<void>((resolve) => void setImmediate(resolve));
    }
  }

  #look<T>(name: string, at: (resource: FileResource) => T): T {
    const resource = this.enter(name);
    try {
      return at(resource);
    } finally {
      this.leave(resource);
    }
  }
}

/** The name in the path of a file resource. */
function nameOf(path: string): string | null {
  const match = /^\/(?:uploads|put-only)\/(.*)$/s.exec(path);
  return match === null ? null : fileName(match[1] ?? '');
}
