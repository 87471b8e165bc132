// Frames as a peer may send them: each table case whole, byte by byte, and split at random; and the verdicts of another
// implementation beside ours.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as ws from 'ws';
import { createFrameReader } from '../../../shared/websocket/frames.ts';
import { type FrameOptions, type FrameViolation, Opcode } from '../../../shared/websocket/frame-types.ts';
import { closePayload, frame, joined, MASK, text, told, utf8 } from './frame-bytes.ts';

const client: FrameOptions = { from: 'client' };
const server: FrameOptions = { from: 'server' };
const { continuation, binary, close, ping, pong } = Opcode;

interface Case {
  readonly name: string;
  readonly options: FrameOptions;
  readonly frames: readonly Uint8Array[];
  readonly told: readonly string[];
}

const none = new Uint8Array(0);

const cases: readonly Case[] = [
  // RFC 6455 §5.7: the examples.
  {
    name: 'an unmasked text message of a server',
    options: server,
    frames: [Uint8Array.of(0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f)],
    told: ['100–107 text 5: "Hello"'],
  },
  {
    name: 'a masked text message of a client',
    options: client,
    frames: [Uint8Array.of(0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58)],
    told: ['100–111 text 5: "Hello"'],
  },
  {
    name: 'a text message in two frames',
    options: server,
    frames: [Uint8Array.of(0x01, 0x03, 0x48, 0x65, 0x6c), Uint8Array.of(0x80, 0x02, 0x6c, 0x6f)],
    told: ['100–109 text 5: "Hello"'],
  },
  {
    name: 'a ping, and its pong',
    options: server,
    frames: [
      Uint8Array.of(0x89, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f),
      frame({ opcode: pong, payload: utf8('Hello') }),
    ],
    told: ['100–107 ping 5: "Hello"', '107–114 pong 5: "Hello"'],
  },
  {
    name: 'a binary message of 256 bytes, of which 4 are kept',
    options: { ...server, keeps: 4 },
    frames: [frame({ opcode: binary, payload: Uint8Array.from({ length: 256 }, (_, i) => i) })],
    told: ['100–360 binary 256: [0 1 2 3]'],
  },
  {
    name: 'a binary message of 64 KiB, of which none is kept',
    options: { ...server, keeps: 0 },
    frames: [frame({ opcode: binary, payload: new Uint8Array(65_536) }), text('x')],
    told: ['100–65646 binary 65536: []', '65646–65649 text 1: ""'],
  },
  {
    name: 'empty messages',
    options: client,
    frames: [
      text('', { mask: MASK }),
      text('', { fin: false, mask: MASK }),
      frame({ opcode: continuation, payload: none, mask: MASK }),
      frame({ opcode: ping, payload: none, mask: MASK }),
    ],
    told: ['100–106 text 0: ""', '106–118 text 0: ""', '118–124 ping 0: ""'],
  },
  {
    name: 'control frames between the frames of a message',
    options: client,
    frames: [
      text('a', { fin: false, mask: MASK }),
      frame({ opcode: ping, payload: utf8('p'), mask: MASK }),
      frame({ opcode: continuation, payload: utf8('b'), fin: false, mask: MASK }),
      frame({ opcode: pong, payload: none, mask: MASK }),
      frame({ opcode: continuation, payload: utf8('c'), mask: MASK }),
    ],
    told: ['107–114 ping 1: "p"', '121–127 pong 0: ""', '100–134 text 3: "abc"'],
  },
  {
    name: 'a character over two frames, and one cut by what is kept',
    options: { ...server, keeps: 3 },
    frames: [
      frame({ opcode: Opcode.text, payload: utf8('é').subarray(0, 1), fin: false }),
      frame({ opcode: continuation, payload: joined([utf8('é').subarray(1), utf8('𝄞')]) }),
    ],
    told: ['100–110 text 6: "é\uFFFD"'],
  },
  {
    name: 'a close with a code and a reason',
    options: server,
    frames: [frame({ opcode: close, payload: closePayload(1000, 'done') })],
    told: ['100–108 close 6: 1000"done"', 'closed'],
  },
  {
    name: 'a close that says nothing',
    options: client,
    frames: [frame({ opcode: close, payload: none, mask: MASK })],
    told: ['100–106 close 0: ""', 'closed'],
  },
  {
    name: 'a message that does not end',
    options: server,
    frames: [text('a', { fin: false })],
    told: ['in a message'],
  },
  { name: 'half a head', options: server, frames: [Uint8Array.of(0x81, 0x7e, 0)], told: ['in a message'] },
  {
    name: 'compressed messages, where that was agreed on',
    options: { ...server, deflate: true },
    frames: [
      frame({ opcode: Opcode.text, payload: Uint8Array.of(0xf2, 0x48), reserved: 0x40, fin: false }),
      frame({ opcode: continuation, payload: Uint8Array.of(0xcd, 0xc9) }),
      text('plain'),
    ],
    told: ['100–108 compressed text 4: [242 72 205 201]', '108–115 text 5: "plain"'],
  },
  // What is against the rules, and read on.
  {
    name: 'an unmasked frame of a client',
    options: client,
    frames: [text('a'), text('b', { mask: MASK })],
    told: ['unmasked-client-frame at 100: 1002', '100–103 text 1: "a"', '103–110 text 1: "b"'],
  },
  {
    name: 'a masked frame of a server',
    options: server,
    frames: [text('a', { mask: MASK }), text('b')],
    told: ['masked-server-frame at 100: 1002', '100–107 text 1: "a"', '107–110 text 1: "b"'],
  },
  {
    name: 'lengths in more bytes than they need',
    options: server,
    frames: [text('a', { lengthBytes: 2 }), text('b', { lengthBytes: 8 })],
    told: [
      'frame-length-not-minimal at 100: 1002',
      '100–105 text 1: "a"',
      'frame-length-not-minimal at 105: 1002',
      '105–116 text 1: "b"',
    ],
  },
  // What ends the reading.
  {
    name: 'a reserved bit',
    options: server,
    frames: [text('a'), text('b', { reserved: 0x20 }), text('c')],
    told: ['100–103 text 1: "a"', 'reserved-frame-bit at 103: 1002'],
  },
  {
    name: 'the bit of compression where none was agreed on',
    options: server,
    frames: [text('b', { reserved: 0x40 })],
    told: ['reserved-frame-bit at 100: 1002'],
  },
  {
    name: 'the bit of compression on a continuation',
    options: { ...server, deflate: true },
    frames: [
      text('b', { reserved: 0x40, fin: false }),
      frame({ opcode: continuation, payload: utf8('a'), reserved: 0x40 }),
    ],
    told: ['reserved-frame-bit at 103: 1002'],
  },
  ...[3, 7, 11, 15].map((opcode) => ({
    name: `the opcode ${opcode}`,
    options: server,
    frames: [frame({ opcode, payload: none })],
    told: ['unknown-frame-opcode at 100: 1002'],
  })),
  {
    name: 'a control frame in pieces',
    options: server,
    frames: [frame({ opcode: ping, payload: none, fin: false })],
    told: ['control-frame-fragmented at 100: 1002'],
  },
  {
    name: 'a control frame of 126 bytes',
    options: server,
    frames: [frame({ opcode: ping, payload: new Uint8Array(126) })],
    told: ['control-frame-too-long at 100: 1002'],
  },
  {
    name: 'a continuation of nothing',
    options: server,
    frames: [frame({ opcode: continuation, payload: none })],
    told: ['continuation-without-start at 100: 1002'],
  },
  {
    name: 'a message within a message',
    options: server,
    frames: [text('a', { fin: false }), text('b')],
    told: ['message-within-message at 103: 1002'],
  },
  {
    name: 'a length of 2^63 bytes',
    options: server,
    frames: [Uint8Array.of(0x82, 0x7f, 0x80, 0, 0, 0, 0, 0, 0, 0)],
    told: ['frame-too-long at 100: 1009'],
  },
  {
    name: 'a length of 2^53 bytes',
    options: server,
    frames: [Uint8Array.of(0x82, 0x7f, 0, 0x20, 0, 0, 0, 0, 0, 0)],
    told: ['frame-too-long at 100: 1009'],
  },
  {
    name: 'a message larger than is taken, over two frames',
    options: { ...server, largest: 3 },
    frames: [text('ab', { fin: false }), frame({ opcode: continuation, payload: utf8('cd') })],
    told: ['message-too-big at 104: 1009'],
  },
  {
    name: 'text that is not UTF-8',
    options: client,
    frames: [frame({ opcode: Opcode.text, payload: Uint8Array.of(0x61, 0xc0, 0x61), mask: MASK })],
    told: ['text-not-utf-8 at 107: 1007'],
  },
  {
    name: 'text that ends within a character',
    options: server,
    frames: [frame({ opcode: Opcode.text, payload: Uint8Array.of(0xe2, 0x82) })],
    told: ['text-not-utf-8 at 104: 1007'],
  },
  {
    name: 'a close of one byte',
    options: server,
    frames: [frame({ opcode: close, payload: Uint8Array.of(3) })],
    told: ['malformed-close at 100: 1002'],
  },
  ...[0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000].map((code) => ({
    name: `a close with the code ${code}`,
    options: server,
    frames: [frame({ opcode: close, payload: closePayload(code) })],
    told: ['invalid-close-code at 100: 1002', 'closed'],
  })),
  {
    name: 'a reason that is not UTF-8',
    options: server,
    frames: [frame({ opcode: close, payload: Uint8Array.of(3, 0xe8, 0xff) })],
    told: ['text-not-utf-8 at 104: 1007', 'closed'],
  },
  {
    name: 'a reason that ends within a character',
    options: server,
    frames: [frame({ opcode: close, payload: Uint8Array.of(3, 0xe8, 0xc3) })],
    told: ['text-not-utf-8 at 105: 1007', 'closed'],
  },
  {
    name: 'a frame behind a close',
    options: server,
    frames: [frame({ opcode: close, payload: none }), text('a')],
    told: ['100–102 close 0: ""', 'frame-after-close at 102: 1002', 'closed'],
  },
];

