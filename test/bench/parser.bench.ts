// The parser against Node's own (llhttp, native, as node:http drives it) and undici's (llhttp, WebAssembly). Every
// parser gets the same 64 KiB pieces and must at least learn where each part lies and where each message ends.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createParser } from '../../shared/http1/parser.ts';
import type { Http1Sink } from '../../shared/http1/types.ts';
import type { BenchRow } from './types.ts';

const PIECE = 64 * 1024;

/** What a parser reported, so that no round can skip its work unnoticed. */
interface Tally {
  heads: number;
  ends: number;
  contentBytes: number;
}

interface Load {
  readonly bytes: Buffer;
  readonly expected: Tally;
  /** Final responses. */
  readonly finals: number;
}

/** The bytes again and again until they fill about `total` bytes, then `tail`. */
function repeated(unit: string, total: number, head = '', tail = ''): { bytes: Buffer; times: number } {
  const times = Math.ceil(total / unit.length);
  return { bytes: Buffer.from(head + unit.repeat(times) + tail, 'latin1'), times };
}

const TEN_FIELDS =
  'HTTP/1.1 200 OK\r\n' +
  'Date: Fri, 20 Nov 2026 12:00:00 GMT\r\n' +
  'Server: interim/0.1\r\n' +
  'Content-Type: application/json; charset=utf-8\r\n' +
  'Content-Length: 0\r\n' +
  'Cache-Control: no-store, max-age=0\r\n' +
  'ETag: "33a64df551425fcc55e4d42a148795d9f25f89d4"\r\n' +
  'Last-Modified: Thu, 19 Nov 2026 08:12:31 GMT\r\n' +
  'Vary: Accept-Encoding, Accept-Language\r\n' +
  'Upload-Offset: 1048576\r\n' +
  'X-Request-Id: 6b1f0c1e-6a43-4d0c-9a55-6f1c2f3f9a10\r\n\r\n';

function tenFieldLoad(): Load {
  const { bytes, times } = repeated(TEN_FIELDS, 8 * 1024 * 1024);
  return { bytes, expected: { heads: times, ends: times, contentBytes: 0 }, finals: times };
}

function interimLoad(): Load {
  const unit = 'HTTP/1.1 102 Processing\r\nProgress: 48211/100000\r\n\r\n';
  const { bytes, times } = repeated(
    unit,
    4 * 1024 * 1024,
    '',
    'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
  );
  return { bytes, expected: { heads: times + 1, ends: 1, contentBytes: 0 }, finals: 1 };
}

function chunkLoad(): Load {
  const { bytes, times } = repeated(
    `400\r\n${'x'.repeat(1024)}\r\n`,
    64 * 1024 * 1024,
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
    '0\r\n\r\n',
  );
  return { bytes, expected: { heads: 1, ends: 1, contentBytes: times * 1024 }, finals: 1 };
}

function check(who: string, tally: Tally, { expected }: Load): void {
  const same = (Object.keys(expected) as (keyof Tally)[]).every((key) => tally[key] === expected[key]);
  if (!same) throw new Error(`${who} reported ${JSON.stringify(tally)} of ${JSON.stringify(expected)}`);
}

function eachPiece(bytes: Buffer, take: (piece: Buffer) => void): number {
  const pieces: Buffer[] = [];
  for (let i = 0; i < bytes.length; i += PIECE)
    pieces.push(bytes.subarray(i, Math.min(bytes.length, i + PIECE)));
  const begun = performance.now();
  for (const piece of pieces) take(piece);
  return performance.now() - begun;
}

