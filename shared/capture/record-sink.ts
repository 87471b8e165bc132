// Where records go that are decoded out of a capture. Types only.

import type { CaptureRecord, Stream } from './records.ts';

/** Where decoded records go. */
export interface RecordSink {
  /** In order, times never decreasing. Bytes are valid during the call only. */
  record(record: CaptureRecord): void;
  /** Where bytes of a stream lie in the file, each once; `position` −1: counted, not kept. Before its record. */
  piece(connection: number, stream: Stream, offset: number, length: number, position: number): void;
}
