// A body as a file: all of its content, read page by page into a blob that the browser keeps. Never holds more of it in
// memory than a few pages; can be stopped.

import { ContentReader, type ContentPlace } from '../../../shared/body/content.ts';
import type { Representation } from '../../../shared/body/representation.ts';
import type { ReadBytes } from '../../../shared/export/message.ts';
import { inflateBlob } from './inflate.ts';
import { assembledWords } from './words.ts';

/** Bytes of content between two looks at what is said of it. */
const PAGE = 4 * 1024 * 1024;

export interface Save {
  readonly place: ContentPlace;
  /** Absolute position behind the last byte that has come; `closed`: the message came whole. */
  readonly end: number;
  readonly closed: boolean;
  readonly contentEncoding: string;
  /** Told how many bytes were read. */
  readonly progress: (bytes: number) => void;
  readonly signal: AbortSignal;
}

export interface Saved {
  readonly blob: Blob;
  /** One sentence where it is not the whole body as it was meant; null: it is. */
  readonly remark: string | null;
}

/** @returns null: it was stopped */
export async function saveBody(read: ReadBytes, save: Save): Promise<Saved | null> {
  const { place, end, closed, contentEncoding, progress, signal } = save;
  let blob = new Blob([]);
  let pieces: Uint8Array<ArrayBuffer>[] = [];
  const reader = new ContentReader(read, place, (bytes) => pieces.push(bytes.slice()));
  do {
    await reader.readTo(reader.size + PAGE, end, closed);
    if (signal.aborted) return null;
    blob = new Blob([blob, ...pieces]);
    pieces = [];
    progress(reader.size);
  } while (reader.hasMore(end));
  const remark = reader.complete
    ? null
    : reader.missing
      ? 'The file ends where bytes were counted, not kept.'
      : 'The file ends where the message was cut short.';
  return withoutCoding(blob, contentEncoding, remark);
}

/** What several exchanges brought together, as far as it was put together. */
export async function saveTogether(found: Representation): Promise<Saved> {
  const { short, text } = assembledWords(found);
  const isWhole = !short && found.bytes.length === found.length;
  return withoutCoding(
    new Blob([found.bytes]),
    found.contentEncoding,
    isWhole ? null : `What was saved is not all of it: ${text.replace('shown', 'saved')}.`,
  );
}

async function withoutCoding(blob: Blob, contentEncoding: string, remark: string | null): Promise<Saved> {
  try {
    const inflated = await inflateBlob(blob, contentEncoding);
    if (inflated !== null) return { blob: inflated, remark };
  } catch {
    // What is cut short has no end to its coding: the bytes are saved as they came.
  }
  return { blob, remark: `${remark ?? ''} Its content coding (${contentEncoding}) is still on.`.trim() };
}

/** Offers a blob as a file, as the browser or the desktop host saves files. */
export function offer(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser takes the blob when the click is over.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
