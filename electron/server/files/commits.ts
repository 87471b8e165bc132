// Commits of one store: each is written down, carried out, and forgotten. One that fails on the way holds its file up until
// it has been carried out after all.

import { diskError, ServerError } from '../errors.ts';
import type { Budget } from './budget.ts';
import { carryOut, carryOutAll, type Commit, rename, type Renaming, type Step } from './commit.ts';
import type { Disk } from './disk.ts';
import type { Folder } from './folder.ts';
import type { FileResource } from './resource.ts';
import type { Stage } from './stage.ts';
import { bytesOf, type FileState, newTag, sidecarOf } from './state.ts';

interface CommitsContext {
  readonly folder: Folder;
  readonly budget: Budget;
  readonly disk: Disk;
  /** The commit does not need the resource any more. */
  readonly leave: (resource: FileResource) => void;
}

/** What a file becomes. */
export interface Outcome {
  readonly state: FileState;
  readonly contentType: string;
}

export class Commits {
  readonly #context: CommitsContext;
  /** By the name of the file; each use of it tries again. */
  readonly #failed = new Map<string, { readonly id: string; readonly entry: Commit; why: ServerError }>();

  constructor(context: CommitsContext) {
    this.#context = context;
  }

  /** Carries out what an earlier server has left. @throws errors of the file system */
  recover(): Promise<void> {
    return carryOutAll(this.#context.folder, this.#context.disk);
  }

  /** Why a commit about a file could not be carried out so far; null: none has failed. */
  failure(name: string): ServerError | null {
    return this.#failed.get(name)?.why ?? null;
  }

  /** Tries again what has failed, if anything has. */
  retry(resource: FileResource): void {
    const failed = this.#failed.get(resource.name);
    if (failed === undefined || resource.pending !== null) return;
    this.#carryOut(resource, failed.id, failed.entry).then(
      () => resource.reload(),
      // It stays noted as failed.
      () => {},
    );
  }

  /**
   * A stage becomes the file; it is not its maker's any more.
   * @throws ServerError if it cannot: then nothing has changed, or, told by {@link failure}, it will happen later
   */
  replace(resource: FileResource, stage: Stage, { state, contentType }: Outcome): void {
    const after = sidecarOf(resource.name, state, contentType, newTag());
    const entry: Renaming = { kind: 'replace', after };
    this.#begin(stage, () => this.#write(stage.id, entry));
    this.#rename(resource, stage.id, entry);
    this.#context.budget.move(stage.id, resource.name);
  }

  /** A file gets the name of another, which it replaces, with all that is known of it. @throws as {@link replace} */
  move(from: FileResource, to: FileResource): void {
    const { folder, budget } = this.#context;
    const { state, contentType } = from;
    const id = folder.newId();
    const entry: Renaming = {
      kind: 'move',
      after: sidecarOf(to.name, state, contentType, newTag()),
      from: from.name,
    };
    this.#write(id, entry);
    this.#rename(to, id, entry);
    from.become({ kind: 'absent' }, contentType);
    budget.move(from.name, to.name);
  }

  /**
   * Bytes of a stage are written into the file, and it is cut or extended, in this order. Resolves when that is done.
   * @throws ServerError as {@link replace}
   */
  async apply(
    resource: FileResource,
    stage: Stage,
    steps: readonly Step[],
    { state, contentType }: Outcome,
  ): Promise<void> {
    const tag = newTag();
    const after = sidecarOf(resource.name, state, contentType, tag);
    const entry: Commit = { kind: 'apply', after, steps: [...steps] };
    this.#begin(stage, () => {
      this.#context.budget.set(resource.name, bytesOf(state));
      this.#write(stage.id, entry);
    });
    resource.overwritten(state, contentType);
    await this.#carryOut(resource, stage.id, entry);
    resource.written(tag);
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
      this.#context.folder.writeJournal(id, entry);
    } catch (error) {
      throw diskError(error, `write down what is to become of ${entry.after.name}`);
    }
  }

  #rename(resource: FileResource, id: string, entry: Renaming): void {
    try {
      rename(this.#context.folder, id, entry);
    } catch (error) {
      throw this.#fail(id, entry, error);
    }
    resource.reload();
  }

  #carryOut(resource: FileResource, id: string, entry: Commit): Promise<void> {
    const { folder, budget, disk, leave } = this.#context;
    resource.users++;
    const done = carryOut(folder, disk, id, entry).then(
      () => {
        this.#failed.delete(entry.after.name);
        budget.set(id, 0);
      },
      (error: unknown) => {
        throw this.#fail(id, entry, error);
      },
    );
    const over = (): void => {
      if (resource.pending === pending) resource.pending = null;
      leave(resource);
    };
    const pending = done.then(over, over);
    resource.pending = pending;
    return done;
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
}
