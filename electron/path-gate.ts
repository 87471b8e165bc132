// Which files an interface may name. A page that was taken over must not read or write where it likes, so a path is
// good only when the user chose it: in a dialog, by dropping or uploading a file, or from the recent ones.

import { resolve } from 'node:path';
import { BoundaryError, type CheckedCommand } from './boundary.ts';
import type { CommandArgs, Hello, Push, Recent } from '../shared/contract.ts';

/** Paths beyond this many are forgotten, the oldest first. */
const REMEMBERED = 1000;

export class PathGate {
  readonly #allowed = new Set<string>();

  /** The user chose this file. */
  allow(path: string): void {
    const full = resolve(path);
    this.#allowed.delete(full);
    this.#allowed.add(full);
    if (this.#allowed.size <= REMEMBERED) return;
    for (const oldest of this.#allowed) {
      this.#allowed.delete(oldest);
      break;
    }
  }

  /** Takes in what the engine tells an interface of recent files. */
  learn(told: Push | { readonly push: 'hello'; readonly hello: Hello }): void {
    if (told.push === 'recents') this.#allowAll(told.recents);
    else if (told.push === 'hello') this.#allowAll(told.hello.recents);
  }

  #allowAll(recents: readonly Recent[]): void {
    // The newest come first and must be forgotten last.
    for (const recent of recents.toReversed()) this.allow(recent.path);
  }

  /** Throws a {@link BoundaryError} when a checked command names a file that nobody chose. */
  check({ name, args }: CheckedCommand): void {
    if (name === 'openSession' || name === 'compare') {
      const { path } = args as CommandArgs<'openSession'>;
      if (path !== null && !this.#allowed.has(resolve(path)))
        throw new BoundaryError(
          'path',
          'That file was not chosen here: open it, drop it, or take it from the recent sessions.',
        );
    } else if (name === 'send') {
      const { content } = args as CommandArgs<'send'>;
      if (content instanceof Object && 'file' in content && !this.#allowed.has(resolve(content.file)))
        throw new BoundaryError('path', 'That file was not chosen here: choose or drop it, then send it.');
    } else if (name === 'saveSession' || name === 'exportSession') {
      const { path } = args as CommandArgs<'saveSession'>;
      if (path !== null)
        throw new BoundaryError(
          'path',
          'Where a session is written is chosen in the save dialog or by downloading it.',
        );
    }
  }
}
