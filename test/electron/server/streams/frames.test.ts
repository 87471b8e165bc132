// What an appender sends that RFC 6455 does not allow, byte by byte: the close code that it is told, and what is in the
// stream then. And handshakes that are none.

import { describe, expect, it } from 'vitest';
import { message, running } from '../harness.ts';
import { appender, closeCodeIn, follower, frame, HANDSHAKE, labelOf, rawAppender } from './peers.ts';

/** A MiB, the longest message, and one byte more. */
const MOST = 1024 * 1024;

describe('frames', () => {
  it.each([
    ['that is not masked', frame('x', { masked: false }), 1002],
    ['of an unknown opcode', frame('x', { first: 0x83 }), 1002],
    ['of an unknown control opcode', frame('', { first: 0x8b }), 1002],
    ['with a reserved bit', frame('x', { first: 0xc1 }), 1002],
    ['that continues nothing', frame('x', { first: 0x80 }), 1002],
    ['of a new message within a message', frame('a', { first: 0x01 }) + frame('b', { first: 0x81 }), 1002],
    ['of a control message in fragments', frame('x', { first: 0x09 }), 1002],
    ['of a ping that is too long', frame('x'.repeat(126), { first: 0x89 }), 1002],
    ['of text that is no UTF-8', frame('\u00ff\u00fe'), 1007],
    [
      'of text in fragments that ends within a character',
      frame('\u00c3', { first: 0x01 }) + frame('', { first: 0x80 }),
      1007,
    ],
    ['that announces more than a message may have', frame('', { first: 0x82, length: MOST + 1 }), 1009],
    [
      'of fragments that are too much together',
      frame('x'.repeat(MOST), { first: 0x02 }) + frame('x', { first: 0x80 }),
      1009,
    ],
    ['of a close code that nobody may send', frame('\u0003\u00ed', { first: 0x88 }), 1002],
    ['of a close reason of one byte', frame('x', { first: 0x88 }), 1002],
    ['of a close reason that is no UTF-8', frame('\u0003\u00e8\u00ff', { first: 0x88 }), 1007],
  ])('a frame %s ends the socket, not what was said before', async (_name, bytes, code) => {
    const lab = await running();
    const raw = await rawAppender(lab, 'log');
    const peer = await follower(lab, 'log');
    raw.send(`${frame('said')}${bytes}${frame('behind')}`);
    await raw.ended;
    expect(closeCodeIn(raw.unread)).toBe(code);
    await peer.closed;
    expect(peer.text).toBe('said');
    await lab.until(() => labelOf(lab, 'log') === 'complete');
    expect((await lab.ask(message('GET /streams/log'))).body).toBe('said');
    // The path is free again.
    const next = await appender(lab, 'log');
    next.socket.close();
    await next.closed;
  });

  it('takes a message in fragments, with a ping between them, as one', async () => {
    const lab = await running();
    const raw = await rawAppender(lab, 'log');
    const peer = await follower(lab, 'log');
    await lab.until(() => labelOf(lab, 'log') === 'appending, 1 following');
    raw.send(frame('one ', { first: 0x01 }) + frame('', { first: 0x89 }));
    raw.send(frame('message', { first: 0x80 }) + frame('x'.repeat(MOST), { first: 0x82 }));
    await peer.until(() => peer.length === 11 + MOST);
    expect(peer.messages.map(({ text, binary }) => [text.length, binary])).toEqual([
      [11, false],
      [MOST, true],
    ]);
    raw.send(frame('\u0003\u00e8', { first: 0x88 }));
    await peer.closed;
    await raw.ended;
    expect(closeCodeIn(raw.unread)).toBe(1000);
  });

  it('keeps of a message that was cut short not a byte, wherever it was cut', async () => {
    const whole = frame('said') + frame('cut short', { first: 0x01 }) + frame('never', { first: 0x80 });
    for (let at = frame('said').length; at < whole.length; at += 3) {
      const lab = await running();
      const raw = await rawAppender(lab, 'log');
      await raw.flushed(whole.slice(0, at));
      await lab.until(() => lab.server.state().resources[0]?.have === 4);
      raw.reset();
      await lab.until(() => labelOf(lab, 'log') === 'complete');
      expect((await lab.ask(message('GET /streams/log'))).body).toBe('said');
    }
  });

  it('lets go of an appender that goes on after it was told to end', async () => {
    const lab = await running();
    const raw = await rawAppender(lab, 'log');
    raw.send(frame('x', { masked: false }));
    await lab.until(() => raw.unread !== '');
    for (let time = 0; labelOf(lab, 'log') !== 'complete' && time < 60; time++) {
      raw.send(frame('more'));
      lab.clock.advance(1000);
      await new Promise<void>((resolve) => void setImmediate(resolve));
    }
    expect(labelOf(lab, 'log')).toBe('complete');
    expect((await lab.ask(message('GET /streams/log'))).body).toBe('');
  });
});

