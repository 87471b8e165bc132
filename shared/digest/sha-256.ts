// SHA-256 (FIPS 180-4) of bytes as they pass, here because neither Node's nor a browser's is at hand. Holds one block of 64
// bytes, whatever the length.

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const ROUNDS = Int32Array.from(fractions(64, Math.cbrt));
/** The same of the square roots of the first 8. */
const BEGINNING = fractions(8, Math.sqrt);

function fractions(count: number, root: (value: number) => number): Uint32Array {
  const found = new Uint32Array(count);
  for (let candidate = 2, n = 0; n < count; candidate++) {
    let prime = true;
    for (let by = 2; by * by <= candidate; by++) if (candidate % by === 0) prime = false;
    if (prime) found[n++] = Math.floor((root(candidate) % 1) * 2 ** 32);
  }
  return found;
}

export class Sha256 {
  readonly #hash = Int32Array.from(BEGINNING);
  readonly #words = new Int32Array(64);
  readonly #block = new Uint8Array(64);
  #length = 0;

  /** The next bytes[from … to). */
  update(bytes: Uint8Array, from: number, to: number): void {
    let i = from;
    while (i < to) {
      const at = this.#length % 64;
      const end = Math.min(to, i + 64 - at);
      this.#block.set(bytes.subarray(i, end), at);
      this.#length += end - i;
      i = end;
      if (this.#length % 64 === 0) this.#compress();
    }
  }

  /** The digest of everything so far; nothing can be added after it. */
  digest(): Uint8Array {
    const bits = this.#length * 8;
    const rest = this.#length % 64;
    this.#block.fill(0, rest);
    this.#block[rest] = 0x80;
    if (rest >= 56) {
      this.#compress();
      this.#block.fill(0);
    }
    const view = new DataView(this.#block.buffer);
    view.setUint32(56, Math.floor(bits / 2 ** 32));
    view.setUint32(60, bits % 2 ** 32);
    this.#compress();
    const digest = new DataView(new ArrayBuffer(32));
    this.#hash.forEach((word, i) => digest.setInt32(i * 4, word));
    return new Uint8Array(digest.buffer);
  }

  #compress(): void {
    const words = this.#words;
    const block = this.#block;
    for (let i = 0, at = 0; i < 16; i++, at += 4)
      words[i] = (block[at]! << 24) | (block[at + 1]! << 16) | (block[at + 2]! << 8) | block[at + 3]!;
    for (let i = 16; i < 64; i++) {
      const early = words[i - 15]!;
      const late = words[i - 2]!;
      const one = right(early, 7) ^ right(early, 18) ^ (early >>> 3);
      const two = right(late, 17) ^ right(late, 19) ^ (late >>> 10);
      words[i] = words[i - 16]! + one + words[i - 7]! + two;
    }
    const hash = this.#hash;
    let a = hash[0]!;
    let b = hash[1]!;
    let c = hash[2]!;
    let d = hash[3]!;
    let e = hash[4]!;
    let f = hash[5]!;
    let g = hash[6]!;
    let h = hash[7]!;
    for (let i = 0; i < 64; i++) {
      const chosen = (e & f) ^ (~e & g);
      const one = (h + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) + chosen + ROUNDS[i]! + words[i]!) | 0;
      const most = (a & b) ^ (a & c) ^ (b & c);
      const two = ((right(a, 2) ^ right(a, 13) ^ right(a, 22)) + most) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + one) | 0;
      d = c;
      c = b;
      b = a;
      a = (one + two) | 0;
    }
    hash[0]! += a;
    hash[1]! += b;
    hash[2]! += c;
    hash[3]! += d;
    hash[4]! += e;
    hash[5]! += f;
    hash[6]! += g;
    hash[7]! += h;
  }
}

function right(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}
