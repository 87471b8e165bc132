import { describe, expect, it } from 'vitest';
import { BarKind, type Model } from '../../../../shared/model/model.ts';
import { Layer, OperationState } from '../../../../shared/model/events.ts';
import { closePayload, frame, joined, MASK, text, utf8 } from '../../websocket/frame-bytes.ts';
import { Transcript } from '../transcript.ts';
import { expectTold, layersOf, messagesOf, modelOf } from './messages-of.ts';

const ASK = [
  'GET /chat HTTP/1.1',
  'Host: a',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  '\r\n',
].join('\r\n');

function answer(...fields: string[]): string {
  return [
    'HTTP/1.1 101 Switching Protocols',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
    ...fields,
    '\r\n',
  ].join('\r\n');
}

const ANSWER = answer();
/** Where each direction stops being HTTP. */
const [asked, told] = [ASK.length, ANSWER.length];

const masked = (content: string): Uint8Array => text(content, { mask: MASK });
const close = (code: number, reason: string, mask?: readonly number[]): Uint8Array =>
  frame({
    opcode: 8,
    payload: closePayload(code, reason),
    ...(mask === undefined ? {} : { mask }),
  });

const begun = (transcript: Transcript): Transcript =>
  transcript.open().send('client', ASK).send('server', ANSWER);

const end = (transcript: Transcript): Transcript =>
  transcript
    .ended('server', 'out')
    .ended('client', 'in')
    .close('client', 'fin', 'server')
    .close('server', 'fin', 'server');

const stateOf = (model: Model): unknown => [
  model.exchanges.map(({ status, complete }) => ({ status, complete })),
  model.operationState(model.operations[0]!)!.state,
];

