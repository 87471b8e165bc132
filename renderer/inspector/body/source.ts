// The content of one message, fetched as far as it is looked at: the first mebibyte, and as much again when asked. Never
// holds more than its bound, whatever length a peer claims.

import { ContentReader, type ContentPlace } from '../../../shared/body/content.ts';
import { joined } from '../../../shared/body/ranges.ts';
import type { ReadBytes } from '../../../shared/export/message.ts';

/** Bytes of content that are shown at first, and more at each time that somebody asks. */
export const STEP = 1024 * 1024;
/** Bytes of content that are shown at most. */
export const MOST = 16 * STEP;

export interface BodyState {
  readonly contentType: string;
  readonly contentEncoding: string;
  readonly contentRange: string;
  readonly disposition: string;
  /** As far as it was read, without its framing. */
  readonly content: Uint8Array<ArrayBuffer>;
  /** Bytes that the head announces; null: none, or an unknown number. */
  readonly announced: number | null;
  readonly complete: boolean;
  /** What comes next was counted, not kept. */
  readonly missing: boolean;
  /** What comes next is no HTTP/1.1. */
  readonly broken: boolean;
  /** More has come than was read. */
  readonly more: boolean;
  /** More can be asked for. */
  readonly canLoad: boolean;
  /** Why it could not be read; null: it could. */
  readonly problem: string | null;
}

export interface BodySource {
  /**
   * The message has come as far as `end`, an absolute position; `closed`: it came whole. An earlier end than before is an
   * earlier time: it is read from its beginning.
   */
  reaches(end: number, closed: boolean): void;
  /** Reads another {@link STEP}. */
  load(): void;
  /** The same object until it changes; null: nothing has been read yet. */
  readonly state: BodyState | null;
}

/** @param changed called when there is another state */
export function createBodySource(read: ReadBytes, place: ContentPlace, changed: () => void): BodySource {
  let pieces: Uint8Array[] = [];
  let content = new Uint8Array(0);
  /** How often reading began at the first byte. */
  let begun = 0;
  const begin = (): ContentReader => {
    begun++;
    const own: Uint8Array[] = [];
    pieces = own;
    content = new Uint8Array(0);
    return new ContentReader(read, place, (bytes) => own.push(bytes.slice()));
  };
  let reader = begin();
  let wanted = STEP;
  let end = place.start;
  let closed = false;
  let isReading = false;
  let state: BodyState | null = null;

  const tell = (problem: string | null): void => {
    if (pieces.length > 0) content = joined([content, ...pieces.splice(0)]);
    const field = (name: string): string => reader.head?.field(name) ?? '';
    const more = reader.hasMore(end);
    state = {
      contentType: field('content-type'),
      contentEncoding: field('content-encoding'),
      contentRange: field('content-range'),
      disposition: field('content-disposition'),
      content,
      announced: reader.announced,
      complete: reader.complete,
      missing: reader.missing,
      broken: reader.broken,
      more,
      canLoad: more && wanted < MOST,
      problem,
    };
    changed();
  };

  const go = async (): Promise<void> => {
    if (isReading) return;
    isReading = true;
    let problem: string | null = null;
    try {
      // Where something else was asked for meanwhile, it is read again: each turn takes in one question.
      const question = (): string => `${begun} ${end} ${closed} ${wanted}`;
      for (let answered = ''; answered !== question();) {
        answered = question();
        await reader.readTo(wanted, end, closed);
      }
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    isReading = false;
    tell(problem);
  };

  return {
    reaches(next, isClosed) {
      if (next === end && isClosed === closed) return;
      if (next < end) reader = begin();
      end = next;
      closed = isClosed;
      void go();
    },
    load() {
      wanted = Math.min(MOST, wanted + STEP);
      void go();
    },
    get state() {
      return state;
    },
  };
}
