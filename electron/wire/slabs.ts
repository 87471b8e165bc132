// Memory that sockets read into. What a recorder keeps stays where it was read; the rest is read over.
// Never hands out a region twice while a kept byte lies in it.

/** What short connections share. */
const SHARED = 1024 * 1024;
/** What a connection that has filled its share of that gets to itself. */
const OWN = 4 * 1024 * 1024;
/** Smallest region worth a read. */
const REGION = 64 * 1024;
/** A region may run out down to this before the next is claimed; else short reads would waste most of it. */
const REST = 16 * 1024;

let shared = new Uint8Array(0);
let taken = 0;

/** The regions of one connection. */
export class Slabs {
  #chunk = new Uint8Array(0);
  #used = 0;
  #chunks = 0;
  #region: Uint8Array | null = null;

  /** Where to read next; the same memory again until {@link keep}. */
  region(): Uint8Array {
    if (this.#region === null) {
      if (this.#chunk.length - this.#used < REST) this.#claim();
      this.#region = this.#chunk.subarray(this.#used);
    }
    return this.#region;
  }

  /** The first `bytes` of the region stay. */
  keep(bytes: number): void {
    this.#used += bytes;
    this.#region = null;
  }

  /** Nothing more will be read: gives the rest back where nobody has claimed after it. */
  release(): void {
    if (this.#chunk.buffer === shared.buffer && this.#chunk.byteOffset + this.#chunk.length === taken) {
      taken = this.#chunk.byteOffset + this.#used;
    }
    this.#chunk = this.#chunk.subarray(0, this.#used);
  }

  #claim(): void {
    this.#used = 0;
    this.#chunks += 1;
    if (this.#chunks > 1) {
      this.#chunk = unfilled(OWN);
      return;
    }
    if (shared.length - taken < REGION) {
      shared = unfilled(SHARED);
      taken = 0;
    }
    this.#chunk = shared.subarray(taken, taken + REGION);
    taken += REGION;
  }
}

/** Memory that is not zeroed; no Buffer, whose slice() would be no copy for those who keep what they were handed. */
function unfilled(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
}
