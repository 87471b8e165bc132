// Commits of one store: each is written down, carried out, and forgotten. One that fails before it has changed anything is
// taken back; one that fails behind that holds its file up until it is carried out after all, or another takes its place.

import { closeSync, rmSync } from 'node:fs';
import { diskError, ServerError } from '../errors.ts';
import type { Budget } from './budget.ts';
import {
  carryOut,
  type Commit,
  discard,
  finishRename,
  readCommit,
  rename,
  type Renaming,
  type Step,
} from './commit.ts';
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

/** A commit that has begun, and could not be carried out so far. */
interface Failed {
  readonly id: string;
  /** Null: it cannot be read, and so not be tried again. */
  readonly entry: Commit | null;
  /** Those that it took the place of, which must not be carried out either. */
  readonly instead: readonly string[];
  readonly why: ServerError;
}

/** What a file becomes. */
export interface Outcome {
  readonly state: FileState;
  readonly contentType: string;
}

export class Commits {
  readonly #context: CommitsContext;
  /** When a file was last known here that has lost its name since: before this server began, anything may have been. */
  #gone = Date.now();
  /** By the name of the file. */
  readonly #failed = new Map<string, Failed>();

  constructor(context: CommitsContext) {
    this.#context = context;
  }

  /**
   * Carries out what an earlier server has left, and throws away what it had not committed. What cannot be carried out
   * holds up its own file only. @returns a sentence for each such. @throws errors of the file system
   */
  async recover(): Promise<string[]> {
    const { folder, disk } = this.#context;
    const sentences: string[] = [];
    const kept = new Set<string>();
    const entries = Array.from(folder.journal(), ([id, entry]) => ({ id, ...readCommit(entry) }));
    const replaced = new Set(entries.flatMap(({ commit }) => insteadOf(commit)));
    for (const { id, commit, name } of entries) {
      if (replaced.has(id)) {
        folder.removeJournal(id);
        continue;
      }
      try {
        if (commit === null) throw new ServerError('store-failed', unreadable(id));
        await carryOut(folder, disk, id, commit);
      } catch (error) {
        kept.add(id);
        const why = this.#fail(id, commit, error, name);
        sentences.push(why.message);
      }
    }
    folder.clear(kept);
    return sentences;
  }

  /** Why a commit about a file could not be carried out so far; null: none has failed. */
  failure(name: string): ServerError | null {
    return this.#failed.get(name)?.why ?? null;
  }

  /** Files that are held up. */
  failures(): string[] {
    return Array.from(this.#failed.keys());
  }

  /** Tries again what has failed, if anything has. */
  retry(resource: FileResource): void {
    const failed = this.#failed.get(resource.name);
    if (failed === undefined || failed.entry === null || resource.pending !== null) return;
    this.#carryOut(resource, failed.id, failed.entry).then(
      () => resource.reload(),
      // It stays noted as failed.
      () => {},
    );
  }