describe('a handshake', () => {
  const without = (name: string): string[] => HANDSHAKE.filter((field) => !field.startsWith(name));

  it.each([
    ['that is none', [], 426],
    ['without Connection', without('Connection'), 426],
    ['of another protocol', [...without('Upgrade'), 'Upgrade: h2c'], 426],
    ['of no version', without('Sec-WebSocket-Version'), 426],
    ['of an old version', [...without('Sec-WebSocket-Version'), 'Sec-WebSocket-Version: 8'], 426],
    ['of a later version', [...without('Sec-WebSocket-Version'), 'Sec-WebSocket-Version: 14'], 426],
    ['without a key', without('Sec-WebSocket-Key'), 400],
    ['with a short key', [...without('Sec-WebSocket-Key'), 'Sec-WebSocket-Key: c2hvcnQ='], 400],
    ['with two keys', [...HANDSHAKE, 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='], 400],
    ['with content', [...HANDSHAKE, 'Content-Length: 1'], 400],
  ])('%s is refused, and nothing is made of it', async (_name, fields, status) => {
    const lab = await running();
    const answer = await lab.ask(message('GET /streams/log?verb=APPEND', fields));
    expect(answer.status).toBe(status);
    if (status === 426) {
      expect(answer.fields.get('sec-websocket-version')).toBe('13');
      expect(answer.fields.get('upgrade')).toBe('websocket');
    }
    expect((await lab.ask(message('GET /streams/log'))).status).toBe(404);
  });

  it('of a follower in a wrong version is refused while somebody appends', async () => {
    const lab = await running();
    const one = await appender(lab, 'log');
    const fields = [...without('Sec-WebSocket-Version'), 'Sec-WebSocket-Version: 9'];
    expect((await lab.ask(message('GET /streams/log', fields))).status).toBe(426);
    expect(labelOf(lab, 'log')).toBe('appending');
    one.socket.close();
    await one.closed;
  });

  it.each([
    ['a frame', frame('at once')],
    ['half a frame', frame('').slice(0, 3)],
    ['another request', message('GET /')],
  ])(
    'behind an older request is refused if %s came behind it: that was read as HTTP',
    async (_what, more) => {
      const lab = await running();
      const raw = await lab.client();
      const first = message('GET /parallel?work=100');
      raw.send(first + message('GET /streams/log?verb=APPEND', HANDSHAKE) + more);
      while (raw.unread === '') {
        lab.clock.advance(100);
        await new Promise<void>((resolve) => void setImmediate(resolve));
      }
      expect((await raw.next()).status).toBe(200);
      expect(await raw.next()).toMatchObject({ status: 400, body: expect.stringContaining('waits for 101') });
      expect((await lab.ask(message('GET /streams/log'))).status).toBe(404);
    },
  );

  it('behind an older request is answered in its turn', async () => {
    const lab = await running();
    const raw = await lab.client();
    raw.send(message('GET /') + message('GET /streams/log?verb=APPEND', HANDSHAKE));
    expect((await raw.next()).status).toBe(200);
    expect((await raw.next()).status).toBe(101);
    raw.send(frame('in turn'));
    await lab.until(() => lab.server.state().resources[0]?.have === 7);
  });

  it('has the answer of RFC 6455, and takes up nothing that was offered beside it', async () => {
    const lab = await running();
    const raw = await lab.client();
    const offers = ['Sec-WebSocket-Protocol: chat, "', 'Sec-WebSocket-Extensions: permessage-deflate; ='];
    // The first frame comes in the same read.
    raw.send(message('GET /streams/log?verb=APPEND', [...HANDSHAKE, ...offers]) + frame('at once'));
    const { status, fields } = await raw.next();
    expect(status).toBe(101);
    expect(Object.fromEntries(fields)).toEqual({
      upgrade: 'websocket',
      connection: 'Upgrade',
      // RFC 6455 §1.3
      'sec-websocket-accept': 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
    });
    await lab.until(() => lab.server.state().resources[0]?.have === 7);
  });
});
