// Reads the heads of a session, a stretch of a stream at a time, for the terms of a filter that ask for fields. Only
// where such a term is typed; never holds more than the stretches that are being looked at.

import type { Stream } from '../../shared/capture/records.ts';
import { Kind, Layer } from '../../shared/model/events.ts';
import type { Model } from '../../shared/model/model.ts';

/** A head and where it is. */
export interface HeadPlace {
  readonly connection: number;
  readonly stream: Stream;
  /** Absolute positions. */
  readonly from: number;
  readonly to: number;
  readonly exchange: number;
  /** The row that tells of it. */
  readonly at: number;
  /** The same for a response's head; null: it is a request's. */
  readonly row: number | null;
}

/** Rows of the event table. */
interface Rows {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

interface Stretch {
  readonly connection: number;
  readonly stream: Stream;
  readonly from: number;
  to: number;
  readonly heads: HeadPlace[];
}

type Read = (
  connection: number,
  stream: Stream,
  start: number,
  end: number,
) => Promise<{ readonly bytes: Uint8Array; readonly kept: boolean }>;

/** Heads between two words to the interface. */
const AT_ONCE = 16_384;
/** Bytes of a stretch at most, and bytes between two heads that are read along. */
const LONGEST = 256 * 1024;
const BETWEEN = 4096;
/** Stretches that are asked for at the same time. */
const ASKED = 4;

/**
 * Reads every head whose row is among `rows`. `take` gets those that were kept; `told` hears how far it
 * has come, 0 … 1. Ends early when `signal` says so.
 */
export async function readHeads(
  model: Model,
  { from, to }: Rows,
  read: Read,
  take: (head: HeadPlace, bytes: Uint8Array) => void,
  told: (share: number) => void,
  signal: AbortSignal,
): Promise<void> {
  let row = from;
  while (row < to && !signal.aborted) {
    const heads: HeadPlace[] = [];
    for (; row < to && heads.length < AT_ONCE; row++) {
      const head = headAt(model, row);
      if (head !== null) heads.push(head);
    }
    const stretches = stretchesOf(heads);
    for (let at = 0; at < stretches.length && !signal.aborted; at += ASKED)
      await Promise.all(
        stretches.slice(at, at + ASKED).map(async (stretch) => {
          const { bytes } = await read(stretch.connection, stretch.stream, stretch.from, stretch.to);
          if (signal.aborted) return;
          for (const head of stretch.heads) {
            // What was counted and not kept cannot be asked for its fields.
            const end = head.to - stretch.from;
            if (end <= bytes.length) take(head, bytes.subarray(head.from - stretch.from, end));
          }
        }),
      );
    if (!signal.aborted) told((row - from) / (to - from));
  }
}

/** The head that a row tells of: each once, as the client saw it if that end is ours. */
export function headAt(model: Model, row: number): HeadPlace | null {
  const { columns } = model.events;
  const kind = columns.kind[row]! as Kind;
  const connection = columns.connection[row]!;
  const ours = model.connections[connection - 1]?.client ?? true;
  const place = (stream: Stream, of: number | null): HeadPlace => ({
    connection,
    stream,
    from: columns.a[row]!,
    to: columns.b[row]!,
    exchange: columns.exchange[row]!,
    at: row,
    row: of,
  });
  switch (kind) {
    case Kind.requestHead:
      return (columns.code[row] === Layer.sent) === ours ? place('request', null) : null;
    case Kind.interimSent:
    case Kind.interimReceived:
      return (kind === Kind.interimReceived) === ours ? place('response', row) : null;
    case Kind.finalSent:
    case Kind.finalReceived:
      return (kind === Kind.finalReceived) === ours ? place('response', row) : null;
    default:
      return null;
  }
}

/** Heads that lie near each other are read in one go. */
export function stretchesOf(heads: readonly HeadPlace[]): Stretch[] {
  const open = new Map<string, Stretch>();
  const stretches: Stretch[] = [];
  for (const head of heads) {
    const { connection, stream, from, to } = head;
    if (to - from > LONGEST) continue;
    const key = `${stream}${connection}`;
    const last = open.get(key);
    if (last !== undefined && from >= last.to && from - last.to <= BETWEEN && to - last.from <= LONGEST) {
      last.to = to;
      last.heads.push(head);
      continue;
    }
    const stretch: Stretch = { connection, stream, from, to, heads: [head] };
    open.set(key, stretch);
    stretches.push(stretch);
  }
  return stretches;
}
