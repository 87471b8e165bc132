// What an operation's exchanges brought of one representation, put together from the bytes of the wire by where each of
// them says that its bytes belong. What never arrived is a gap and stays one; never holds more than its bound.

import { ContentLocator } from '../byteranges/locator.ts';
import type { Stream } from '../capture/records.ts';
import type { ReadBytes } from '../export/message.ts';
import { createParser } from '../http1/parser.ts';
import type { Coverage, Ranges } from '../model/coverage.ts';
import { Layer } from '../model/events.ts';
import type { Exchange, Model, Operation } from '../model/model.ts';
import { isOfTarget } from './kind.ts';

export interface Representation {
  /** From its first byte to the last that arrived, or to the bound; gaps are zeros. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What of {@link bytes} is there. */
  readonly ranges: Ranges;
  /** Bytes of all of it; null: nobody told. */
  readonly length: number | null;
  /** As its first exchange says, '' where none does. */
  readonly contentType: string;
  readonly contentEncoding: string;
  /** Exchanges that brought bytes of it. */
  readonly exchanges: number;
}

/** Exchanges of one operation that are looked at. */
const EXCHANGES = 1000;
const READ_AT_ONCE = 256 * 1024;

/** Which of an operation's representations more than one exchange brought bytes of; null: neither. */
export function piecemeal({ upload, download }: Operation): Stream | null {
  if (broughtBy(upload).size > 1) return 'request';
  return broughtBy(download).size > 1 ? 'response' : null;
}

/** By exchange, the stretches [first, end) that arrived: as received where that end is ours, else as sent. */
function broughtBy(coverage: Coverage): Map<number, [number, number][]> {
  const layer = coverage.runs(Layer.received).length > 0 ? Layer.received : Layer.sent;
  const found = new Map<number, [number, number][]>();
  for (const [first, end, exchange] of coverage.stretches(layer)) {
    const known = found.get(exchange);
    if (known !== undefined) known.push([first, end]);
    else if (found.size < EXCHANGES) found.set(exchange, [[first, end]]);
  }
  return found;
}

/**
 * Puts together the request's representation (`request`: what was uploaded) or the response's.
 * @param most bytes that are put together: what lies behind them is left out
 */
export async function assemble(
  model: Model,
  operation: Operation,
  stream: Stream,
  read: ReadBytes,
  most: number,
): Promise<Representation> {
  const coverage = stream === 'request' ? operation.upload : operation.download;
  const brought = broughtBy(coverage);
  const size = Math.min(
    most,
    [...brought.values()].flat().reduce((end, stretch) => Math.max(end, stretch[1]), 0),
  );
  const bytes = new Uint8Array(size);
  const ranges: [number, number][] = [];
  let contentType = '';
  let contentEncoding = '';
  for (const [id, stretches] of brought) {
    const exchange = model.exchanges[id];
    if (exchange === undefined) continue;
    const wanted = stretches.reduce((sum, [first, end]) => sum + Math.max(0, Math.min(end, most) - first), 0);
    await pieces(exchange, stream, read, wanted, {
      type: (type, encoding) => {
        if (contentType === '') contentType = type;
        if (contentEncoding === '') contentEncoding = encoding;
      },
      piece: (offset, piece) => {
        let placed = 0;
        for (const [first, end] of stretches) {
          const from = Math.max(first, offset);
          const to = Math.min(end, offset + piece.length, size);
          if (from >= to) continue;
          bytes.set(piece.subarray(from - offset, to - offset), from);
          ranges.push([from, to]);
          placed += to - from;
        }
        return placed;
      },
    });
  }
  return {
    bytes,
    ranges: united(ranges),
    length: coverage.lengthAt(),
    contentType,
    contentEncoding,
    exchanges: brought.size,
  };
}

interface PieceSink {
  type(contentType: string, contentEncoding: string): void;
  /** The bytes are valid during the call. Returns how many of them were wanted. */
  piece(offset: number, bytes: Uint8Array): number;
}

/** Reads one exchange's message until it has brought all that is wanted of it, or is over. */
async function pieces(
  exchange: Exchange,
  stream: Stream,
  read: ReadBytes,
  wanted: number,
  sink: PieceSink,
): Promise<void> {
  const start = stream === 'request' ? exchange.requestStart : exchange.responseStart;
  if (wanted === 0) return;
  let left = wanted;
  let isOver = false;
  const locator = new ContentLocator(
    ({ offset, bytes, from, to }) => {
      left -= sink.piece(offset, bytes.subarray(from, to));
      isOver ||= left <= 0;
    },
    () => {},
    {
      head: ({ contentType, contentEncoding }) => sink.type(contentType, contentEncoding),
      note: () => {},
      fault: () => {},
    },
  );
  const parser = createParser(stream, {
    head: (head) => {
      locator.head(head);
      const type = head.field('content-type') ?? '';
      if (isOfTarget(type)) sink.type(type, head.field('content-encoding') ?? '');
    },
    content: (bytes, from, to, at) => {
      if (!isOver) locator.content(bytes, from, to, at);
    },
    messageEnd: () => {
      if (!isOver) locator.messageEnd();
      isOver = true;
    },
  });
  if (stream === 'response') parser.expect(exchange.method);
  for (let at = start; !Number.isNaN(at);) {
    const { bytes, kept } = await read(exchange.connection, stream, at, at + READ_AT_ONCE);
    if (bytes.length === 0) return;
    parser.feed(bytes);
    at += bytes.length;
    if (!kept || isOver) return;
  }
}

/** Ranges in ascending order, apart from each other. */
function united(ranges: [number, number][]): Ranges {
  const found: [number, number][] = [];
  for (const [first, end] of ranges.toSorted((x, y) => x[0] - y[0])) {
    const last = found.at(-1);
    if (last !== undefined && first <= last[1]) last[1] = Math.max(last[1], end);
    else found.push([first, end]);
  }
  return found;
}
