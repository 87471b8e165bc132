// The explanation of whole streams: the same JSON that the command line prints.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { explain } from '../../../shared/http1/explain.ts';
import type { SpanKind } from '../../../shared/http1/types.ts';
import { bytesOf } from './transcript.ts';

test('a stream of an interim and a chunked final response', () => {
  const stream =
    'HTTP/1.1 102 Processing\r\nProgress: 1/2\r\n\r\nHTTP/1.1 200 OK\nX: a\r\n  b\r\nTransfer-Encoding: chunked\r\n\r\n3;q\r\nabc\r\n2\r\nde\r\n0\r\nT: v\r\n\r\n';
  const explained = explain(bytesOf(stream), 'response');
  expect(explained).toEqual({
    spans: [
      { kind: 'version', start: 0, end: 8, text: 'HTTP/1.1' },
      { kind: 'status', start: 9, end: 12, text: '102' },
      { kind: 'reason', start: 13, end: 23, text: 'Processing' },
      { kind: 'field-name', start: 25, end: 33, text: 'Progress' },
      { kind: 'field-value', start: 35, end: 38, text: '1/2' },
      { kind: 'version', start: 42, end: 50, text: 'HTTP/1.1' },
      { kind: 'status', start: 51, end: 54, text: '200' },
      { kind: 'reason', start: 55, end: 57, text: 'OK' },
      { kind: 'field-name', start: 58, end: 59, text: 'X' },
      { kind: 'field-value', start: 61, end: 67, text: 'a b' },
      { kind: 'field-name', start: 69, end: 86, text: 'Transfer-Encoding' },
      { kind: 'field-value', start: 88, end: 95, text: 'chunked' },
      { kind: 'chunk-size', start: 99, end: 100, text: '3' },
      { kind: 'chunk-extension', start: 100, end: 102, text: ';q' },
      { kind: 'body', start: 104, end: 107 },
      { kind: 'chunk-size', start: 109, end: 110, text: '2' },
      { kind: 'body', start: 112, end: 114 },
      { kind: 'chunk-size', start: 116, end: 117, text: '0' },
      { kind: 'trailer-name', start: 119, end: 120, text: 'T' },
      { kind: 'trailer-value', start: 122, end: 123, text: 'v' },
    ],
    messages: [
      { start: 0, end: 42, complete: true, status: 102, framing: 'none', bodyBytes: 0 },
      { start: 42, end: 127, complete: true, status: 200, framing: 'chunked', bodyBytes: 5 },
    ],
    notes: [
      { code: 'bare-lf', at: 57, rfc: 'RFC 9112 §2.2' },
      { code: 'obs-fold', at: 64, rfc: 'RFC 9112 §5.2' },
    ],
    error: null,
  });
});

test('requests have method and target', () => {
  const explained = explain(bytesOf('PUT /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab'), 'request');
  expect(explained.messages).toEqual([
    {
      start: 0,
      end: 49,
      complete: true,
      method: 'PUT',
      target: '/a',
      framing: 'content-length',
      bodyBytes: 2,
    },
  ]);
  expect(explained.spans.at(-1)).toEqual({ kind: 'body', start: 47, end: 49 });
});

test('the method of the requests decides about content', () => {
  const stream = bytesOf(
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n',
  );
  const framings = (method?: string): string[] =>
    explain(stream, 'response', method === undefined ? {} : { method }).messages.map(
      ({ framing }) => framing,
    );
  expect(framings('HEAD')).toEqual(['none', 'none']);
  expect(framings('CONNECT')).toEqual(['upgrade']);
  expect(framings()).toEqual(['content-length']);
});

test('a stream that breaks off in content is an incomplete message and an error', () => {
  expect(explain(bytesOf('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel'), 'response')).toMatchObject({
    messages: [{ start: 0, end: 41, complete: false, bodyBytes: 3 }],
    error: { code: 'closed-in-body', at: 41, side: 'server' },
  });
});

test('a head that breaks off is no message, but its whole lines are explained', () => {
  const explained = explain(bytesOf('GET / HTTP/1.1\r\nHost: x\r\nAcc'), 'request');
  expect(explained.messages).toEqual([]);
  expect(explained.spans.map(({ kind }) => kind)).toEqual([
    'method',
    'target',
    'version',
    'field-name',
    'field-value',
  ]);
  expect(explained.error).toEqual({ code: 'closed-before-head', at: 28, side: 'client' });
});

test('nothing at all is explained by nothing', () => {
  expect(explain(new Uint8Array(0), 'response')).toEqual({ spans: [], messages: [], notes: [], error: null });
});

test('spans are in order, do not overlap, and only values may be empty', () => {
  const parts = [
    'HTTP/1.1 200 OK\r\n',
    'GET / HTTP/1.1\r\n',
    'A: b\r\n',
    'A:\r\n',
    ' c\r\n',
    '\r\n',
    '3;x\r\n',
    'abc\r\n',
    '0\r\n',
  ];
  const stream = fc.array(
    fc.constantFrom(...parts, 'Transfer-Encoding: chunked\r\n', 'Content-Length: 3\r\n'),
  );
  const mayBeEmpty: SpanKind[] = ['field-value', 'trailer-value'];
  fc.assert(
    fc.property(fc.constantFrom('request' as const, 'response' as const), stream, (role, pieces) => {
      let position = 0;
      for (const { kind, start, end } of explain(bytesOf(pieces.join('')), role).spans) {
        expect(start).toBeGreaterThanOrEqual(position);
        expect(end).toBeGreaterThanOrEqual(mayBeEmpty.includes(kind) ? start : start + 1);
        position = end;
      }
    }),
    { numRuns: 500 },
  );
});
