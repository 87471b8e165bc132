// A representation put together from what several exchanges brought of it.

import { describe, expect, test } from 'vitest';
import { assemble, piecemeal } from '../../../shared/body/representation.ts';
import type { ReadBytes } from '../../../shared/export/message.ts';
import { play } from '../export/scenario.ts';
import { cut, head, modelOf, sized } from '../model/told.ts';
import { Transcript } from '../model/transcript.ts';

const text = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes);

/** Reads what one end wrote in a transcript. */
function reading({ records }: Transcript): ReadBytes {
  return (connection, stream, start, end) => {
    const bytes: number[] = [];
    for (const record of records)
      if (
        record.kind === 'sent' &&
        record.connection === connection &&
        (record.end === 'client') === (stream === 'request')
      )
        bytes.push(...(record.bytes ?? []));
    return Promise.resolve({ bytes: Uint8Array.from(bytes.slice(start, end)), kept: true });
  };
}

describe('an upload that was cut and resumed', () => {
  test('is whole, though what its first exchange sent last never arrived', async () => {
    const { model, recorder } = play();
    const operation = model.operations[0]!;
    expect(piecemeal(operation)).toBe('request');
    const read: ReadBytes = (...range) => recorder.bytes(...range);
    const found = await assemble(model, operation, 'request', read, Infinity);
    expect(text(found.bytes)).toBe('01234567890123456789');
    expect(found).toMatchObject({
      ranges: [[0, 20]],
      length: 20,
      contentType: 'text/plain',
      exchanges: 2,
    });
  });

  test('ends at its bound', async () => {
    const { model, recorder } = play();
    const read: ReadBytes = (...range) => recorder.bytes(...range);
    const found = await assemble(model, model.operations[0]!, 'request', read, 6);
    expect(text(found.bytes)).toBe('012345');
    expect(found.ranges).toEqual([[0, 6]]);
  });
});

test('a download that leaves a gap says where', async () => {
  const begun = new Transcript()
    .open()
    .send('client', head('GET /a HTTP/1.1', 'Host: a'))
    .send(
      'server',
      `${head('HTTP/1.1 200 OK', 'Content-Type: text/css', 'ETag: "x"', 'Content-Length: 9')}abc`,
    );
  const told = cut(begun)
    .send('client', head('GET /a HTTP/1.1', 'Host: a', 'Range: bytes=6-8', 'If-Range: "x"'))
    .send(
      'server',
      sized('ghi', 'HTTP/1.1 206 Partial Content', 'Content-Type: text/css', 'Content-Range: bytes 6-8/9'),
    );
  const model = modelOf(told.records);
  const operation = model.operations.find((one) => piecemeal(one) === 'response')!;
  const found = await assemble(model, operation, 'response', reading(told), Infinity);
  expect(text(found.bytes)).toBe('abc\0\0\0ghi');
  expect(found).toMatchObject({
    ranges: [
      [0, 3],
      [6, 9],
    ],
    length: 9,
    contentType: 'text/css',
  });
});

test('what one exchange brought alone is not put together', () => {
  const told = new Transcript().open().send('client', sized('all of it', 'PUT /a HTTP/1.1', 'Host: a'));
  expect(piecemeal(modelOf(told.records).operations[0]!)).toBeNull();
});
