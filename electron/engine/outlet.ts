// The way to the attached interfaces: what is pushed goes to all of them, and of what changes often only the newest. Knows
// nothing of what is said.

import type { Push } from '../../shared/contract.ts';
import type { EngineUi } from '../engine-types.ts';

/** Pushes of one kind go out at most this often, milliseconds. */
const PUSH_EVERY = 50;

export class Outlet {
  readonly #uis = new Set<EngineUi>();
  readonly #due = new Map<string, () => Push>();
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  /** @returns takes it off again */
  attach(ui: EngineUi): () => void {
    this.#uis.add(ui);
    return () => this.#uis.delete(ui);
  }

  batch(bytes: Uint8Array): void {
    for (const ui of this.#uis) ui.batch(bytes);
  }

  push(push: Push): void {
    for (const ui of this.#uis) ui.push(push);
  }

  /** The newest of each kind goes out soon; what it replaces does not. */
  later(kind: string, make: () => Push): void {
    if (this.#closed) return;
    this.#due.set(kind, make);
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      const due = [...this.#due.values()];
      this.#due.clear();
      for (const made of due) this.push(made());
    }, PUSH_EVERY);
  }

  /** What is due is not told any more. */
  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }
}
