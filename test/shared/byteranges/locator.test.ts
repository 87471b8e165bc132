// Where representation bytes lie, in streams of requests and responses, however the streams are split.

import { expect, test } from 'vitest';
import { ContentLocator } from '../../../shared/byteranges/locator.ts';
import { createParser } from '../../../shared/http1/parser.ts';
import type { Role } from '../../../shared/http1/types.ts';
import { byteByByte, bytesOf, randomSplits, whole } from '../http1/transcript.ts';

/** What the locator says about a stream: pieces joined where they touch, in the representation and in the stream. */
function located(role: Role, pieces: Uint8Array[], expected: string[]): string[] {
  const found: { offset: number; at: number; text: string }[] = [];
  const lines: string[] = [];
  const close = (): void => {
    for (const { offset, at, text } of found.splice(0)) lines.push(`${offset} at ${at}: ${text}`);
  };
  const locator = new ContentLocator(
    ({ offset, bytes, from, to, at }) => {
      const text = String.fromCharCode(...bytes.subarray(from, to));
      const last = found.at(-1);
      if (
        last !== undefined &&
        last.offset + last.text.length === offset &&
        last.at + last.text.length === at
      ) {
        last.text += text;
      } else found.push({ offset, at, text });
    },
    (total) => {
      close();
      lines.push(`length ${total}`);
    },
    {
      head({ said }, index) {
        close();
        lines.push(`part ${index} by ${said}`);
      },
      note({ code, at }) {
        close();
        lines.push(`note ${code} at ${at}`);
      },
      fault({ code, at }) {
        close();
        lines.push(`fault ${code} at ${at}`);
      },
    },
  );
  const parser = createParser(role, {
    head: (head) => locator.head(head),
    content: (bytes, from, to, at) => locator.content(bytes, from, to, at),
    messageEnd: () => locator.messageEnd(),
  });
  for (const method of expected) parser.expect(method);
  for (const piece of pieces) parser.feed(piece);
  parser.end();
  close();
  return lines;
}

/** A request with this patch as content. */
function patch(type: string, content: string): string {
  return `PATCH / HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\nContent-Length: ${content.length}\r\n\r\n${content}`;
}

const part = 'Content-Range: bytes 3-7/100\r\nContent-Length: 5\r\n\r\nhello';

