// The content of a request that is only read: thrown away, or hashed, whatever its size. Whoever calls decides what follows.

import { createHash } from 'node:crypto';
import { expectsContinue, meetsExpectation } from './announced.ts';
import type { Exchange } from './exchange.ts';

/** What is known of content that was read and not kept. */
export interface ReadContent {
  readonly length: number;
  /** Hex. */
  readonly sha256: string;
}

/** Reads content, if any, and throws it away. @param read called when all of it came; never for an expectation that was refused */
export function readThrough(exchange: Exchange, read: () => void): void {
  receive(exchange, () => {}, read);
}

/** Reads content and keeps its length and hash. @param read as for {@link readThrough} */
export function readDigest(exchange: Exchange, read: (content: ReadContent) => void): void {
  const hash = createHash('sha256');
  let length = 0;
  receive(
    exchange,
    (bytes, from, to) => {
      length += to - from;
      hash.update(bytes.subarray(from, to));
    },
    () => read({ length, sha256: hash.digest('hex') }),
  );
}

function receive(
  exchange: Exchange,
  content: (bytes: Uint8Array, from: number, to: number) => void,
  read: () => void,
): void {
  if (!meetsExpectation(exchange)) return;
  if (expectsContinue(exchange)) void exchange.interim(100, []);
  exchange.receive({
    content,
    end: (complete) => {
      if (complete) read();
    },
  });
}
