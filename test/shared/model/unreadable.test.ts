// Answers that can be read no further: what was asked for has failed, and nothing runs for ever.

import { describe, expect, it } from 'vitest';
import type { End } from '../../../shared/capture/records.ts';
import { OperationState } from '../../../shared/model/events.ts';
import { cut, head, modelOf, shapeOf, sized, told } from './told.ts';
import { bytewise, Transcript } from './transcript.ts';

const { completed, broken, failed, running } = OperationState;

const vantages: readonly { readonly held: string; readonly ends: readonly End[] }[] = [
  { held: 'both ends', ends: ['client', 'server'] },
  { held: 'the client end', ends: ['client'] },
  { held: 'the server end', ends: ['server'] },
];

const get = (target: string, ...fields: string[]): string =>
  head(`GET ${target} HTTP/1.1`, 'Host: a', ...fields);
const CHUNKED = head('HTTP/1.1 200 OK', 'Content-Type: text/plain', 'Transfer-Encoding: chunked');
const ended = (transcript: Transcript): Transcript =>
  transcript.close('server', 'fin', 'server').close('client', 'fin', 'server');

describe.each(vantages)('an answer that is not HTTP, seen from $held', ({ ends }) => {
  const asked = (): Transcript => new Transcript(ends).open().send('client', get('/a'));

  it.each([
    { what: 'a chunk without a size', answer: `${CHUNKED}3\r\nabc\r\nzz\r\n` },
    { what: 'a head that is none', answer: 'SSH-2.0-server\r\n' },
    { what: 'a field without a name', answer: 'HTTP/1.1 200 OK\r\n: a\r\n\r\n' },
  ])('is a failure: $what', ({ answer }) => {
    const { records } = ended(asked().send('server', answer));
    for (const all of [records, bytewise(records)]) {
      const model = modelOf(all);
      expect(shapeOf(model)).toMatchObject([{ resumes: 0, state: failed }]);
      expect(model.operations[0]!.states.at(-1)?.why).toBe('the answer is not HTTP');
      expect(told(model).at(-1)).toBe('Failed');
    }
  });

  it('fails when it comes, and not when the connection ends', () => {
    const model = modelOf(asked().send('server', `${CHUNKED}zz\r\n`).records);
    expect(shapeOf(model)).toMatchObject([{ state: failed }]);
  });

  it('fails the request that awaits it, and none of those before', () => {
    const model = modelOf(
      ended(
        asked()
          .send('client', get('/b'))
          .send('server', `${sized('a', 'HTTP/1.1 200 OK')}HTTP/9 what?\r\n\r\n`),
      ).records,
    );
    expect(shapeOf(model)).toEqual([
      { requests: ['GET 200'], resumes: 0, state: completed },
      { requests: ['GET cut'], resumes: 0, state: failed },
    ]);
  });

  it('is only a break for an upload that is kept somewhere', () => {
    const model = modelOf(
      ended(
        new Transcript(ends)
          .open()
          .send('client', sized('x', 'POST /a HTTP/1.1', 'Host: a', 'Upload-Complete: ?1'))
          .send('server', head('HTTP/1.1 104 Upload Resumption Supported', 'Location: /u/1'))
          .send('server', `${CHUNKED}zz\r\n`),
      ).records,
    );
    expect(shapeOf(model)).toEqual([{ requests: ['POST 200'], resumes: 0, state: broken }]);
  });

  it('is no head that was cut short', () => {
    const { records } = cut(asked().send('server', 'HTTP/1.1 200 OK\r\nCont'));
    expect(shapeOf(modelOf(records))).toMatchObject([{ state: broken }]);
  });
});

describe.each(vantages)('a WebSocket with bytes that are no frames, seen from $held', ({ ends }) => {
  const open = (): Transcript =>
    new Transcript(ends)
      .open()
      .send('client', get('/s', 'Connection: upgrade', 'Upgrade: websocket'))
      .send('server', head('HTTP/1.1 101 Switching Protocols', 'Connection: upgrade', 'Upgrade: websocket'))
      .send('server', Uint8Array.of(0x81, 0x01, 0x61));
  /** RFC 6455 §5.2: an opcode that is reserved. */
  const RESERVED = Uint8Array.of(0x83, 0x00);
  const PROTOCOL_ERROR = Uint8Array.of(0x88, 0x02, 0x03, 0xea);

  it('from the server fails when the connection ends', () => {
    const transcript = open().send('server', RESERVED);
    expect(shapeOf(modelOf(transcript.records))).toMatchObject([{ state: running }]);
    const model = modelOf(ended(transcript).records);
    expect(shapeOf(model)).toMatchObject([{ requests: ['GET 101'], state: failed }]);
    expect(model.operations[0]!.states.at(-1)?.why).toBe('what came is no frame of a WebSocket');
  });

  it('from the client fails when the server closes', () => {
    const model = modelOf(ended(open().send('client', RESERVED).send('server', PROTOCOL_ERROR)).records);
    expect(shapeOf(model)).toMatchObject([{ requests: ['GET 101'], state: failed }]);
  });
});

describe('a connection that is lost', () => {
  it('is told of when its client notices, behind what had still arrived', () => {
    const bytes = `${CHUNKED}3\r\nabc\r\n`;
    const { records } = new Transcript()
      .open()
      .send('client', get('/a'))
      .send('server', bytes)
      .close('server', 'rst', 'server')
      .close('client', 'rst', 'server');
    // The client reads the answer when the server has gone already.
    const [opened, alsoOpened, asked, taken, sent, read, gone, noticed] = records;
    const late = [
      opened!,
      alsoOpened!,
      asked!,
      taken!,
      sent!,
      gone!,
      { ...read!, time: gone!.time },
      noticed!,
    ];
    expect(told(modelOf(late))).toEqual(['GET /a', '200 OK', 'Connection lost: the server reset it (RST).']);
  });
});