function ours(load: Load): number {
  const tally: Tally = { heads: 0, ends: 0, contentBytes: 0 };
  const sink: Http1Sink = {
    head(head) {
      tally.heads++;
      if (head.status >= 200 && tally.ends + 1 < load.finals) parser.expect('GET');
    },
    content(_, from, to) {
      tally.contentBytes += to - from;
    },
    messageEnd() {
      tally.ends++;
    },
    error(violation) {
      throw new Error(`${violation.code} at ${violation.at}`);
    },
  };
  const parser = createParser('response', sink);
  parser.expect('GET');
  const cost = eachPiece(load.bytes, (piece) => parser.feed(piece));
  check('the parser', tally, load);
  return cost;
}

interface NodeParser {
  initialize(type: number, resource: object): void;
  execute(bytes: Buffer): number | Error;
  [callback: number]: (...args: never[]) => unknown;
}

interface NodeParserClass {
  new (): NodeParser;
  readonly RESPONSE: number;
  readonly kOnHeaders: number;
  readonly kOnHeadersComplete: number;
  readonly kOnBody: number;
  readonly kOnMessageComplete: number;
}

/** Node's own parser with the callbacks that node:http gives it, doing nothing but counting. */
function nodes(load: Load): number {
  // Where node:http takes it from; the only way to it on Node 20 and 24 alike.
  const { HTTPParser } = createRequire(import.meta.url)('node:_http_common') as {
    HTTPParser: NodeParserClass;
  };
  const tally: Tally = { heads: 0, ends: 0, contentBytes: 0 };
  const parser = new HTTPParser();
  parser.initialize(HTTPParser.RESPONSE, {});
  parser[HTTPParser.kOnHeaders] = () => {};
  let interim = false;
  parser[HTTPParser.kOnHeadersComplete] = (
    _major: number,
    _minor: number,
    _headers: string[],
    _method: number,
    _url: string,
    status: number,
  ) => {
    tally.heads++;
    interim = status < 200;
    return 0;
  };
  parser[HTTPParser.kOnBody] = (body: Buffer) => {
    tally.contentBytes += body.length;
  };
  parser[HTTPParser.kOnMessageComplete] = () => {
    if (!interim) tally.ends++;
  };
  const cost = eachPiece(load.bytes, (piece) => {
    const taken = parser.execute(piece);
    if (taken !== piece.length)
      throw new Error(`Node's parser took ${String(taken)} of ${piece.length} bytes`);
  });
  check("Node's parser", tally, load);
  return cost;
}

interface Llhttp {
  readonly memory: WebAssembly.Memory;
  llhttp_alloc(type: number): number;
  llhttp_free(parser: number): void;
  llhttp_execute(parser: number, bytes: number, length: number): number;
  malloc(length: number): number;
  free(pointer: number): void;
}

const TYPE_RESPONSE = 2;
const FastBuffer = (
  Buffer as unknown as Record<symbol, new (bytes: ArrayBufferLike, at: number, length: number) => Buffer>
)[Symbol.species]!;

/** What the imports of the WebAssembly work on, as in undici's client-h1.js. */
const current = {
  tally: { heads: 0, ends: 0, contentBytes: 0 } as Tally,
  piece: Buffer.alloc(0) as Buffer,
  /** Where the piece was copied to. */
  pointer: 0,
  headers: [] as Buffer[],
  statusText: '',
  interim: false,
};

function view(at: number, length: number): Buffer {
  const { piece, pointer } = current;
  return new FastBuffer(piece.buffer, at - pointer + piece.byteOffset, length);
}

/**
 * How llhttp is driven. `undici`: every part of a head becomes a Buffer, and content too, as undici's client-h1.js
 * does it (without its assertions, timers and requests). `positions`: the least there is, two numbers a part.
 */
type Drive = 'undici' | 'positions';

const positions = new Int32Array(4096);
let positionCount = 0;

