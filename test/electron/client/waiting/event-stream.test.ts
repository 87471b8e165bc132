// The HTML standard's own examples of event streams and what their rules imply, each whole, byte by byte and split at random.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventStream, type StreamEvent } from '../../../../electron/client/waiting/event-stream.ts';

interface Read {
  readonly events: StreamEvent[];
  readonly comments: string[];
  readonly retries: number[];
  readonly id: string;
  readonly overlong: boolean;
}

function read(bytes: Uint8Array, cuts: readonly number[], most = 1000, before = ''): Read {
  const events: StreamEvent[] = [];
  const comments: string[] = [];
  const retries: number[] = [];
  const stream = new EventStream(
    {
      event: (event) => events.push(event),
      comment: (text) => comments.push(text),
      retry: (milliseconds) => retries.push(milliseconds),
    },
    before,
    most,
  );
  const ends = [...new Set(cuts)].toSorted((a, b) => a - b).concat(bytes.length);
  let from = 0;
  for (const to of ends) {
    // What was read is overwritten afterwards: nothing may be kept of it.
    const piece = bytes.slice(0, to);
    stream.feed(piece, from, to);
    piece.fill(0x21);
    from = to;
  }
  return { events, comments, retries, id: stream.id, overlong: stream.overlong };
}

function everyWay(text: string, most?: number, before?: string): Read {
  const bytes = new TextEncoder().encode(text);
  const whole = read(bytes, [], most, before);
  expect(read(bytes, Array.from(bytes.keys()), most, before)).toEqual(whole);
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
      expect(read(bytes, cuts, most, before)).toEqual(whole);
    }),
    { numRuns: 30 },
  );
  return whole;
}

const event = (data: string, name = 'message', id = ''): StreamEvent => ({ id, name, data });

describe('a stream of events', () => {
  it.each([
    ['lines of data joined', 'data: YHOO\ndata: +2\ndata: 10\n\n', [event('YHOO\n+2\n10')]],
    [
      'one blank after the colon left out',
      'data:test\n\ndata: test\n\ndata:  test\n\n',
      [event('test'), event('test'), event(' test')],
    ],
    ['data without a colon as empty', 'data\n\ndata\ndata\n\ndata:', [event(''), event('\n')]],
    [
      'a name',
      'event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\ndata: x\n\n',
      [event('73857293', 'add'), event('2153', 'remove'), event('x')],
    ],
    [
      'identifiers that stay',
      'id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n',
      [event('a', 'message', '1'), event('b', 'message', '1'), event('c')],
    ],
    ['no identifier with a NUL', 'id: 1\u0000\ndata: a\n\n', [event('a')]],
    ['unknown keys ignored', 'colour: red\ndata: a\nDATA: b\n data: c\n\n', [event('a')]],
    ['CRLF', 'data: a\r\ndata: b\r\n\r\ndata: c\r\n\r\n', [event('a\nb'), event('c')]],
    ['CR', 'data: a\rdata: b\r\rdata: c\r\r', [event('a\nb'), event('c')]],
    ['all three line ends', 'data: a\r\ndata: b\rdata: c\n\r\n\rdata: d\n\n', [event('a\nb\nc'), event('d')]],
    ['a byte order mark left out', '\uFEFFdata: a\n\n', [event('a')]],
    ['a second byte order mark as part of a name', '\uFEFF\uFEFFdata: a\n\ndata: b\n\n', [event('b')]],
    ['three letters that look like one', '\u00EF\u00BB\u00BFdata: a\n\ndata: b\n\n', [event('b')]],
    ['characters of several bytes', 'event: ö\ndata: 東京 🗼\n\n', [event('東京 🗼', 'ö')]],
    ['no event without an empty line', 'data: a\n\ndata: b\n', [event('a')]],
  ] as const)('has %s', (_name, text, events) => {
    expect(everyWay(text).events).toEqual(events);
  });

  it('tells an event at the CR that ends it, without waiting for what follows', () => {
    expect(read(new TextEncoder().encode('data: a\r\r'), []).events).toEqual([event('a')]);
  });

  it('tells comments and the time after which to come back', () => {
    const { comments, retries, events } = everyWay(': one\n:two\nretry: 250\nretry: soon\nretry: 1e3\n\n');
    expect(comments).toEqual(['one', 'two']);
    expect(retries).toEqual([250]);
    expect(events).toEqual([]);
  });

  it('knows the identifier also of an event without data, and of none that was cut off', () => {
    expect(everyWay('data: a\nid: 1\n\nid: 2\n\nid: 3\n').id).toBe('2');
  });

  it('keeps the identifier of the stream before', () => {
    const { events, id } = everyWay('data: a\n\n', 1000, '41');
    expect(events).toEqual([event('a', 'message', '41')]);
    expect(id).toBe('41');
  });

  it('replaces what is no UTF-8', () => {
    const bytes = new Uint8Array([...new TextEncoder().encode('data: '), 0xe6, 0x0a, 0x0a]);
    expect(read(bytes, [7]).events).toEqual([event('\uFFFD')]);
  });

  it.each([
    ['of one long line', `data: a\n\ndata: ${'x'.repeat(100)}\n\ndata: b\n\n`],
    ['of many lines', `data: a\n\n${'data: x\n'.repeat(20)}\ndata: b\n\n`],
    ['that never ends', `data: a\n\n:${'x'.repeat(200)}`],
  ])('ends at an event %s with more bytes than it may have', (_name, text) => {
    const { events, overlong } = everyWay(text, 60);
    expect(events).toEqual([event('a')]);
    expect(overlong).toBe(true);
  });
});