const cases: [string, Role, string, string[]][] = [
  [
    'plain content begins at offset 0',
    'request',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello',
    ['length 5', '0 at 47: hello'],
  ],
  [
    'chunked content goes on from chunk to chunk',
    'response',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n',
    ['0 at 50: he', '2 at 57: llo'],
  ],
  [
    'an interim head between changes nothing',
    'response',
    'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi',
    ['length 2', '0 at 65: hi'],
  ],
  [
    'a part of a PATCH lies where its Content-Range says, and its head is no representation byte',
    'request',
    `PATCH / HTTP/1.1\r\nHost: a\r\nContent-Type: Message/Byterange; x=y\r\nContent-Length: ${part.length}\r\n\r\n${part}`,
    ['part 0 by content-range', 'length 100', '3 at 138: hello'],
  ],
  [
    'the dialect without a unit means bytes',
    'request',
    'PATCH / HTTP/1.1\r\nHost: a\r\nContent-Type: message/byterange\r\nContent-Length: 30\r\n\r\nContent-Range: 3-4/5\r\n\r\nhello?',
    [
      'note missing-unit at 97',
      'part 0 by content-range',
      'length 5',
      '3 at 106: he',
      'fault body-too-long at 108',
    ],
  ],
  [
    'a part that only tells the length has no bytes',
    'request',
    'PATCH / HTTP/1.1\r\nHost: a\r\nContent-Type: message/byterange\r\nContent-Length: 29\r\n\r\nContent-Range: bytes */50\r\n\r\n',
    ['part 0 by content-range', 'length 50'],
  ],
  [
    'a part without a range lies nowhere',
    'request',
    'PATCH / HTTP/1.1\r\nHost: a\r\nContent-Type: message/byterange\r\nContent-Length: 8\r\n\r\nA: b\r\n\r\nPOST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx',
    ['fault missing-range at 81', 'length 1', '0 at 136: x'],
  ],
  [
    'an offset says where a part begins as well',
    'request',
    patch('message/byterange', 'Content-Offset: 7\r\n\r\nhello'),
    ['part 0 by content-offset', '7 at 103: hello'],
  ],
  [
    'each part of a multipart lies in its place, and the length is told once',
    'request',
    patch(
      'multipart/byteranges; boundary=B',
      '--B\r\nContent-Range: bytes 3-4/9\r\n\r\nde\r\n--B\r\nContent-Range: bytes 0-1/9\r\n\r\nab\r\n--B--',
    ),
    ['part 0 by content-range', 'length 9', '3 at 132: de', 'part 1 by content-range', '0 at 171: ab'],
  ],
  [
    'behind a part that cannot be read nothing has a place',
    'request',
    patch(
      'multipart/byteranges; boundary=B',
      '--B\r\nContent-Offset: 3\r\n\r\nde\r\n--B\r\nA: b\r\n\r\nxy\r\n--B\r\nContent-Offset: 3\r\n\r\nde\r\n--B--',
    ),
    ['part 0 by content-offset', '3 at 123: de', 'fault missing-range at 132'],
  ],
  [
    'the parts of application/byteranges lie in their places',
    'request',
    patch(
      'application/byteranges',
      '\x08\x1a\x0dcontent-range\x0bbytes 3-4/9\x02de\x0a\x0econtent-offset\x010\x00\x01a\x02bc\x00',
    ),
    [
      'part 0 by content-range',
      'length 9',
      '3 at 116: de',
      'part 1 by content-offset',
      '0 at 138: a',
      '1 at 140: bc',
    ],
  ],
  [
    'a 206 in several parts has each in its place',
    'response',
    'HTTP/1.1 206 Partial Content\r\nContent-Type: multipart/byteranges; boundary=B\r\nTransfer-Encoding: chunked\r\n\r\n' +
      '26\r\n\r\n--B\r\nContent-Range: bytes 3-5/9\r\n\r\nd\r\n' +
      '29\r\nef\r\n--B\r\nContent-Range: bytes 7-8/9\r\n\r\nhi\r\n7\r\n\r\n--B--\r\n0\r\n\r\n',
    [
      'part 0 by content-range',
      'length 9',
      '3 at 149: d',
      '4 at 156: ef',
      'part 1 by content-range',
      '7 at 195: hi',
    ],
  ],
  [
    'a 206 with a range of its own is one part, whatever its type',
    'response',
    'HTTP/1.1 206 Partial Content\r\nContent-Type: multipart/byteranges; boundary=B\r\nContent-Range: bytes 10-14/*\r\nContent-Length: 5\r\n\r\n--B\r\n',
    ['10 at 129: --B\r\n'],
  ],
  [
    'a 206 that says neither lies nowhere',
    'response',
    'HTTP/1.1 206 Partial Content\r\nContent-Length: 2\r\n\r\nhi',
    [],
  ],
  [
    'a multipart that is no 206 is a representation like any other',
    'response',
    'HTTP/1.1 200 OK\r\nContent-Type: multipart/byteranges; boundary=B\r\nContent-Length: 2\r\n\r\nhi',
    ['length 2', '0 at 86: hi'],
  ],
  [
    'a 206 begins at its first position',
    'response',
    'HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 10-14/*\r\nContent-Length: 5\r\n\r\nhello',
    ['10 at 81: hello'],
  ],
  [
    'a 206 without a usable range lies nowhere',
    'response',
    'HTTP/1.1 206 Partial Content\r\nContent-Range: lines 1-2/3\r\nContent-Length: 5\r\n\r\nhello',
    [],
  ],
  [
    'a message/byterange response is a representation like any other',
    'response',
    'HTTP/1.1 200 OK\r\nContent-Type: message/byterange\r\nContent-Length: 2\r\n\r\nhi',
    ['length 2', '0 at 71: hi'],
  ],
  [
    'content cut short is located as far as it came',
    'request',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhel',
    ['length 9', '0 at 47: hel'],
  ],
];

for (const [name, role, stream, expected] of cases) {
  test(name, () => {
    const bytes = bytesOf(stream);
    expect(located(role, whole(bytes), ['GET'])).toEqual(expected);
    expect(located(role, byteByByte(bytes), ['GET'])).toEqual(expected);
    for (let seed = 0; seed < 20; seed++)
      expect(located(role, randomSplits(bytes, seed), ['GET'])).toEqual(expected);
  });
}
