// What sessions are called: in a list, as a file, and when they come back from one.

import { basename } from 'node:path';

/** The name of a session file for people: without folder, ending and the time that recordings begin with. */
export function sessionName(path: string): string {
  return basename(path)
    .replace(/\.pcap(ng)?$/i, '')
    .replace(/^\d{4}-\d\d-\d\dT[\d-]+ /, '');
}

/** A name that every file system takes; what a colon parts is parted by a dash. */
export function fileName(name: string): string {
  const parted = name.replaceAll(': ', ' - ');
  return parted.replaceAll(/[^\p{L}\p{N} ._()-]/gu, '_').slice(0, 100) || 'session';
}