  /**
   * A stage becomes the file, and takes the place of what has failed; it is not its maker's any more.
   * @throws ServerError if it cannot: then nothing has changed, or {@link failure} tells
   */
  replace(resource: FileResource, stage: Stage, { state, contentType }: Outcome): void {
    const { name } = resource;
    const failed = this.#failed.get(name);
    const entry: Renaming = {
      kind: 'replace',
      after: sidecarOf(name, state, { contentType, tag: newTag(), before: this.#changedBefore(resource) }),
      instead: failed === undefined ? [] : [failed.id, ...failed.instead],
    };
    stage.close();
    this.#rename(stage.id, entry, () => stage.drop());
    if (failed !== undefined) this.#forget(failed);
    resource.reload();
    this.#context.budget.move(stage.id, name);
  }

  /** A file gets the name of another, which it replaces, with all that is known of it. @throws as {@link replace} */
  move(from: FileResource, to: FileResource): void {
    const { folder, budget, leave } = this.#context;
    const { state, contentType } = from;
    const id = folder.newId();
    const before = from.before === undefined ? undefined : Math.max(from.before, this.#changedBefore(to));
    const entry: Renaming = {
      kind: 'move',
      after: sidecarOf(to.name, state, { contentType, tag: newTag(), before }),
      from: from.name,
    };
    this.#rename(id, entry, () => {});
    this.#gone = Math.max(this.#gone, from.modified);
    to.reload();
    from.handReaders(to, () => leave(to));
    from.become({ kind: 'absent' }, contentType);
    budget.move(from.name, to.name);
  }

  /** A file goes, and with it what has failed. @throws ServerError */
  remove(resource: FileResource): void {
    const { folder, budget } = this.#context;
    const { name } = resource;
    const failed = this.#failed.get(name);
    try {
      // Half of a change must not be taken for all of it: its entry goes when the file is gone.
      if (failed !== undefined && failed.entry?.kind !== 'apply') this.#discard(failed);
      rmSync(folder.dataPath(name), { force: failed !== undefined });
      folder.removeSidecar(name);
      folder.clearWay(name);
      if (failed !== undefined) this.#discard(failed);
    } catch (error) {
      throw diskError(error, `delete ${name}`);
    }
    if (failed !== undefined) this.#forget(failed);
    budget.set(name, 0);
    this.#gone = Math.max(this.#gone, resource.modified);
    resource.become({ kind: 'absent' }, resource.contentType);
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
    const about = { contentType, tag: newTag(), before: this.#changedBefore(resource) };
    const after = sidecarOf(resource.name, state, about);
    const entry: Commit = { kind: 'apply', after, steps: [...steps] };
    const { folder, budget } = this.#context;
    try {
      stage.close();
      // Whether it can be written to shows before anything is promised.
      closeSync(folder.openData(resource.name, 'write'));
      budget.set(resource.name, bytesOf(state) + resource.placed);
      folder.writeJournal(stage.id, entry);
    } catch (error) {
      stage.drop();
      throw diskError(error, `write down what is to become of ${resource.name}`);
    }
    resource.overwritten(state, contentType);
    await this.#carryOut(resource, stage.id, entry);
    resource.written(after);
  }

  /** @param undone called when nothing has changed */
  #rename(id: string, entry: Renaming, undone: () => void): void {
    const { folder } = this.#context;
    const { name } = entry.after;
    try {
      rename(folder, id, entry);
    } catch (error) {
      try {
        folder.removeJournal(id);
      } catch {
        // Whoever starts on it would carry it out: nobody may rely on what is there.
        throw this.#fail(id, entry, error);
      }
      undone();
      throw diskError(error, `write ${name}`);
    }
    try {
      finishRename(folder, id, entry);
    } catch (error) {
      throw this.#fail(id, entry, error);
    }
  }

  #carryOut(resource: FileResource, id: string, entry: Commit): Promise<void> {
    const { folder, budget, disk, leave } = this.#context;
    resource.users++;
    const done = carryOut(folder, disk, id, entry).then(
      () => {
        const failed = this.#failed.get(entry.after.name);
        if (failed?.id === id) this.#forget(failed);
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

  #changedBefore({ state, modified }: FileResource): number {
    const there = state.kind === 'complete' || state.kind === 'incomplete';
    return there ? Math.max(this.#gone, modified) : this.#gone;
  }

  #discard({ id, instead }: Failed): void {
    for (const each of [...instead, id]) discard(this.#context.folder, each);
  }

  /** It holds nothing up any more. */
  #forget({ id, instead }: Failed): void {
    for (const each of [...instead, id]) {
      for (const [name, failed] of this.#failed) if (failed.id === each) this.#failed.delete(name);
      this.#context.budget.set(each, 0);
    }
  }

  /** @param name of the file; null: nobody can tell */
  #fail(
    id: string,
    entry: Commit | null,
    error: unknown,
    name: string | null = entry?.after.name ?? null,
  ): ServerError {
    const cause = diskError(error, `write ${name}`);
    if (name === null) return cause;
    // Another file at the old name of one that is moved would be taken for this one.
    const names = entry?.kind === 'move' ? [name, entry.from] : [name];
    const instead = insteadOf(entry);
    const others = names
      .map((each) => this.#failed.get(each))
      .flatMap((other) => (other === undefined ? [] : [other.id, ...other.instead]))
      .filter((other) => other !== id && !instead.includes(other));
    // Which of several was to come first nobody can tell: none is tried again, and what ends one ends all.
    const tried = others.length === 0 ? entry : null;
    const again = tried === null ? '' : 'A PATCH of it tries that again; ';
    const why = new ServerError(
      cause.code === 'store-full' ? 'store-full' : 'store-failed',
      `A change of ${name} was accepted, and is not carried out yet: ${cause.message} ${again}a PUT or a DELETE ends it.`,
    );
    const failed = { id, entry: tried, instead: [...new Set([...instead, ...others])], why };
    for (const each of names) this.#failed.set(each, failed);
    return why;
  }
}

function insteadOf(entry: Commit | null): readonly string[] {
  return entry?.kind === 'replace' ? entry.instead : [];
}

function unreadable(id: string): string {
  return `The entry ${id} of the journal cannot be read: it is damaged, or of another version.`;
}
