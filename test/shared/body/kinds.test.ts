// What content is and how it is read: codings, kinds, charsets, pairs of a form.

import { deflateRawSync, deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { codingsOf, compressionOf } from '../../../shared/body/coding.ts';
import { FORM_PAIRS, formPairs } from '../../../shared/body/form.ts';
import { type BodyKind, kindOf } from '../../../shared/body/kind.ts';
import { decodeText, isText } from '../../../shared/body/text.ts';
import { parameterOf } from '../../../shared/fields/media-type.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('content codings', () => {
  test.each([
    ['', []],
    ['gzip', ['gzip']],
    ['deflate, BR', ['br', 'deflate']],
    ['identity, gzip,', ['gzip']],
  ])('of %j are taken off in the order %j', (value, codings) => {
    expect(codingsOf(value)).toEqual(codings);
  });

  test.each([
    ['gzip', new Uint8Array(0), 'gzip'],
    ['x-gzip', new Uint8Array(0), 'gzip'],
    ['deflate', Uint8Array.from(deflateSync('hello')), 'deflate'],
    ['deflate', Uint8Array.from(deflateRawSync('hello')), 'deflate-raw'],
    ['br', new Uint8Array(0), 'brotli'],
    ['zstd', new Uint8Array(0), 'zstd'],
    ['aes128gcm', new Uint8Array(0), null],
  ])('%s is taken off', (coding, first, name) => {
    expect(compressionOf(coding, first)).toBe(name);
  });
});

describe('the kind of a body', () => {
  test.each<[string, Uint8Array, BodyKind]>([
    ['application/json', utf8('{}'), 'json'],
    ['application/problem+json; charset=utf-8', utf8('{}'), 'json'],
    ['text/plain', utf8('x'), 'text'],
    ['application/xml', utf8('<x/>'), 'text'],
    ['text/event-stream', utf8('data: x\n\n'), 'events'],
    ['Application/X-WWW-Form-Urlencoded', utf8('a=b'), 'form'],
    ['multipart/form-data; boundary=x', utf8('--x'), 'multipart'],
    ['multipart/byteranges; boundary=x', utf8('--x'), 'byteranges'],
    ['message/byterange', utf8('Content-Range: bytes 0-0/1\r\n\r\nx'), 'byteranges'],
    ['application/byteranges', Uint8Array.of(8, 1), 'byteranges'],
    ['message/http', utf8('HTTP/1.1 200 OK\r\n\r\n'), 'message'],
    ['image/png', Uint8Array.of(0x89), 'image'],
    ['image/tiff', Uint8Array.of(0x49), 'binary'],
    ['application/pdf', utf8('%PDF-1.7'), 'binary'],
    ['', utf8('plain words'), 'text'],
    ['application/octet-stream', utf8('plain words'), 'text'],
    ['application/octet-stream', Uint8Array.of(0, 1, 2), 'binary'],
    ['', Uint8Array.of(0xff, 0xfe, 0x41), 'binary'],
    ['application/json', new Uint8Array(0), 'empty'],
  ])('%j with such bytes is shown so', (type, bytes, kind) => {
    expect(kindOf(type, bytes)).toBe(kind);
  });
});

describe('content as text', () => {
  test.each([
    ['UTF-8 without a charset', utf8('grüß'), 'text/plain', 'grüß', 'utf-8'],
    ['its charset', Uint8Array.of(0x67, 0xfc), 'text/plain; charset=ISO-8859-1', 'gü', 'ISO-8859-1'],
    ['a quoted charset', utf8('ü'), 'text/plain; charset="utf-8"', 'ü', 'utf-8'],
  ])('is read by %s', (_, bytes, type, text, charset) => {
    expect(decodeText(bytes, type, true)).toEqual({ text, charset, unknown: null, replaced: false });
  });

  test('says which charset is unknown', () => {
    expect(decodeText(utf8('ü'), 'text/plain; charset=klingon', true)).toEqual({
      text: 'ü',
      charset: 'utf-8',
      unknown: 'klingon',
      replaced: false,
    });
  });

  test('says that bytes were replaced', () => {
    expect(decodeText(Uint8Array.of(0x41, 0xff), '', true)).toMatchObject({
      text: 'A\ufffd',
      replaced: true,
    });
  });

  test('leaves out a character that is cut, unless nothing more comes', () => {
    const cut = utf8('aü').subarray(0, 2);
    expect(decodeText(cut, '', false)).toMatchObject({ text: 'a', replaced: false });
    expect(decodeText(cut, '', true)).toMatchObject({ text: 'a\ufffd', replaced: true });
    expect(isText(cut)).toBe(true);
  });

  test.each([
    ['NUL', Uint8Array.of(0x41, 0), false],
    ['line ends and tabs', utf8('a\tb\r\n'), true],
    ['bytes that are no UTF-8', Uint8Array.of(0xc3, 0x28), false],
  ])('is none or some with %s', (_, bytes, is) => {
    expect(isText(bytes)).toBe(is);
  });
});

describe('pairs of a form', () => {
  test.each([
    ['', []],
    [
      'a=1&b=two+words&&c',
      [
        ['a', '1'],
        ['b', 'two words'],
        ['c', ''],
      ],
    ],
    ['n%C3%A4me=%26%3D%2B', [['näme', '&=+']]],
    ['a=b=c', [['a', 'b=c']]],
    [
      'a=100%&b=%zz%41',
      [
        ['a', '100%'],
        ['b', '%zzA'],
      ],
    ],
    ['a=%ff', [['a', '\ufffd']]],
  ])('of %j', (text, pairs) => {
    expect(formPairs(text)).toEqual(pairs);
  });

  test('end at their bound', () => {
    expect(formPairs('a=1&'.repeat(FORM_PAIRS + 5))).toHaveLength(FORM_PAIRS);
  });
});

describe('a parameter of a media type', () => {
  test.each([
    ['text/plain; Charset="a b"; x=1', 'charset', 'a b'],
    ['multipart/mixed; boundary=a:b', 'boundary', 'a:b'],
    ['multipart/mixed; x; boundary=b', 'boundary', 'b'],
    ['multipart/mixed; boundary="b', 'boundary', ''],
    ['text/plain', 'charset', null],
  ])('of %j: %s', (type, name, value) => {
    expect(parameterOf(type, name)).toBe(value);
  });
});
