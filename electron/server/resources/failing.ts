// /failing: answers 200, and fails when half of the content has been sent. The status cannot be taken back by then: each
// `way` is another one to say all the same that something went wrong (RFC 9112 §8, RFC 9110 §6.5, RFC 9530).

import { createHash } from 'node:crypto';
import { assertNever } from '../../../shared/capture/records.ts';
import type { Exchange } from '../http/exchange.ts';
import { forgetOldest } from '../oldest.ts';
import { Query } from '../http/query.ts';
import { refuse } from '../http/refuse.ts';
import type { ResponseStream, StreamHead } from '../http/response-stream.ts';
import type { Route } from '../router.ts';
import { TEST_DATA } from './test-data.ts';

const WAYS = [
  'honest',
  'fin',
  'rst',
  'malformed-chunk',
  'trailer',
  'short-length',
  'digest',
  'in-content',
] as const;
export type FailingWay = (typeof WAYS)[number];

const FRAMINGS = ['chunked', 'length', 'close'] as const;
export type FailingFraming = (typeof FRAMINGS)[number];

/** Ways that there are with one framing only. */
const ONLY: Partial<Record<FailingWay, FailingFraming>> = {
  'malformed-chunk': 'chunked',
  trailer: 'chunked',
  'short-length': 'length',
};

/** Content goes out in so many pieces before the failure, and as many after it. */
const PIECES = 2;
/** Keys whose failures are counted; of more, the latest. */
const MOST_KEYS = 1000;

export const FAILURE_FIELD = 'Processing-Error';

interface Failing {
  readonly way: FailingWay;
  readonly framing: FailingFraming;
  /** All of what was to be sent. */
  readonly content: Uint8Array;
  /** Bytes of it that there are when the source fails; null: it does not. */
  readonly broken: number | null;
}

type Failed = Exclude<FailingWay, 'honest'>;

export function failingRoute(): Route {
  /** Failures so far, by key. */
  const failures = new Map<string, number>();
  return {
    path: /^\/failing$/,
    allow: 'GET, HEAD',
    index: [
      "  curl -v 'http://HOST/failing?way=fin'   (or rst, malformed-chunk, trailer, short-length, digest, in-content)",
    ],
    answer: (exchange) => {
      const query = new Query(exchange);
      const way = query.choice('way', WAYS);
      const framing = query.choice('framing', [ONLY[way] ?? 'chunked', ...FRAMINGS]);
      const size = query.whole('size', 20_000, 10, TEST_DATA.length);
      const times = query.whole('times', Infinity, 0, MOST_KEYS);
      if (query.fault !== null) {
        refuse(exchange, 400, query.fault);
        return;
      }
      const only = ONLY[way];
      if (only !== undefined && framing !== only) {
        refuse(exchange, 400, `There is way=${way} with framing=${only} only.`);
        return;
      }
      if (only === 'chunked' && exchange.head.minor === 0) {
        refuse(exchange, 400, `There is way=${way} over HTTP/1.1 only: HTTP/1.0 has no chunks.`);
        return;
      }
      const fails =
        way !== 'honest' &&
        exchange.method === 'GET' &&
        mayFail(failures, (query.text('key') ?? '').slice(0, 100), times);
      const content = contentOf(size, way === 'in-content');
      void answer(exchange, { way, framing, content, broken: fails ? Math.floor(size / 2) : null });
    },
  };
}

/** One more answer under this key: may it fail? */
function mayFail(failures: Map<string, number>, key: string, times: number): boolean {
  if (times === Infinity) return true;
  const before = failures.get(key) ?? 0;
  failures.delete(key);
  failures.set(key, before + 1);
  forgetOldest(failures, MOST_KEYS);
  return before < times;
}

/** Numbered lines; with an account of itself, the last line names the length and the SHA-256 of all before it. */
function contentOf(size: number, accounted: boolean): Uint8Array {
  const lines = TEST_DATA.read(0, size) ?? new Uint8Array(0);
  return accounted ? joined(lines, line(`end: ${size} bytes, sha-256 ${sha256(lines, 'hex')}`)) : lines;
}

async function answer(exchange: Exchange, failing: Failing): Promise<void> {
  const { way, content, broken } = failing;
  const stream = exchange.stream(headOf(failing));
  const there = content.subarray(0, broken ?? content.length);
  const piece = Math.ceil(there.length / PIECES);
  for (let at = 0; at < there.length; at += piece) await stream.write(there.subarray(at, at + piece));
  if (broken === null || way === 'honest') await stream.end();
  else await fail(stream, way, broken);
}

function headOf({ way, framing, content, broken }: Failing): StreamHead {
  return {
    status: 200,
    fields: [
      ['Content-Type', 'text/plain'],
      ['Cache-Control', 'no-store'],
      ...(way === 'digest' ? [['Repr-Digest', `sha-256=:${sha256(content, 'base64')}:`] as const] : []),
    ],
    ...(way === 'trailer' ? { trailers: [FAILURE_FIELD] } : {}),
    ...(framing === 'length'
      ? { length: broken === null ? content.length : announced(way, content, broken) }
      : {}),
    ...(framing === 'close' ? { toClose: true } : {}),
  };
}

/** What Content-Length says: it is met where a digest, or the content itself, is to tell of the failure. */
function announced(way: FailingWay, content: Uint8Array, broken: number): number {
  if (way === 'digest') return broken;
  return way === 'in-content' ? broken + failureLine(broken).length : content.length;
}

async function fail(stream: ResponseStream, way: Failed, broken: number): Promise<void> {
  switch (way) {
    case 'fin':
    case 'short-length':
      stream.abort('fin');
      return;
    case 'rst':
      stream.abort('rst');
      return;
    case 'malformed-chunk':
      await stream.raw(line('not a chunk size'));
      stream.abort('fin');
      return;
    case 'trailer':
      await stream.end([[FAILURE_FIELD, `"The source failed after ${broken} bytes"`]]);
      return;
    case 'in-content':
      await stream.write(failureLine(broken));
      await stream.end();
      return;
    case 'digest':
      await stream.end();
      return;
    default:
      assertNever(way);
  }
}

function failureLine(broken: number): Uint8Array {
  return line(`failed: the source broke off after ${broken} bytes`);
}

function line(text: string): Uint8Array {
  return new TextEncoder().encode(`${text}\r\n`);
}

function sha256(bytes: Uint8Array, encoding: 'hex' | 'base64'): string {
  return createHash('sha256').update(bytes).digest(encoding);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
