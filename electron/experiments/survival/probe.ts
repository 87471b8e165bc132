// One request to /interims, and all that came back, kept head by head. Judges nothing; keeps no more than a probe can need.

import type { Head } from '../../../shared/http1/types.ts';
import type { FieldLines } from '../../../shared/http1/writer.ts';
import type { ClientConnection } from '../../client/connection.ts';
import { bytesContent } from '../../client/content.ts';
import type { Line } from '../../client/line.ts';
import type { Break } from '../../client/situation.ts';
import { parseTarget } from '../../client/target.ts';
import { WireError } from '../../wire/types.ts';

/** Heads and characters of content that are kept; the rest is counted. */
const MOST_HEADS = 200;
const MOST_CONTENT = 8 * 1024;
/** Longest (ms) that interim responses may keep a probe waiting, in patiences. */
const LONGEST = 5;

export interface HeardHead {
  readonly status: number;
  readonly reason: string;
  readonly fields: FieldLines;
}

/** What a client heard in answer to one request. */
export interface Heard {
  readonly interim: readonly HeardHead[];
  readonly final: HeardHead | null;
  /** ISO-8859-1. */
  readonly content: string;
  /** The final response came whole. */
  readonly whole: boolean;
  /** How the connection broke under it; `unreachable`: there was none. Null: it did not. */
  readonly broke: Break | 'unreachable' | null;
  /** What came was no HTTP. */
  readonly nonsense: boolean;
  /** It was not the first request on its connection. */
  readonly reused: boolean;
}

export interface Probe {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** Sent with Expect: 100-continue, and held back for the time (ms) that `hold` says. */
  readonly content: { readonly bytes: Uint8Array; readonly hold: number } | null;
  /** Milliseconds without a byte after which the peer is taken for dead. */
  readonly patience: number;
}

/** Sends it on the line's connection, or a new one where that cannot be used any more. */
export async function hear(line: Line, probe: Probe): Promise<Heard> {
  const target = parseTarget(probe.url);
  const { content, patience } = probe;
  let connection: ClientConnection;
  let reused = true;
  try {
    connection = await line.to(target, () => {
      reused = false;
    });
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return { ...NOTHING, broke: 'unreachable', reused: false };
  }
  const interim: HeardHead[] = [];
  let text = '';
  const result = await connection.exchange(
    {
      method: probe.method,
      target: target.path,
      fields: [
        ['Host', target.hostField],
        ...(target.authorization === null ? [] : [['Authorization', target.authorization] as const]),
        ...(content === null
          ? []
          : ([
              ['Content-Length', String(content.bytes.length)],
              ['Expect', '100-continue'],
            ] as const)),
      ],
      content:
        content === null
          ? null
          : {
              prefix: new Uint8Array(0),
              source: bytesContent(content.bytes),
              from: 0,
              to: content.bytes.length,
            },
      holdContent: content?.hold ?? null,
      patience,
      allowance: 0,
      longest: patience * LONGEST,
      most: null,
    },
    {
      interim: (head) => {
        if (interim.length < MOST_HEADS) interim.push(heardHead(head));
        return false;
      },
      content: (bytes, from, to) => {
        const end = Math.min(to, from + MOST_CONTENT - text.length);
        text += Buffer.from(bytes.buffer, bytes.byteOffset + from, end - from).toString('latin1');
        return null;
      },
    },
  );
  return {
    interim,
    final: result.final === null ? null : heardHead(result.final),
    content: text,
    whole: result.whole,
    broke: result.broke,
    nonsense: result.nonsense !== null,
    reused,
  };
}

const NOTHING: Heard = {
  interim: [],
  final: null,
  content: '',
  whole: false,
  broke: null,
  nonsense: false,
  reused: false,
};

function heardHead(head: Head): HeardHead {
  return {
    status: head.status,
    reason: head.reason,
    fields: Array.from({ length: head.fieldCount }, (_, index) => [
      head.fieldName(index),
      head.fieldValue(index),
    ]),
  };
}