describe('a frame reader', () => {
  it.each(cases)('reads $name', ({ options, frames, told: expected }) => {
    const stream = joined(frames);
    expect(told([stream], options, 100)).toEqual(expected);
    expect(
      told(
        Array.from(stream, (byte) => Uint8Array.of(byte)),
        options,
        100,
      ),
    ).toEqual(expected);
    expect(told([stream, none], options, 100)).toEqual(expected);
  });

  it.each(cases)('reads $name, split at random', ({ options, frames, told: expected }) => {
    const stream = joined(frames);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: stream.length }), { maxLength: 6 }), (at) => {
        const cuts = [0, ...at.sort((x, y) => x - y), stream.length];
        const pieces = cuts.slice(1).map((end, i) => stream.subarray(cuts[i], end));
        expect(told(pieces, options, 100)).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it('tells where the payload of its messages lies, and of nothing else', () => {
    const stream = joined([
      text('abc', { mask: MASK }),
      frame({ opcode: 9, payload: utf8('there?'), mask: MASK }),
      frame({ opcode: 2, payload: utf8('xyz'), mask: MASK, reserved: 0x40 }),
      frame({ opcode: 2, payload: utf8('de'), mask: MASK, fin: false }),
      frame({ opcode: 0, payload: utf8(''), mask: MASK }),
    ]);
    const lies: [number, number][] = [];
    const reader = createFrameReader(
      {
        message: () => undefined,
        payload: (at, length) => lies.push([at, length]),
        violation: ({ code }) => expect.unreachable(code),
      },
      { from: 'client', deflate: true },
    );
    reader.feed(stream, 0, 7, 100);
    reader.feed(stream, 7, stream.length, 107);
    expect(lies).toEqual([
      [106, 1],
      [107, 2],
      [136, 2],
    ]);
  });

  it('holds what came, not what was announced', () => {
    const announced = Uint8Array.of(0x81, 0x7f, 0, 0x10, 0, 0, 0, 0, 0, 0);
    expect(told([announced, utf8('a')], server, 100)).toEqual(['in a message']);
  });
});

