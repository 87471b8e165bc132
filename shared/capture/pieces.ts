// Where in a session file the bytes of each stream lie: 20 bytes a piece, in columns, found by bisection.
// It must never hold the bytes.

import { Float64List, Uint32List } from '../model/growable.ts';
import type { Stream } from './records.ts';

/** One stretch of a stream that lies in one place. */
export interface Piece {
  /** Position in the stream of its first byte. */
  readonly offset: number;
  readonly length: number;
  /** Position in the file of its first byte; −1: counted, not kept. */
  readonly position: number;
}

interface Columns {
  readonly offsets: Float64List;
  readonly lengths: Uint32List;
  readonly positions: Float64List;
}

export class Pieces {
  /** Index: 2 × connection + (response ? 1 : 0). */
  readonly #streams: (Columns | undefined)[] = [];

  /** Appends a piece behind what the stream has. */
  add(connection: number, stream: Stream, offset: number, length: number, position: number): void {
    const columns = (this.#streams[index(connection, stream)] ??= {
      offsets: new Float64List(),
      lengths: new Uint32List(),
      positions: new Float64List(),
    });
    columns.offsets.push(offset);
    columns.lengths.push(length);
    columns.positions.push(position);
  }

  /**
   * The kept pieces of start … end (exclusive), clipped to it, up to the first byte that is missing.
   * `kept` is false when a piece in that range was counted but not kept.
   */
  find(connection: number, stream: Stream, start: number, end: number): { pieces: Piece[]; kept: boolean } {
    const pieces: Piece[] = [];
    const columns = this.#streams[index(connection, stream)];
    if (columns === undefined) return { pieces, kept: true };
    const { offsets, lengths, positions } = columns;
    let at = start;
    for (let i = Math.max(0, offsets.prefix(start) - 1); i < offsets.length && at < end; i++) {
      const offset = offsets.values[i]!;
      const past = offset + lengths.values[i]!;
      if (past <= at) continue;
      if (offset > at || positions.values[i]! < 0) return { pieces, kept: false };
      const last = Math.min(past, end);
      pieces.push({ offset: at, length: last - at, position: positions.values[i]! + at - offset });
      at = last;
    }
    return { pieces, kept: true };
  }
}

function index(connection: number, stream: Stream): number {
  return 2 * connection + (stream === 'response' ? 1 : 0);
}
