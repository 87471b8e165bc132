// The content of an answer that was no WebSocket, read by Node's own client.

import type { IncomingMessage } from 'node:http';

/** Bytes that are read of the content of a refusal. */
const BEGINNING = 4 * 1024;

/** The beginning of it as text, as much as comes; lets go of the rest, and of the connection. */
export async function readBeginning(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of answer as AsyncIterable<Buffer>) {
      parts.push(part);
      bytes += part.length;
      if (bytes >= BEGINNING) break;
    }
  } catch {
    // It broke off: what there is says enough.
  }
  answer.destroy();
  return Buffer.concat(parts).toString('utf8', 0, Math.min(bytes, BEGINNING));
}
