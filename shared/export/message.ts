// One message out of a session: its head, and of its content as much as fits, parsed from the bytes of the wire.
// It must never load more than its bounds, nor take a part for the whole.

import type { Stream } from '../capture/records.ts';
import { createParser } from '../http1/parser.ts';
import type { Head } from '../http1/types.ts';

/** Reads captured bytes start … end (exclusive) of one stream. `kept` false: some of them were only counted. */
export type ReadBytes = (
  connection: number,
  stream: Stream,
  start: number,
  end: number,
) => Promise<{ readonly bytes: Uint8Array; readonly kept: boolean }>;

/** Where a message lies: absolute positions in its stream; NaN where they are not known. */
export interface Place {
  readonly connection: number;
  readonly stream: Stream;
  readonly start: number;
  readonly headEnd: number;
  /** Known where `headEnd` is: for a message without an end, how far it came. */
  readonly end: number;
  /** The method of the request, which frames its response (RFC 9112 §6.3). */
  readonly method: string;
}

export interface Chunk {
  readonly size: number;
  /** Absolute position behind its chunk line. */
  readonly at: number;
}

export interface Message {
  /** Null: it was not kept, or never complete. */
  readonly head: Head | null;
  /** Content after transfer decoding, up to the bound. */
  readonly content: Uint8Array;
  /** How long the content is in all, as far as it was captured. */
  readonly size: number;
  /** The first ones, {@link CHUNKS} at most. */
  readonly chunks: readonly Chunk[];
  readonly trailers: Head | null;
  /** Bytes of it were counted but not kept. */
  readonly missing: boolean;
}

/** Chunks of a message that are told one by one. */
const CHUNKS = 10_000;
const READ_AT_ONCE = 1024 * 1024;

/** @param most bytes of content that are kept in memory */
export async function readMessage(read: ReadBytes, place: Place, most: number): Promise<Message> {
  const { connection, stream, start, headEnd, end } = place;
  let head: Head | null = null;
  let trailers: Head | null = null;
  let size = 0;
  let held = 0;
  let missing = false;
  const parts: Uint8Array[] = [];
  const chunks: Chunk[] = [];
  if (Number.isNaN(start) || Number.isNaN(headEnd))
    return { head, content: new Uint8Array(0), size, chunks, trailers, missing };
  const take = (bytes: Uint8Array, from: number, to: number): void => {
    size += to - from;
    const fitting = Math.min(to - from, most - held);
    if (fitting <= 0) return;
    parts.push(bytes.slice(from, from + fitting));
    held += fitting;
  };
  const parser = createParser(stream, {
    head: (found) => {
      head ??= found.keep();
    },
    content: take,
    tunnel: take,
    chunk: (_, chunkEnd, chunkSize) => {
      if (chunks.length < CHUNKS) chunks.push({ size: chunkSize, at: start + chunkEnd });
    },
    trailers: (found) => {
      trailers = found.keep();
    },
  });
  if (stream === 'response') parser.expect(place.method);
  for (let at = start; at < end;) {
    const { bytes, kept } = await read(connection, stream, at, Math.min(end, at + READ_AT_ONCE));
    if (bytes.length > 0) parser.feed(bytes);
    at += bytes.length;
    missing = !kept;
    if (missing || bytes.length === 0) break;
    // With the length announced, nothing behind the bound is news; chunks must be seen to be counted.
    if (held >= most && (head as Head | null)?.framing !== 'chunked') {
      size = Math.max(size, end - headEnd);
      break;
    }
  }
  const content = new Uint8Array(held);
  let at = 0;
  for (const part of parts) {
    content.set(part, at);
    at += part.length;
  }
  return { head, content, size, chunks, trailers, missing };
}

/** The field lines of a head, in order and as they were written. */
export function fieldsOf(head: Head | null): [name: string, value: string][] {
  const fields: [string, string][] = [];
  for (let i = 0; i < (head?.fieldCount ?? 0); i++) fields.push([head!.fieldName(i), head!.fieldValue(i)]);
  return fields;
}

/** Bytes as text, or null where they are none: not UTF-8, or with NUL. A character cut at the end is left out. */
export function asText(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  try {
    // `stream` leaves out an unfinished character at the end.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true });
  } catch {
    return null;
  }
}
