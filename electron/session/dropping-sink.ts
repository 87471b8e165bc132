// Keeps nothing of a session, for a server that runs without end and whose exchanges are told as they pass. It must never
// hold a record.

import type { Sink } from './recorder.ts';

export function droppingSink(): Sink {
  return {
    keepsReferences: false,
    broken: false,
    begin: () => undefined,
    append: () => undefined,
    forget: () => undefined,
    bytes: () => Promise.resolve({ bytes: new Uint8Array(0), kept: false }),
    flush: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
