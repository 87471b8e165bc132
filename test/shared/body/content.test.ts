// The content of a message, read page by page as it is looked at.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ContentReader } from '../../../shared/body/content.ts';
import { joined } from '../../../shared/body/ranges.ts';

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const text = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes);

interface Wire {
  readonly bytes: string;
  readonly stream?: 'request' | 'response';
  readonly method?: string;
  readonly start?: number;
  /** Bytes behind this position were not kept. */
  readonly kept?: number;
}

/** A reader of a stream whose bytes are these; tells which stretches were asked for. */
function readerOf({ bytes, stream = 'response', method = 'GET', start = 0, kept = Infinity }: Wire) {
  const wire = latin1(bytes);
  const pieces: Uint8Array[] = [];
  const asked: [number, number][] = [];
  const reader = new ContentReader(
    (_connection, _stream, from, to) => {
      asked.push([from, to]);
      return Promise.resolve({ bytes: wire.slice(from, Math.min(to, kept)), kept: to <= kept });
    },
    { connection: 1, stream, start, method },
    (piece) => pieces.push(piece.slice()),
  );
  return { reader, asked, content: () => text(joined(pieces)), end: wire.length };
}

const CHUNKED =
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n1\r\n!\r\n0\r\nSum: 6\r\n\r\n';

describe('a content reader', () => {
  test.each<[string, Wire, string, { complete: boolean; announced: number | null }]>([
    [
      'counted content',
      { bytes: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\n' },
      'hello',
      { complete: true, announced: 5 },
    ],
    ['content out of its chunks', { bytes: CHUNKED }, 'hello!', { complete: true, announced: null }],
    [
      'content until the connection closes',
      { bytes: 'HTTP/1.1 200 OK\r\n\r\nall of it' },
      'all of it',
      { complete: true, announced: null },
    ],
    [
      'content cut short',
      { bytes: 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello' },
      'hello',
      { complete: false, announced: 9 },
    ],
    [
      'a request after another one',
      {
        bytes: 'GET / HTTP/1.1\r\n\r\nPUT / HTTP/1.1\r\nContent-Length: 2\r\n\r\nok',
        stream: 'request',
        start: 18,
      },
      'ok',
      { complete: true, announced: 2 },
    ],
    [
      'no content after HEAD, whatever length is told',
      { bytes: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', method: 'HEAD' },
      '',
      { complete: true, announced: null },
    ],
  ])('finds %s', async (_, wire, content, { complete, announced }) => {
    const read = readerOf(wire);
    await read.reader.readTo(Infinity, read.end, true);
    expect(read.content()).toBe(content);
    expect(read.reader.size).toBe(content.length);
    expect(read.reader.complete).toBe(complete);
    expect(read.reader.announced).toBe(announced);
    expect(read.reader.missing).toBe(false);
  });

  test('tells trailers', async () => {
    const { reader, end } = readerOf({ bytes: CHUNKED });
    await reader.readTo(Infinity, end, true);
    expect(reader.trailers?.field('sum')).toBe('6');
  });

  test('stops where bytes were counted and not kept', async () => {
    const bytes = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789';
    const { reader, content, end } = readerOf({ bytes, kept: bytes.length - 4 });
    await reader.readTo(Infinity, end, true);
    expect(content()).toBe('012345');
    expect(reader.missing).toBe(true);
    expect(reader.hasMore(end)).toBe(false);
  });

  test('says that bytes are no message', async () => {
    const { reader, end } = readerOf({ bytes: 'SSH-2.0-what\r\n\r\n' });
    await reader.readTo(Infinity, end, true);
    expect(reader.broken).toBe(true);
    expect(reader.head).toBeNull();
  });

  test('asks for no more than is looked at, and goes on where it stopped', async () => {
    const length = 3_000_000;
    const bytes = `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n${'x'.repeat(length)}`;
    const { reader, asked, end } = readerOf({ bytes });
    await reader.readTo(1_000_000, end, true);
    const first = asked.length;
    expect(reader.size).toBeGreaterThanOrEqual(1_000_000);
    expect(reader.size).toBeLessThan(1_000_000 + 4 * 1024);
    expect(reader.hasMore(end)).toBe(true);
    await reader.readTo(Infinity, end, true);
    expect(reader.complete).toBe(true);
    expect(asked[first]![0]).toBe(asked[first - 1]![1]);
    for (const [from, to] of asked) expect(to - from).toBeLessThanOrEqual(256 * 1024);
  });

  test('finds the same content however much of it has come when it is asked', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: CHUNKED.length }), { maxLength: 5 }),
        async (ends) => {
          const { reader, content } = readerOf({ bytes: CHUNKED });
          for (const end of [...ends.toSorted((x, y) => x - y), CHUNKED.length])
            await reader.readTo(Infinity, end, end === CHUNKED.length);
          expect(content()).toBe('hello!');
          expect(reader.complete).toBe(true);
        },
      ),
    );
  });
});