function importsOf(drive: Drive): WebAssembly.ModuleImports {
  const position = (_parser: number, at: number, length: number): number => {
    positions[positionCount++] = at;
    positions[positionCount++] = length;
    return 0;
  };
  const part = (_parser: number, at: number, length: number): number => {
    current.headers.push(view(at, length));
    return 0;
  };
  const shared = {
    wasm_on_url: position,
    wasm_on_message_begin: () => {
      positionCount = 0;
      return 0;
    },
    wasm_on_headers_complete: (_parser: number, status: number) => {
      current.tally.heads++;
      current.interim = status < 200;
      current.headers = [];
      return 0;
    },
    wasm_on_message_complete: () => {
      if (!current.interim) current.tally.ends++;
      return 0;
    },
  };
  if (drive === 'positions') {
    return {
      ...shared,
      wasm_on_status: position,
      wasm_on_header_field: position,
      wasm_on_header_value: position,
      wasm_on_body: (_parser: number, _at: number, length: number) => {
        current.tally.contentBytes += length;
        return 0;
      },
    };
  }
  return {
    ...shared,
    wasm_on_status: (_parser: number, at: number, length: number) => {
      current.statusText = view(at, length).toString();
      return 0;
    },
    wasm_on_header_field: part,
    wasm_on_header_value: part,
    wasm_on_body: (_parser: number, at: number, length: number) => {
      current.tally.contentBytes += view(at, length).length;
      return 0;
    },
  };
}

const instances = new Map<Drive, Llhttp>();

function llhttpFor(drive: Drive): Llhttp {
  const loaded = instances.get(drive);
  if (loaded !== undefined) return loaded;
  // By path, because the bundled bench lies elsewhere than this file.
  const path = join(process.cwd(), 'test/bench/node_modules/undici/lib/llhttp/llhttp_simd-wasm.js');
  const wasm = createRequire(path)(path) as Uint8Array<ArrayBuffer>;
  const instance = new WebAssembly.Instance(new WebAssembly.Module(wasm), { env: importsOf(drive) });
  const exports = instance.exports as unknown as Llhttp;
  instances.set(drive, exports);
  return exports;
}

function llhttps(load: Load, drive: Drive): number {
  const llhttp = llhttpFor(drive);
  current.tally = { heads: 0, ends: 0, contentBytes: 0 };
  const parser = llhttp.llhttp_alloc(TYPE_RESPONSE);
  current.pointer = llhttp.malloc(PIECE);
  const cost = eachPiece(load.bytes, (piece) => {
    new Uint8Array(llhttp.memory.buffer, current.pointer, PIECE).set(piece);
    current.piece = piece;
    const code = llhttp.llhttp_execute(parser, current.pointer, piece.length);
    if (code !== 0) throw new Error(`llhttp failed with code ${code}`);
  });
  llhttp.free(current.pointer);
  llhttp.llhttp_free(parser);
  check(`llhttp (${drive})`, current.tally, load);
  return cost;
}

/** Passes that nobody counts: a garbage collection that is forced between rounds throws away compiled code. */
const WARM_UP = 4;

function warm(pass: () => number): number {
  for (let i = 0; i < WARM_UP; i++) pass();
  return pass();
}

function row(name: string, make: () => Load, node: number, undici: number): BenchRow {
  let load: Load | null = null;
  const loaded = (): Load => (load ??= make());
  return {
    name,
    setup: () => void loaded(),
    teardown: () => {
      load = null;
    },
    ours: () => warm(() => ours(loaded())),
    peers: [
      { name: "Node's own parser", round: () => warm(() => nodes(loaded())), atLeast: node },
      { name: "undici's llhttp", round: () => warm(() => llhttps(loaded(), 'undici')), atLeast: undici },
      // No target: the engine alone, beneath what any of its users can reach.
      { name: 'llhttp, positions only', round: () => warm(() => llhttps(loaded(), 'positions')), atLeast: 0 },
    ],
  };
}

export const rows: BenchRow[] = [
  row('parser: responses with 10 fields', tenFieldLoad, 2, 2),
  row('parser: 102s with Progress', interimLoad, 4, 1.5),
  row('parser: chunks of 1 KiB', chunkLoad, 10, 1),
];
