// The pieces of content as they are listed.

import { describe, expect, test } from 'vitest';
import { messagePieces, partPieces, rangePieces } from '../../../../renderer/inspector/body/pieces-of.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const FORM = 'multipart/form-data; boundary=x';

describe('parts', () => {
  test('are called by their names, and tell their files and types', () => {
    const content =
      '--x\r\nContent-Disposition: form-data; name="a"; filename="b.txt"\r\nContent-Type: text/plain\r\n\r\none\r\n' +
      '--x\r\n\r\ntwo\r\n--x--';
    const { pieces, problem } = partPieces(FORM, utf8(content), true);
    expect(pieces.map(({ title, hint, contentType }) => [title, hint, contentType])).toEqual([
      ['a', 'b.txt · text/plain', 'text/plain'],
      ['part 2', '', ''],
    ]);
    expect(problem).toBeNull();
  });

  test.each([
    ['without their last boundary', '--x\r\n\r\none', true, /last boundary/],
    ['with another boundary', 'words', true, /boundary/],
  ])('%s say so', (_, content, whole, problem) => {
    expect(partPieces(FORM, utf8(content), whole).problem).toMatch(problem);
  });

  test('that are still to come are no problem', () => {
    expect(partPieces(FORM, utf8('--x\r\n\r\none'), false).problem).toBeNull();
  });
});

describe('ranges', () => {
  test.each([
    ['bytes 4-6/10', 'bytes 4–6 of 10', 4],
    ['bytes 1000-1002/*', 'bytes 1,000–1,002', 1000],
  ])('%s', (range, title, origin) => {
    const { pieces } = rangePieces('message/byterange', utf8(`Content-Range: ${range}\r\n\r\nabc`), true);
    expect(pieces.map((piece) => [piece.title, piece.origin, piece.whole])).toEqual([[title, origin, true]]);
  });

  test('that cannot be read say why', () => {
    expect(rangePieces('message/byterange', utf8('A: b\r\n\r\nabc'), true).problem).toMatch(
      /no Content-Range/,
    );
  });
});

describe('messages', () => {
  test('are called by their start lines', () => {
    const { pieces, problem } = messagePieces(
      utf8('HTTP/1.1 200 OK\r\nContent-Type: text/css\r\nContent-Length: 1\r\n\r\nx'),
    );
    expect(pieces.map(({ title, hint }) => [title, hint])).toEqual([['HTTP/1.1 200 OK', 'text/css']]);
    expect(problem).toBeNull();
  });

  test('that are none say so', () => {
    expect(messagePieces(utf8('words')).problem).toMatch(/no HTTP/);
  });
});
