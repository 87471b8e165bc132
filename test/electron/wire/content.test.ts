// Cuts that name a byte of the representation, in real messages over real sockets.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { parseCutSpec } from '../../../electron/wire/spec.ts';
import { createRig, hear, numbered, type Rig } from './rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await createRig();
});
afterEach(async () => {
  await rig.close();
  expect(rig.clock.pending).toBe(0);
});

const PAYLOAD = numbered(100);

function message(lines: string[], content: Uint8Array = new Uint8Array(0)): Buffer {
  return Buffer.concat([Buffer.from([...lines, '', ''].join('\r\n')), content]);
}

const POST = message(['POST /a HTTP/1.1', 'Host: a', 'Content-Length: 100'], PAYLOAD);
/** The part's own head is content of the message, and no byte of the representation. */
const part = message(['Content-Range: bytes 40-99/100', 'Content-Length: 60'], PAYLOAD.subarray(40));
const PATCH = message(
  ['PATCH /a HTTP/1.1', 'Host: a', 'Content-Type: message/byterange', `Content-Length: ${part.length}`],
  part,
);
const CHUNKED = Buffer.concat([
  message(['POST /a HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked']),
  Buffer.from('a\r\n'),
  PAYLOAD.subarray(0, 10),
  Buffer.from('\r\n5a\r\n'),
  PAYLOAD.subarray(10),
  Buffer.from('\r\n0\r\n\r\n'),
]);
const GET = message(['GET /a HTTP/1.1', 'Host: a']);
const HEAD = message(['HEAD /a HTTP/1.1', 'Host: a']);
const OK = message(['HTTP/1.1 200 OK', 'Content-Length: 100'], PAYLOAD);
const HEAD_OK = message(['HTTP/1.1 200 OK', 'Content-Length: 100']);
const INTERIM = message(['HTTP/1.1 102 Processing', 'Progress: 1/2']);
const PARTIAL = message(
  ['HTTP/1.1 206 Partial Content', 'Content-Range: bytes 40-99/100', 'Content-Length: 60'],
  PAYLOAD.subarray(40),
);

const headOf = (bytes: Buffer): number => bytes.indexOf('\r\n\r\n') + 4;
const contentOf = (bytes: Buffer): number => bytes.length - 60;

/** name, SPEC, requests, responses, absolute byte of the cut (null: none) */
const CASES: [string, string, Buffer, Buffer, number | null][] = [
  ['before the first byte of a plain request', 'content:0', POST, OK, headOf(POST)],
  ['inside a plain request', 'content:3', POST, OK, headOf(POST) + 3],
  ['behind the last byte of a plain request', 'content:100', POST, OK, POST.length],
  ['past the end of a plain request', 'content:101', POST, OK, null],
  ['inside a part', 'content:70', PATCH, OK, contentOf(PATCH) + 30],
  ['at the first byte of a part', 'content:40', PATCH, OK, contentOf(PATCH)],
  ['before a part', 'content:39', PATCH, OK, null],
  ['inside the first chunk', 'content:9', CHUNKED, OK, headOf(CHUNKED) + 3 + 9],
  ['inside the second chunk', 'content:11', CHUNKED, OK, headOf(CHUNKED) + 3 + 10 + 6 + 1],
  [
    'in the second of pipelined requests',
    'content:50',
    Buffer.concat([GET, POST]),
    OK,
    GET.length + headOf(POST) + 50,
  ],
];
const RESPONSE_CASES: typeof CASES = [
  ['inside a response', 'content:3', GET, OK, headOf(OK) + 3],
  [
    'behind interim responses',
    'content:3',
    GET,
    Buffer.concat([INTERIM, OK]),
    INTERIM.length + headOf(OK) + 3,
  ],
  [
    'behind the answer to a HEAD',
    'content:3',
    Buffer.concat([HEAD, GET]),
    Buffer.concat([HEAD_OK, OK]),
    HEAD_OK.length + headOf(OK) + 3,
  ],
  ['inside a partial response', 'content:70', GET, PARTIAL, contentOf(PARTIAL) + 30],
];

