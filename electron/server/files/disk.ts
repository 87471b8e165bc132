// Whole writes and reads at a position of an open file. The one place that a test can put a failing disk in.

import { readSync, writeSync } from 'node:fs';

export interface Disk {
  /** Writes bytes[from … to) at a position; less than that where the disk fills up. Throws as fs.writeSync does. */
  write(descriptor: number, bytes: Uint8Array, from: number, to: number, at: number): number;
}

export const realDisk: Disk = {
  write: (descriptor, bytes, from, to, at) => writeSync(descriptor, bytes, from, to - from, at),
};

export function writeAll(
  disk: Disk,
  descriptor: number,
  bytes: Uint8Array,
  from: number,
  to: number,
  at: number,
): void {
  let next = from;
  while (next < to) next += disk.write(descriptor, bytes, next, to, at + next - from);
}

/** Bytes from … to (exclusive) of a file, put into `out`, which is as long or longer; null if it ends before. */
export function readAll(
  descriptor: number,
  from: number,
  to: number,
  out = new Uint8Array(to - from),
): Uint8Array | null {
  const length = to - from;
  let done = 0;
  while (done < length) {
    const count = readSync(descriptor, out, done, length - done, from + done);
    if (count === 0) return null;
    done += count;
  }
  return out;
}
