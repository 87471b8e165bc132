// Captured bytes on demand, in pages: what is looked at is fetched once, and the least recently looked at goes first.
// Never holds more than its bound, whatever the size of the stream.

import type { Stream } from '../../shared/capture/records.ts';

/** Bytes of a page. */
export const PAGE = 64 * 1024;
/** Pages held at most: 8 MiB. */
const MOST = 128;

interface Page {
  /** Bytes from the page's beginning; null while they are being fetched. */
  bytes: Uint8Array | null;
  kept: boolean;
  /** How far into the page the stream reached when it was asked for. */
  asked: number;
}

interface Slice {
  readonly bytes: Uint8Array;
  /** False: counted, not kept. */
  readonly kept: boolean;
}

type Read = (connection: number, stream: Stream, start: number, end: number) => Promise<Slice>;

/** `changed` is called when a page has come. A page that cannot be had counts as not kept. */
export function createPages(read: Read, changed: () => void) {
  const pages = new Map<string, Page>();

  const load = (connection: number, stream: Stream, index: number, length: number): Page => {
    const key = `${connection} ${stream} ${index}`;
    const reaches = Math.min(PAGE, length - index * PAGE);
    const known = pages.get(key);
    if (known !== undefined) {
      // To the young end of the map.
      pages.delete(key);
      pages.set(key, known);
      if (known.asked >= reaches) return known;
    }
    const page: Page = known ?? { bytes: null, kept: true, asked: 0 };
    page.asked = reaches;
    pages.set(key, page);
    if (pages.size > MOST) pages.delete(pages.keys().next().value!);
    const start = index * PAGE;
    read(connection, stream, start, start + reaches).then(
      (slice) => {
        page.bytes = slice.bytes;
        page.kept = slice.kept;
        changed();
      },
      () => {
        page.bytes = new Uint8Array(0);
        page.kept = false;
        changed();
      },
    );
    return page;
  };

  return {
    /**
     * One byte: 0 … 255, `null` while it is being fetched, `undefined` if it was not kept.
     * @param length how far the stream reaches now
     */
    at(connection: number, stream: Stream, position: number, length: number): number | null | undefined {
      const page = load(connection, stream, Math.floor(position / PAGE), length);
      if (page.bytes === null) return null;
      const byte = page.bytes[position % PAGE];
      if (byte !== undefined) return byte;
      return page.kept ? null : undefined;
    },

    /** Forgets all: another session. */
    clear(): void {
      pages.clear();
    },

    get size(): number {
      return pages.size;
    },
  };
}
