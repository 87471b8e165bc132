// Bytes as they come, as messages of a WebSocket: text wherever they are UTF-8, since not every server of streams takes
// binary ones. Changes no byte, and keeps back at most three, the beginning of a character.

import { textLength } from '../../../shared/websocket/text.ts';

export interface Message {
  readonly bytes: Uint8Array;
  readonly binary: boolean;
}

/** Bytes of one message: far below the limit of any server. */
const LONGEST = 64 * 1024;

/** Each piece becomes a message as soon as it is there, a long one several. */
export async function* messagesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Message> {
  let begun: Uint8Array = new Uint8Array(0);
  for await (const piece of pieces) {
    const bytes = begun.length === 0 ? piece : joined(begun, piece);
    let at = 0;
    while (at < bytes.length) {
      const part = bytes.subarray(at, at + LONGEST);
      const characters = textLength(part);
      if (characters === 0) break;
      const message = characters === null ? part : part.subarray(0, characters);
      yield { bytes: message, binary: characters === null };
      at += message.length;
    }
    // A copy: whoever gave the piece may use its memory again.
    begun = bytes.slice(at);
  }
  if (begun.length > 0) yield { bytes: begun, binary: true };
}

/**
 * The pieces until the signal is aborted, even while one is waited for: then the source is told that nobody wants more, and
 * is not waited for.
 */
export async function* untilAborted(
  pieces: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const iterator = pieces[Symbol.asyncIterator]();
  let stop = (): void => {};
  const aborted = new Promise<null>((resolve) => {
    stop = () => resolve(null);
  });
  signal.addEventListener('abort', stop, { once: true });
  try {
    while (!signal.aborted) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next === null || next.done === true) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    // What it still says, or how it fails, is of no account.
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
