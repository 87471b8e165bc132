import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRaw, writeRaw } from '../../../renderer/compose/raw-text.ts';
import { viewRaw } from '../../../renderer/compose/raw-view.ts';

const bytesOf = (text: string) => [...readRaw(text).bytes];

describe('bytes as text', () => {
  it.each([
    ['GET\n', [0x47, 0x45, 0x54, 13, 10]],
    ['a\r\nb', [0x61, 13, 10, 0x62]],
    ['\\r\\n\\t\\0\\\\', [13, 10, 9, 0, 0x5c]],
    ['\\x00\\xFf', [0, 255]],
    ['é', [0xc3, 0xa9]],
    ['𝄞', [0xf0, 0x9d, 0x84, 0x9e]],
  ])('%j is those bytes', (text, bytes) => {
    expect(bytesOf(text)).toEqual(bytes);
    expect(readRaw(text).problem).toBeNull();
  });

  it.each([
    ['a\\q', 1],
    ['\\x0g', 0],
    ['\\', 0],
  ])('says where %j has no escape, and keeps its backslash', (text, at) => {
    const { bytes, problem } = readRaw(text);
    expect(problem?.at).toBe(at);
    expect(bytes).toContain(0x5c);
  });

  it.each([
    [[13, 10], '\n'],
    [[10, 13], '\\n\\r'],
    [[0x5c, 0x78], '\\\\x'],
    [[0, 0x1b, 0x7f, 0xff], '\\x00\\x1b\\x7f\\xff'],
    [[0xc3, 0xa9, 0xc3], 'é\\xc3'],
    // A character that cannot be seen is written as its bytes.
    [[0xe2, 0x80, 0x8b], '\\xe2\\x80\\x8b'],
  ])('writes %j as %j', (bytes, text) => {
    expect(writeRaw(Uint8Array.from(bytes))).toBe(text);
  });

  it('tells any bytes back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const { bytes: back, places, problem } = readRaw(writeRaw(bytes));
        expect(back).toEqual(new Uint8Array(bytes));
        expect(places.length).toBe(bytes.length + 1);
        expect(problem).toBeNull();
      }),
    );
  });
});

describe('raw text as a server sees it', () => {
  it('tells each message, and how its content is framed', () => {
    const text = 'GET /a HTTP/1.1\nHost: h\n\nPOST /b HTTP/1.1\nHost: h\nContent-Length: 2\n\nhi';
    expect(viewRaw(text)).toMatchObject({
      messages: [
        { title: 'GET /a', framing: 'no content' },
        { title: 'POST /b', framing: '2 bytes of content, by Content-Length' },
      ],
      notes: [],
      bytes: 78,
    });
  });

  it('says every character once, and what kind it is of', () => {
    const text = 'GET /a HTTP/1.1\nHost: é\\x41\n\n';
    const { segments } = viewRaw(text);
    expect(segments.map((one) => one.text + (one.crlf ? '\n' : '')).join('')).toBe(text);
    expect(
      segments.filter(({ kind }) => kind !== null).map(({ kind, text: part }) => `${kind} ${part}`),
    ).toEqual(['method GET', 'target /a', 'version HTTP/1.1', 'field-name Host', 'field-value é\\x41']);
  });

  it.each([
    ['GET /a HTTP/1.1\n\n', 1, /no Host field/, 'warning'],
    ['GET /a HTTP/1.1\\nHost: h\n\n', 1, /LF alone/, 'warning'],
    ['GET /a HTTP/1.1\nHost: h\nA B: 1\n\n', 3, /field name is no token/, 'error'],
    ['GET /a HTTP/1.1\nHost: h\n', 3, /empty line ends it/, 'warning'],
    ['PUT /a HTTP/1.1\nHost: h\nContent-Length: 9\n\nhi', 5, /not whole/, 'warning'],
    ['PUT /a HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\n\nzz\n', 5, /chunk size/, 'error'],
    ['GET /a HTTP/1.1\nHost: \\q\n\n', 2, /write \\\\ for the backslash/, 'error'],
  ])('says what is wrong with %j, and in which line', (text, line, sentence, level) => {
    const { notes } = viewRaw(text);
    expect(notes).toContainEqual(
      expect.objectContaining({ line, level, sentence: expect.stringMatching(sentence) as string }),
    );
  });
});
