// How many bytes a server has written to disk, by file, within what all its uploads may have together. Knows numbers
// only.

import type { ContentStores } from '../uploads/content-store.ts';

export class Budget {
  readonly #stores: Pick<ContentStores, 'claim'>;
  readonly #bytes = new Map<string, number>();

  constructor(stores: Pick<ContentStores, 'claim'>) {
    this.#stores = stores;
  }

  /** @throws ServerError `store-full`: then nothing has changed */
  set(key: string, bytes: number): void {
    this.#stores.claim(bytes - (this.#bytes.get(key) ?? 0));
    if (bytes === 0) this.#bytes.delete(key);
    else this.#bytes.set(key, bytes);
  }

  /** What was counted for one key counts for the other, instead of what did. */
  move(from: string, to: string): void {
    const bytes = this.#bytes.get(from) ?? 0;
    this.set(from, 0);
    this.set(to, bytes);
  }
}