describe('behind a 101', () => {
  it('messages of both directions are told, with what they carry', () => {
    expectTold(
      (transcript) =>
        end(
          begun(transcript)
            .send('client', masked('subscribe'))
            .send('server', text('{"progress":{"done":1,"total":3,"text":"sweaters"}}'))
            .send('server', frame({ opcode: 2, payload: new Uint8Array(7) }))
            .send('server', frame({ opcode: 9, payload: utf8('there?') }))
            .send('client', frame({ opcode: 10, payload: utf8('there?'), mask: MASK }))
            .send('client', close(1000, 'enough', MASK))
            .send('server', close(1000, 'enough')),
        ),
      (model) => [...messagesOf(model), stateOf(model)],
      [
        `client text ${asked}–${asked + 15} subscribe`,
        `server text ${told}–${told + 53} 1/3 sweaters`,
        `server binary ${told + 53}–${told + 62} 7 bytes`,
        `server ping ${told + 62}–${told + 70} there?`,
        `client pong ${asked + 15}–${asked + 27} there?`,
        `client close ${asked + 27}–${asked + 41} 1000 enough`,
        `server close ${told + 70}–${told + 80} 1000 enough`,
        'progress 1/3 "sweaters"',
        [[{ status: 101, complete: true }], OperationState.completed],
      ],
    );
  });

  it('a message is sent at one time and received at another', () => {
    const { records } = begun(new Transcript()).send('client', masked('a')).send('server', text('b'));
    expect(layersOf(modelOf(records))).toEqual([
      `sent client text ${asked}–${asked + 7} a`,
      `received client text ${asked}–${asked + 7} a`,
      `sent server text ${told}–${told + 3} b`,
      `received server text ${told}–${told + 3} b`,
    ]);
  });

  it('a message in pieces is told once, when it is whole', () => {
    expectTold(
      (transcript) =>
        begun(transcript)
          .send('server', text('Hel', { fin: false }))
          .send('server', frame({ opcode: 9, payload: utf8('!') }))
          .send('server', frame({ opcode: 0, payload: utf8('lo') })),
      messagesOf,
      [`server ping ${told + 5}–${told + 8} !`, `server text ${told}–${told + 12} Hello`],
    );
  });

  it('compressed messages are told by their size, where compression was agreed on', () => {
    const agreed = answer('Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover');
    expectTold(
      (transcript) =>
        transcript
          .open()
          .send('client', ASK)
          .send('server', agreed)
          .send('server', frame({ opcode: 1, payload: new Uint8Array(9), reserved: 0x40 }))
          .send('client', frame({ opcode: 2, payload: new Uint8Array(1), reserved: 0x40, mask: MASK })),
      messagesOf,
      [
        `server text ${agreed.length}–${agreed.length + 11} text compressed 9 bytes`,
        `client binary ${asked}–${asked + 7} binary compressed 1 byte`,
      ],
    );
  });

  it('a long text is told by its beginning', () => {
    const { records } = begun(new Transcript()).send('server', text('é'.repeat(300)));
    expect(messagesOf(modelOf(records))).toEqual([`server text ${told}–${told + 604} ${'é'.repeat(199)}…`]);
  });

  it('is over with the Close frame of the server, whoever ends the connection', () => {
    expectTold(
      (transcript) =>
        begun(transcript)
          .send('client', close(1001, '', MASK))
          .send('server', close(1001, ''))
          .close('client', 'rst', 'client')
          .close('server', 'rst', 'client'),
      stateOf,
      [[{ status: 101, complete: true }], OperationState.completed],
    );
  });

  it.each([
    {
      by: 'the server',
      frames: (transcript: Transcript) => transcript.send('server', close(1013, 'too slow')),
    },
    {
      by: 'the client',
      frames: (transcript: Transcript) =>
        transcript.send('client', close(1002, 'no', MASK)).send('server', close(1002, '')),
    },
  ])('a close of $by that says what is wrong is a failure', ({ frames }) => {
    expectTold((transcript) => end(frames(begun(transcript))), stateOf, [
      [{ status: 101, complete: true }],
      OperationState.failed,
    ]);
  });

  it.each([
    { name: 'without a Close frame', last: text('a') },
    { name: 'within a frame', last: text('abc').subarray(0, 3) },
  ])('a connection that ends $name has not come to its end', ({ last }) => {
    expectTold((transcript) => end(begun(transcript).send('server', last)), stateOf, [
      [{ status: 101, complete: false }],
      OperationState.broken,
    ]);
  });

  it('what messages bring is an upload in one direction and a download in the other, one behind the other', () => {
    const compressed = frame({ opcode: 2, payload: utf8('xyz'), reserved: 0x40 });
    expectTold(
      (transcript) =>
        transcript
          .open()
          .send('client', ASK)
          .send('server', answer('Sec-WebSocket-Extensions: permessage-deflate'))
          .send('client', joined([masked('abc'), frame({ opcode: 9, payload: utf8('there?'), mask: MASK })]))
          .send('client', masked('defg'))
          // In two frames, with a control frame between them, and one that is not opened.
          .send('server', frame({ opcode: 2, payload: utf8('01234'), fin: false }))
          .send('server', frame({ opcode: 10, payload: utf8('there?') }))
          .send('server', joined([frame({ opcode: 0, payload: utf8('56789') }), compressed, text('ab')])),
      ({ operations: [operation] }) => {
        const { upload, download } = operation!;
        const layers = [Layer.sent, Layer.received] as const;
        const seen = (map: typeof upload): unknown => {
          const ranges = layers.map((layer) => map.ranges(layer)).filter(({ length }) => length > 0);
          return [new Set(ranges.map((range) => JSON.stringify(range))), map.lengthAt()];
        };
        return [seen(upload), seen(download)];
      },
      [
        [new Set(['[[0,7]]']), null],
        [new Set(['[[0,12]]']), null],
      ],
    );
  });

  it('what a cut has let through of a message counts as far as it came', () => {
    const { records } = begun(new Transcript()).send('client', masked('abcdef'), 9);
    const { upload } = modelOf(records).operations[0]!;
    expect(upload.ranges(Layer.sent)).toEqual([[0, 6]]);
    expect(upload.ranges(Layer.received)).toEqual([[0, 3]]);
  });

  it('the bytes of both directions are those of the exchange', () => {
    const { records } = begun(new Transcript()).send('client', masked('abc')).send('server', text('abcdef'));
    const model = modelOf(records);
    const { bars } = model.exchanges[0]!;
    expect(model.bars.to[bars[BarKind.requestReceived]!]).toBe(asked + 9);
    expect(model.bars.to[bars[BarKind.responseReceived]!]).toBe(told + 8);
  });

  it('a stream whose bytes were counted and not kept is counted, and its messages are not guessed', () => {
    const { records } = begun(new Transcript()).send('server', text('abcdef')).send('server', text('gh'));
    const lost = records.map((record) =>
      record.kind === 'sent' && record.length === 8 ? { ...record, bytes: null } : record,
    );
    const model = modelOf(lost);
    expect(messagesOf(model)).toEqual([]);
    expect(model.bars.to[model.exchanges[0]!.bars[BarKind.responseReceived]!]).toBe(told + 12);
  });

  it('of another protocol, there are bytes and no messages', () => {
    const other = ANSWER.replace('websocket', 'echo');
    expectTold(
      (transcript) =>
        end(
          transcript
            .open()
            .send('client', ASK)
            .send('server', other)
            .send('client', 'GET / what')
            .send('server', joined([text('a'), utf8('HTTP/1.1 200 OK\r\n\r\n')])),
        ),
      (model) => [messagesOf(model), stateOf(model), model.exchanges.length],
      [[], [[{ status: 101, complete: true }], OperationState.completed], 1],
    );
  });
});
