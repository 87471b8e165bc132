import { describe, expect, it } from 'vitest';
import { LISTED_INTERIMS, partsOf, readMessage, streamLength } from '../../../renderer/inspector/message.ts';
import { EventTable, Kind } from '../../../shared/model/events.ts';
import { explain } from '../../../shared/http1/explain.ts';
import { Model } from '../../../shared/model/model.ts';
import { storyModel } from '../story-fixture.ts';

describe('the messages of an exchange', () => {
  const model = storyModel();
  const labels = (exchange: number, ms: number) =>
    partsOf(model, model.exchanges[exchange]!, ms * 1e6).map(({ label }) => label);

  it.each([
    [0, Infinity, ['POST', '100']],
    [1, Infinity, ['HEAD', '299']],
    [4, 4100, ['PATCH', '102 0/3']],
    [4, Infinity, ['PATCH', '102 0/3', '102 1/3', '102 2/3', '201']],
  ])('exchange %d by %d ms are %o', (exchange, ms, expected) => {
    expect(labels(exchange, ms)).toEqual(expected);
  });

  it('say how far a request came that was cut', () => {
    const [request] = partsOf(model, model.exchanges[0]!, Infinity);
    expect(request).toMatchObject({
      stream: 'request',
      start: 0,
      headEnd: 320,
      end: 300_320,
      complete: false,
    });
  });

  it('are listed up to a bound', () => {
    const table = new EventTable();
    table.append(0, Kind.connectionOpened, 3, 1, 0xffffffff, 0, 0, 'a → b');
    table.append(0, Kind.operation, 0, 1, 0, 0, 0, 'GET /');
    table.append(0, Kind.exchange, 0, 1, 0, 0, 0, 'GET /');
    for (let i = 0; i < 1000; i++) table.append(1, Kind.interimReceived, 102, 1, 0, i * 20, i * 20 + 20, '');
    const big = new Model(table);
    big.fold();
    expect(partsOf(big, big.exchanges[0]!, Infinity).length).toBe(LISTED_INTERIMS);
    expect(streamLength(big, 1, 'response')).toBe(20_000);
  });

  it('know how long the streams of their connection are', () => {
    expect(streamLength(model, 1, 'request')).toBe(300_320);
    expect(streamLength(model, 3, 'request')).toBe(582_640);
    expect(streamLength(model, 77, 'request')).toBe(0);
  });
});

describe('a message read from its bytes', () => {
  const read = (text: string, role: 'request' | 'response') => {
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    return readMessage(explain(bytes, role, { method: 'POST' }).spans);
  };

  it('has its start line, its fields in order with repeats, and its trailers', () => {
    const message = read(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: 1\r\nx:  2 \r\n\r\n3\r\nabc\r\n0\r\nDigest: d\r\n\r\n',
      'response',
    );
    expect(message.startLine.map(({ text }) => text)).toEqual(['HTTP/1.1', '200', 'OK']);
    expect(message.fields.map(({ name, value }) => [name, value])).toEqual([
      ['Transfer-Encoding', 'chunked'],
      ['X', '1'],
      ['x', '2'],
    ]);
    expect(message.trailers.map(({ name, value }) => [name, value])).toEqual([['Digest', 'd']]);
  });

  it('shows UTF-8 in a value as text, and other bytes as ISO-8859-1', () => {
    const message = read('POST / HTTP/1.1\r\nA: \xc3\xa9\r\nB: \xe9\r\nContent-Length: 0\r\n\r\n', 'request');
    expect(message.fields.slice(0, 2).map(({ value }) => value)).toEqual(['é', 'é']);
  });

  it('reads the first of several messages only', () => {
    const message = read('GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: b\r\n\r\n', 'request');
    expect(message.startLine.map(({ text }) => text)).toEqual(['GET', '/a', 'HTTP/1.1']);
    expect(message.fields.map(({ value }) => value)).toEqual(['a']);
  });
});