/** What our reader calls the faults that the other implementation names. */
const NAMES: Readonly<Record<string, string>> = {
  WS_ERR_EXPECTED_FIN: 'control-frame-fragmented',
  WS_ERR_EXPECTED_MASK: 'unmasked-client-frame',
  WS_ERR_INVALID_CLOSE_CODE: 'invalid-close-code',
  WS_ERR_INVALID_UTF8: 'text-not-utf-8',
  WS_ERR_UNEXPECTED_MASK: 'masked-server-frame',
  WS_ERR_UNEXPECTED_RSV_1: 'reserved-frame-bit',
  WS_ERR_UNEXPECTED_RSV_2_3: 'reserved-frame-bit',
};

interface Receiver {
  on(event: string, listener: (...told: never[]) => void): void;
  write(bytes: Uint8Array): void;
}
const { Receiver } = ws as unknown as { Receiver: new (options: object) => Receiver };

/** Messages, and the first fault, as the receiver of `ws` sees them. */
function receivedByWs(stream: Uint8Array, isServer: boolean): string[] {
  const lines: string[] = [];
  const receiver = new Receiver({ isServer, allowSynchronousEvents: true });
  receiver.on('message', (data: Uint8Array, isBinary: boolean) =>
    lines.push(`${isBinary ? 'binary' : 'text'} ${[...data].join(' ')}`),
  );
  for (const type of ['ping', 'pong'])
    receiver.on(type, (data: Uint8Array) => lines.push(`${type} ${[...data].join(' ')}`));
  receiver.on('conclude', (code: number) => lines.push(`close ${code === 1005 ? '' : code}`));
  receiver.on('error', (error: { code: string }) => lines.push(NAMES[error.code] ?? 'a protocol error'));
  // It unmasks in place.
  receiver.write(Buffer.from(stream));
  return lines;
}