/** How the writer splits what it says. */
const SPLITS: [string, number][] = [
  ['whole', Infinity],
  ['in pieces of 7 bytes', 7],
  ['byte by byte', 1],
];

async function converse(requests: Buffer, responses: Buffer, split: number): Promise<void> {
  const { client, server } = await rig.pair();
  const pieces = (bytes: Buffer): Buffer[] =>
    Array.from({ length: Math.ceil(bytes.length / Math.min(split, bytes.length)) }, (_, index) =>
      bytes.subarray(index * Math.min(split, bytes.length), (index + 1) * Math.min(split, bytes.length)),
    );
  const here = hear(client, ({ length: had }) => {
    if (had === responses.length) client.close('fin');
  });
  const there = hear(server, ({ length: had }) => {
    if (had === requests.length) for (const piece of pieces(responses)) void server.write(piece);
  });
  for (const piece of pieces(requests)) void client.write(piece);
  await Promise.all([
    here.closed,
    there.closed,
    rig.recorder.closing('client'),
    rig.recorder.closing('server'),
  ]);
}

describe.each(SPLITS)('a content cut, messages written %s,', (_, split) => {
  for (const where of ['client:out', 'server:in', 'server:out', 'client:in']) {
    const cases = where === 'client:out' || where === 'server:in' ? CASES : RESPONSE_CASES;
    it.each(cases)(`at ${where} comes %s`, async (_name, at, requests, responses, position) => {
      const spec = parseCutSpec(`${where}:${at}:fin`);
      const id = rig.board.arm(spec, 'plan');
      await converse(requests, responses, split);
      expect(rig.recorder.faults()).toEqual(
        position === null
          ? []
          : [
              {
                end: spec.end,
                direction: spec.direction,
                action: 'cut',
                cut: 'fin',
                origin: 'plan',
                at: position,
                content: spec.at,
              },
            ],
      );
      expect(rig.board.list()).toEqual([{ id, spec, fired: position !== null }]);
      const note = await rig.recorder.closing(spec.end);
      if (position !== null) expect(spec.direction === 'in' ? note.received : note.sent).toBe(position);
    });
  }
});

describe('a content cut of a user', () => {
  it('that a live wire was given as a byte is fired by it, and by nothing after it', async () => {
    const { client, server } = await rig.pair();
    const there = hear(server);
    hear(client);
    const spec = parseCutSpec('server:in:content:30:rst');
    const id = rig.board.arm(spec, 'user');
    server.cutAt(headOf(POST) + 30, 'rst', 'in', 'user', 30);
    void client.write(POST);
    expect(await there.closed).toMatchObject({ how: 'rst', by: 'fault', received: headOf(POST) + 30 });
    expect(rig.recorder.faults()).toMatchObject([{ at: headOf(POST) + 30, content: 30, origin: 'user' }]);
    expect(rig.board.list()).toEqual([{ id, spec, fired: true }]);
  });

  it('that was taken back is taken back from the live wire, too', async () => {
    const { client, server } = await rig.pair();
    const there = hear(server);
    hear(client);
    const id = rig.board.arm(parseCutSpec('server:in:content:30:rst'), 'user');
    server.cutAt(headOf(POST) + 30, 'rst', 'in', 'user', 30);
    rig.board.disarm(id);
    await client.write(POST);
    client.finish();
    expect(await there.closed).toMatchObject({ how: 'fin', received: POST.length });
  });

  it('holds a connection that says nothing it can read, and does not fire', async () => {
    rig.board.arm(parseCutSpec('server:in:content:0:rst'), 'user');
    const { client, server } = await rig.pair();
    const there = hear(server);
    hear(client);
    await client.write(Buffer.from('\u0000\u0001 nonsense\r\n\r\n'.repeat(50)));
    client.finish();
    expect(await there.closed).toMatchObject({ how: 'fin' });
    expect(rig.board.list()).toMatchObject([{ fired: false }]);
  });
});
