// Which file it was that something is written down of, and how it was then: as far as the file system tells, whether that
// is still true of what lies there now. Never looks at bytes.

import { type BigIntStats, statSync } from 'node:fs';

/** Another one after each change of the bytes, as far as the file system tells; and which file it was. */
export function stampOf(stat: BigIntStats): string {
  return `${stat.size}:${stat.mtimeNs}:${identityOf(stat)}`;
}

/** What has become of a file since it was stamped; `other`: what lies there is none that was written to here. */
export function sinceStamp(stamp: string, stat: BigIntStats): 'nothing' | 'written' | 'other' {
  const [size = '', time = '', identity] = stamp.split(':');
  if (!/^\d+$/.test(size) || !/^\d+$/.test(time)) return 'written';
  const later = stat.mtimeNs - BigInt(time);
  const longer = stat.size - BigInt(size);
  if (later === 0n && longer === 0n) return 'nothing';
  // A copy of the whole folder keeps times, not always to the nanosecond.
  const copied = longer === 0n && later < COPY_NANOSECONDS && later > -COPY_NANOSECONDS;
  const exchanged = identity !== undefined && identity !== identityOf(stat);
  // A server that was killed has written later, and more.
  return !copied && (exchanged || later < 0n || longer < 0n) ? 'other' : 'written';
}

const COPY_NANOSECONDS = 2_000_000n;

/** The number of a file that was taken away is soon that of another, which is younger. */
function identityOf({ ino, birthtimeNs }: BigIntStats): string {
  return BIRTHS_KNOWN ? `${ino}/${birthtimeNs}` : `${ino}`;
}

/** Where the system does not tell when a file was made, Node gives the time of its last change instead. */
const BIRTHS_KNOWN = ((): boolean => {
  const stat = statSync(process.execPath, { bigint: true, throwIfNoEntry: false });
  return stat !== undefined && stat.birthtimeNs !== stat.ctimeNs;
})();
