import fc from 'fast-check';
import { createParser } from 'eventsource-parser';
import { describe, expect, it } from 'vitest';
import { MessageType } from '../../../../shared/model/events.ts';
import { EventStreamMessages } from '../../../../shared/model/messages/event-stream.ts';
import { Transcript } from '../transcript.ts';
import { expectTold, messagesOf, modelOf, nameOf } from './messages-of.ts';

/** What is told of a stream that comes in these pieces, as lines. */
function told(pieces: readonly Uint8Array[], at = 0): string[] {
  const lines: string[] = [];
  const reader = new EventStreamMessages({
    message: (what, start, end, gist) =>
      lines.push(`${start}–${end} ${nameOf(what)} ${JSON.stringify(gist)}`),
    progress: ({ text }, where) => lines.push(`progress ${text} at ${where}`),
    brings: (where, length) => lines.push(`brings ${length} bytes at ${where}`),
    unfinished: () => lines.push('unfinished'),
    failed: (why) => lines.push(`failed: ${why}`),
    over: (where) => lines.push(`over at ${where}`),
    breach: (rule, where) => lines.push(`${rule} at ${where}`),
  });
  let position = at;
  for (const piece of pieces) {
    reader.feed(piece, 0, piece.length, position);
    position += piece.length;
  }
  reader.end();
  return lines;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const cases = [
  { name: 'an event', stream: 'data: one\n\n', told: ['100–111 event "one"'] },
  {
    name: 'names, ids and lines that are joined',
    stream: 'event: add\nid: 7\ndata: one\ndata:two\n\n',
    told: ['100–137 event "add: one two"'],
  },
  {
    name: 'comments, between events and within',
    stream: ':\n: hello\n\ndata: a\n:within\ndata: b\n\n',
    told: [
      '100–102 comment ""',
      '102–110 comment "hello"',
      '119–127 comment "within"',
      '111–136 event "a b"',
    ],
  },
  {
    name: 'lines that end in CRLF',
    stream: 'data: a\r\n\r\ndata: b\r\n\r\n',
    told: ['100–111 event "a"', '111–122 event "b"'],
  },
  {
    name: 'lines that end in CR',
    stream: 'data: a\r\rdata: b\r\r',
    told: ['100–109 event "a"', '109–118 event "b"'],
  },
  { name: 'a byte order mark', stream: '\u{feff}data: a\n\n', told: ['103–112 event "a"'] },
  { name: 'half a byte order mark is none', stream: 'data: a\n\n', told: ['100–109 event "a"'] },
  { name: 'a block that says nothing', stream: 'event: a\n\nretry: 5\nid: 2\n\n', told: [] },
  { name: 'an empty event', stream: 'data\n\n', told: ['100–106 event ""'] },
  { name: 'an event that is cut off', stream: 'data: a\n\ndata: b\n', told: ['100–109 event "a"'] },
  {
    name: 'progress',
    stream: 'event: progress\ndata: {"progress":{"done":2,\ndata: "total":null}}\n\n',
    told: ['100–167 event "progress: 2/"', 'progress 2/ at 167'],
  },
  { name: 'characters beyond ASCII', stream: 'data: é𝄞\n\n', told: ['100–114 event "é𝄞"'] },
];

describe('a stream of events', () => {
  it.each(cases)('holds $name', ({ stream, told: expected }) => {
    const whole = bytes(stream);
    expect(told([whole], 100)).toEqual(expected);
    expect(
      told(
        Array.from(whole, (byte) => Uint8Array.of(byte)),
        100,
      ),
    ).toEqual(expected);
  });

  it('gives the events that the library gives, however it is split', () => {
    const piece = fc.constantFrom(
      'data',
      ':',
      ' ',
      'event',
      'id',
      'x',
      '\n',
      '\n\n',
      '\r',
      '\r\n',
      '{',
      'é',
      '\0',
    );
    const cut = fc.array(fc.nat(60), { maxLength: 4 });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), cut, (pieces, cuts) => {
        const stream = pieces.join('');
        const expected: string[] = [];
        const parser = createParser({
          onEvent: ({ event, data }) =>
            expected.push(`event ${event === undefined ? data : `${event}: ${data}`}`),
          onComment: (comment) => expected.push(`comment ${comment}`),
        });
        // A CR at its end may be half of a line's end: something must follow.
        parser.feed(`${stream}\n`);
        const whole = bytes(`${stream}\n`);
        const at = [
          0,
          ...cuts.map((place) => Math.min(place, whole.length)).sort((x, y) => x - y),
          whole.length,
        ];
        const lines = told(at.slice(1).map((end, i) => whole.subarray(at[i], end)));
        const names = lines.map((line) => / (.*)/s.exec(line)![1]!);
        expect(names).toEqual(
          expected.map((line) => {
            const [what = '', rest = ''] = [
              line.slice(0, line.indexOf(' ')),
              line.slice(line.indexOf(' ') + 1),
            ];
            return `${what} ${JSON.stringify(rest.replaceAll(/\s*[\r\n]\s*/g, ' '))}`;
          }),
        );
      }),
    );
  });

  it('holds a bounded part of an event without end, and goes on behind it', () => {
    const long = bytes(`data: ${'x'.repeat(70_000)}\ndata: more\n\ndata: a\n\n`);
    const lines = told([long]);
    expect(lines).toEqual([
      `0–70019 event ${JSON.stringify(`${'x'.repeat(199)}…`)}`,
      '70019–70028 event "a"',
    ]);
  });
});

describe('an event stream in a response', () => {
  const ask = 'GET /events HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n';
  const head =
    'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n';

  it('has its events where they lie in the stream, with the framing between', () => {
    const at = head.length;
    expectTold(
      (transcript) =>
        transcript
          .open()
          .send('client', ask)
          .send('server', head)
          .send('server', '7\r\n: hi\n\nd\r\n')
          .send('server', '10\r\nata: {"progress"\r\n1f\r\n:{"done":1,"total":4}}\n\ndata: b\r\n')
          .send('server', '2\r\n\n\n\r\n0\r\n\r\n'),
      messagesOf,
      [
        `server comment ${at + 3}–${at + 8} hi`,
        `server event ${at + 9}–${at + 62} 1/4`,
        `server event ${at + 62}–${at + 76} b`,
        'progress 1/4',
      ],
    );
  });

  it('is not opened where its content is coded', () => {
    const coded = head.replace('Cache', 'Content-Encoding: gzip\r\nCache');
    const { records } = new Transcript()
      .open()
      .send('client', ask)
      .send('server', `${coded}9\r\ndata: a\n\n\r\n0\r\n\r\n`);
    expect(messagesOf(modelOf(records))).toEqual([]);
  });
});

it('knows each kind of message by a number of its own', () => {
  const numbers = Object.values(MessageType);
  expect(new Set(numbers).size).toBe(numbers.length);
});
