// Which files the state of the server names: those that changed last. Bounded.

import type { ServerState } from '../../../shared/contract.ts';
import type { FileResource } from './resource.ts';
import { bytesOf } from './state.ts';
import { forgetOldest } from '../oldest.ts';

type Row = ServerState['resources'][number];

/** Files that are named. */
const SHOWN = 20;

export class Shown {
  /** By path, newest last. */
  readonly #rows = new Map<string, Row>();

  /** Newest first. */
  rows(): Row[] {
    return Array.from(this.#rows.values()).toReversed();
  }

  show({ name, state, length, writers, failure }: FileResource): void {
    const path = `/uploads/${name}`;
    this.#rows.delete(path);
    if (failure === null && state.kind !== 'complete' && state.kind !== 'incomplete') return;
    const label =
      failure !== null
        ? 'failed'
        : state.kind === 'incomplete' && writers.size > 0
          ? 'receiving'
          : state.kind;
    // How far it is, gaps or not: what a client may rely on is told by HEAD.
    this.#rows.set(path, { path, kind: 'file', label, have: bytesOf(state), length });
    forgetOldest(this.#rows, SHOWN);
  }
}
