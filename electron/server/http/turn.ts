// How much one connection may write in one turn of the event loop. Knows nothing of what is written.

/** Bytes and writes of a connection before the others have their turn: of a thousand connections, 64 MiB in all. */
const BYTES = 64 * 1024;
const WRITES = 64;

export class Turn {
  #bytes = 0;
  #writes = 0;

  /** Resolves when more may be written: at once, or in the next turn when this one's share was spent. */
  spend(bytes: number): Promise<void> | undefined {
    this.#bytes += bytes;
    this.#writes++;
    if (this.#bytes < BYTES && this.#writes < WRITES) return undefined;
    this.#bytes = 0;
    this.#writes = 0;
    return new Promise((resolve) => void setImmediate(resolve));
  }
}