/** The same of our reader. */
function receivedByUs(stream: Uint8Array, from: 'client' | 'server'): string[] {
  const lines: string[] = [];
  let over = false;
  const named = new Set(Object.values(NAMES));
  const violated = ({ code }: FrameViolation): void => {
    if (over || code === 'frame-length-not-minimal') return;
    over = true;
    lines.push(named.has(code) ? code : 'a protocol error');
  };
  const reader = createFrameReader(
    {
      message: ({ type, payload, code }) => {
        if (over) return;
        lines.push(`${type} ${type === 'close' ? (code ?? '') : [...payload].join(' ')}`);
        // The other implementation hears nothing behind a close.
        if (type === 'close') over = true;
      },
      violation: violated,
    },
    { from },
  );
  reader.feed(stream, 0, stream.length, 0);
  return lines;
}

const anyFrame = fc
  .record({
    opcode: fc.constantFrom(0, 1, 1, 1, 2, 2, 8, 9, 10, 3),
    payload: fc.oneof(
      fc.string({ maxLength: 8, unit: 'grapheme' }).map(utf8),
      fc.uint8Array({ maxLength: 130 }),
      fc.constantFrom(1000, 1006, 3000).map((code) => closePayload(code, 'x')),
    ),
    fin: fc.constantFrom(true, true, true, false),
    reserved: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0x10, 0x40),
    masked: fc.constantFrom(true, true, true, true, true, true, false),
  })
  .map(({ masked, ...parts }) => frame(masked ? { ...parts, mask: MASK } : parts));

it('tells of what another implementation tells, and takes the same for faults', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyFrame, { maxLength: 6 }), fc.boolean(), async (frames, isServer) => {
      const stream = joined(frames);
      const theirs = receivedByWs(stream, isServer);
      // Its error comes by a later turn of the loop.
      await new Promise<void>((resolve) => void setImmediate(resolve));
      const ours = receivedByUs(stream, isServer ? 'client' : 'server');
      // It looks at text when a message is whole; ours at the first byte that is wrong.
      const early = ours.at(-1) === 'text-not-utf-8' && theirs[ours.length - 1] !== 'text-not-utf-8';
      if (early) expect(ours.slice(0, -1)).toEqual(theirs.slice(0, ours.length - 1));
      else expect(ours).toEqual(theirs);
    }),
    { numRuns: 400 },
  );
});
