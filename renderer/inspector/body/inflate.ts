// Takes content codings off, by what the browser has for it. Never makes more of little than its bound: a few bytes can
// inflate to gigabytes.

import { codingsOf, compressionOf } from '../../../shared/body/coding.ts';
import { joined } from '../../../shared/body/ranges.ts';

/** Bytes that are shown of what is inflated. */
export const INFLATED = 16 * 1024 * 1024;
/** Bytes that are saved of it: what inflates to more is saved with its coding on. */
const SAVED = 2 * 1024 * 1024 * 1024;

export interface Inflated {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** There is more than {@link INFLATED}, or the rest of the content has not come. */
  readonly partial: boolean;
  /** Why it is shown as it was sent, or ends too early: one sentence. */
  readonly problem: string | null;
}

/** @param whole false: the content goes on, so that its coding may end anywhere */
export async function inflate(
  content: Uint8Array<ArrayBuffer>,
  contentEncoding: string,
  whole: boolean,
): Promise<Inflated> {
  let bytes = content;
  let isPartial = !whole;
  for (const coding of codingsOf(contentEncoding)) {
    const stream = decompressor(coding, bytes);
    if (stream === null) return { bytes, partial: isPartial, problem: cannot(coding) };
    const { found, end } = await drained(new Blob([bytes]).stream().pipeThrough(stream));
    bytes = found;
    if (end === 'broken' && !isPartial)
      return {
        bytes,
        partial: true,
        problem: `The ${coding} coding is broken, or ends too early: this is what comes before.`,
      };
    isPartial ||= end !== 'whole';
  }
  return { bytes, partial: isPartial, problem: null };
}

/** A blob without its codings, whatever its size; null: one of them is unknown here. Rejects where it is broken, or too long. */
export async function inflateBlob(blob: Blob, contentEncoding: string): Promise<Blob | null> {
  let found = blob;
  for (const coding of codingsOf(contentEncoding)) {
    const stream = decompressor(coding, new Uint8Array(await found.slice(0, 2).arrayBuffer()));
    if (stream === null) return null;
    found = await new Response(found.stream().pipeThrough(stream).pipeThrough(bounded(SAVED))).blob();
  }
  return found;
}

/** Breaks off what is longer. */
function bounded(most: number): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let length = 0;
  return new TransformStream({
    transform(chunk, controller) {
      length += chunk.length;
      if (length > most) controller.error(new Error(`It inflates to more than ${most} bytes.`));
      else controller.enqueue(chunk);
    },
  });
}

function cannot(coding: string): string {
  return `The content is coded with ${coding}, which cannot be taken off here: these are its bytes as they were sent.`;
}

/** Null: the browser has none for this coding. */
function decompressor(coding: string, first: Uint8Array): DecompressionStream | null {
  const name = compressionOf(coding, first);
  if (name === null) return null;
  try {
    // The types know fewer formats than browsers do; a browser without one says so.
    return new DecompressionStream(name as CompressionFormat);
  } catch {
    return null;
  }
}

interface Drained {
  readonly found: Uint8Array<ArrayBuffer>;
  readonly end: 'whole' | 'bound' | 'broken';
}

async function drained(stream: ReadableStream<Uint8Array>): Promise<Drained> {
  const reader = stream.getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    while (length < INFLATED) {
      const { value, done } = await reader.read();
      if (done) return { found: joined(pieces), end: 'whole' };
      pieces.push(value);
      length += value.length;
    }
  } catch {
    return { found: joined(pieces), end: 'broken' };
  }
  await reader.cancel();
  return { found: joined(pieces).subarray(0, INFLATED), end: 'bound' };
}
