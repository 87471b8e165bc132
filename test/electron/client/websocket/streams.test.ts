// Our client of streams against servers made by others, and against our own.

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appendStream } from '../../../../electron/client/websocket/append.ts';
import { followStream } from '../../../../electron/client/websocket/follow.ts';
import { messagesOf } from '../../../../electron/client/websocket/messages.ts';
import { createManualClock } from '../../../../electron/wire/clock.ts';
import { leaping } from '../../leaping.ts';
import { running } from '../../server/harness.ts';
import { context, pieces, plainServer, socketServer } from './peers.ts';

const sha256 = (text: string): string => createHash('sha256').update(text, 'latin1').digest('hex');

/** What a follower was told, as ISO-8859-1. */
function listener(): { text: string; readonly content: (bytes: Uint8Array) => null } {
  const told = {
    text: '',
    content: (bytes: Uint8Array): null => {
      told.text += Buffer.from(bytes).toString('latin1');
      return null;
    },
  };
  return told;
}

describe('appending', () => {
  it('says each piece in a message of its own, as text where it is text', async () => {
    const messages: [string, boolean][] = [];
    const asks: unknown[] = [];
    const url = await socketServer((socket, asked) => {
      asks.push({ url: asked.url, verb: asked.verb });
      socket.on('message', (data: Buffer, binary) => messages.push([data.toString('latin1'), binary]));
    });
    const source = pieces('one\n', '\xff', 'f\xc3', '\xbc\n');
    const result = await appendStream(`${url}/a/b?c=d`, source, {}, context());
    expect(result).toEqual({
      outcome: 'completed',
      reason: 'Appended 9 bytes in 4 messages.',
      status: 101,
      closeCode: 1000,
      bytes: 9,
      messages: 4,
      digest: sha256('one\n\xfff\xc3\xbc\n'),
    });
    expect(messages).toEqual([
      ['one\n', false],
      ['\xff', true],
      ['f', false],
      ['\xc3\xbc\n', false],
    ]);
    expect(asks).toEqual([{ url: '/a/b?c=d', verb: 'APPEND' }]);
  });

  it('keeps bytes and order, whatever they are and however they come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.uint8Array({ maxLength: 9 }),
            fc.string({ unit: 'grapheme' }).map((text) => Buffer.from(text)),
          ),
        ),
        async (parts) => {
          const source = (async function* () {
            yield* parts;
          })();
          const said: Uint8Array[] = [];
          for await (const { bytes, binary } of messagesOf(source)) {
            expect(bytes.length).toBeGreaterThan(0);
            // Throws for a text message that is none.
            if (!binary) new TextDecoder('utf-8', { fatal: true }).decode(bytes);
            said.push(bytes);
          }
          expect(Buffer.concat(said)).toEqual(Buffer.concat(parts));
        },
      ),
    );
  });

  it('breaks a long piece up', async () => {
    const lengths: number[] = [];
    for await (const { bytes } of messagesOf(pieces('x'.repeat(150_000)))) lengths.push(bytes.length);
    expect(lengths).toEqual([65_536, 65_536, 18_928]);
  });

  it.each([
    [
      '403',
      'HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno',
      'Somebody else appends to this stream (403): follow it, or try again when they have left.',
    ],
    [
      '405',
      'HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 9\r\n\r\nOnly PUT.',
      'The server answered 405 Method Not Allowed: Only PUT.',
    ],
    ['200', 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfile', 'The server answered 200 OK: file.'],
    [
      '302',
      'HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n',
      'The server answered 302 Found.',
    ],
  ])('is refused by %s, and ends the connection', async (status, answer, reason) => {
    let ended = (): void => {};
    const end = new Promise<void>((resolve) => (ended = resolve));
    const url = await plainServer((socket) => {
      socket.once('data', () => socket.write(answer));
      socket.on('end', ended);
    });
    const result = await appendStream(url, pieces('x'), {}, context());
    expect(result).toMatchObject({ outcome: 'refused', reason, status: Number(status), bytes: 0 });
    await end;
  });

  it.each([
    ['closes at once', '', 'The connection broke before the server had answered.'],
    [
      'answers with no handshake',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n',
      'What the server answered is no handshake of a WebSocket (Invalid Sec-WebSocket-Accept header).',
    ],
    ['answers nonsense', 'NONSENSE\r\n\r\n', /no handshake/],
  ])('fails with a server that %s', async (_name, answer, reason) => {
    const url = await plainServer((socket) => void socket.once('data', () => socket.end(answer)));
    const result = await appendStream(url, pieces('x'), {}, context());
    expect(result).toMatchObject({ outcome: 'failed', status: null });
    expect(result.reason).toMatch(reason);
  });

  it('fails where nothing listens', async () => {
    const url = await plainServer(() => {});
    const port = Number(new URL(url).port);
    const free = port === 1 ? 2 : 1;
    const result = await appendStream(`ws://127.0.0.1:${free}/x`, pieces('x'), {}, context());
    expect(result).toMatchObject({ outcome: 'failed', status: null });
    expect(result.reason).toMatch(/^Nothing listens on 127\.0\.0\.1:/);
  });

  it.each(['ftp://127.0.0.1/x', 'no URL'])('does not go to %s', async (url) => {
    await expect(appendStream(url, pieces('x'), {}, context())).rejects.toThrow();
    await expect(followStream(url, {}, context())).rejects.toThrow();
  });

  it('stops asking its source when the server closes, and says why', async () => {
    const url = await socketServer((socket) =>
      socket.on('message', () => socket.close(1011, 'The disk is full')),
    );
    let returned = false;
    const source = (async function* () {
      try {
        yield Buffer.from('x');
        // Nothing more ever comes.
        await new Promise(() => {});
      } finally {
        returned = true;
      }
    })();
    const result = await appendStream(url, source, {}, context());
    expect(result).toMatchObject({
      outcome: 'failed',
      reason: 'The server closed the stream with 1011: The disk is full. 1 byte in 1 message had been sent.',
      closeCode: 1011,
    });
    // It waits for what never comes: nobody waits for it.
    expect(returned).toBe(false);
  });

  it('has not appended what it had still to say when the server closed, in good order or not', async () => {
    const url = await socketServer((socket) => socket.on('message', () => socket.close(1000)));
    const source = (async function* () {
      yield Buffer.from('x');
      await new Promise(() => {});
    })();
    expect(await appendStream(url, source, {}, context())).toMatchObject({
      outcome: 'failed',
      reason: 'The server closed the stream before all was said. 1 byte in 1 message had been sent.',
      closeCode: 1000,
    });
  });

  it('gives up a server that never stops talking to whoever appends', async () => {
    const url = await socketServer((socket) => {
      const talk = (): void => {
        if (socket.readyState === socket.OPEN) socket.send('x', () => setImmediate(talk));
      };
      talk();
    });
    const source = (async function* () {
      yield Buffer.from('x');
      await new Promise(() => {});
    })();
    expect(await appendStream(url, source, {}, context())).toMatchObject({
      outcome: 'failed',
      reason:
        'The server sent more than 1,000 messages to whoever appends. 1 byte in 1 message had been sent.',
    });
  });

  it('gives up a server that says without an end that its answer is to come', async () => {
    const url = await plainServer((socket) => {
      const hint = (): void => {
        if (!socket.destroyed) socket.write('HTTP/1.1 103 Early Hints\r\n\r\n', () => setImmediate(hint));
      };
      socket.once('data', hint);
    });
    const result = await appendStream(url, pieces('x'), { patience: 1000 }, context({ clock: leaping(100) }));
    expect(result).toMatchObject({
      outcome: 'failed',
      reason: 'The server did not come to an answer within 12000 ms.',
      status: null,
    });
  });

  it('fails when the connection is cut', async () => {
    const url = await socketServer((socket) => socket.on('message', () => socket.terminate()));
    const source = (async function* () {
      yield Buffer.from('x');
      await new Promise(() => {});
    })();
    const result = await appendStream(url, source, {}, context());
    expect(result).toMatchObject({ outcome: 'failed', closeCode: null });
    expect(result.reason).toBe('The connection broke. 1 byte in 1 message had been sent.');
  });

  it('closes in good order when it is stopped', async () => {
    let closed = (_code: number): void => {};
    const closing = new Promise<number>((resolve) => (closed = resolve));
    const ending = new AbortController();
    const url = await socketServer((socket) => {
      socket.on('close', closed);
      socket.on('message', () => ending.abort());
    });
    const source = (async function* () {
      yield Buffer.from('x');
      await new Promise(() => {});
    })();
    const result = await appendStream(url, source, {}, context({ signal: ending.signal }));
    expect(result).toMatchObject({ outcome: 'completed', reason: 'Stopped: appended 1 byte in 1 message.' });
    expect(await closing).toBe(1000);
  });

  it('throws what its source throws, after it has closed', async () => {
    let closed = (_code: number): void => {};
    const closing = new Promise<number>((resolve) => (closed = resolve));
    const url = await socketServer((socket) => socket.on('close', closed));
    const source = (async function* () {
      yield Buffer.from('x');
      throw new Error('The file is gone.');
    })();
    await expect(appendStream(url, source, {}, context())).rejects.toThrow('The file is gone.');
    expect(await closing).toBe(1000);
  });

  it.each([
    ['before it answers', false],
    ['afterwards', true],
  ])('gives up a server that is silent %s', async (_name, answers) => {
    const clock = createManualClock();
    let silent = (): void => {};
    const isSilent = new Promise<void>((resolve) => (silent = resolve));
    const url = answers
      ? await socketServer((socket) => {
          socket.pause();
          silent();
        })
      : await plainServer((socket) => void socket.once('data', silent));
    const source = (async function* () {
      await new Promise(() => {});
      yield Buffer.from('x');
    })();
    let opened = (): void => {};
    const isOpen = new Promise<void>((resolve) => (opened = resolve));
    const done = appendStream(url, source, { patience: 1000, opened }, context({ clock }));
    await isSilent;
    if (answers) await isOpen;
    for (let round = 0; round < 6; round++) clock.advance(250);
    const result = await done;
    expect(result.outcome).toBe('failed');
    expect(result.reason).toMatch(
      /^Nothing came from the server for 1000 ms, not even the answer to a ping\./,
    );
  });
});

describe('following', () => {
  it('takes each message as it comes, until the server closes', async () => {
    const told = listener();
    const url = await socketServer((socket) => {
      socket.send('one');
      socket.send(Uint8Array.of(0xff));
      socket.close(1000);
    });
    const result = await followStream(url, told, context());
    expect(result).toEqual({
      outcome: 'completed',
      reason: 'The appender has left. It was 4 bytes in 2 messages.',
      status: 101,
      closeCode: 1000,
      bytes: 4,
      messages: 2,
      digest: sha256('one\xff'),
    });
    expect(told.text).toBe('one\xff');
  });

  it('takes the content of a 200 where nobody appends', async () => {
    const told = listener();
    const url = await socketServer(
      () => {},
      (_request, response) => response.end('what there is'),
    );
    const result = await followStream(url, told, context());
    expect(result).toMatchObject({
      outcome: 'completed',
      reason: 'Nobody appends now: this is what there is, 13 bytes.',
      status: 200,
      bytes: 13,
      messages: 0,
      digest: sha256('what there is'),
    });
    expect(told.text).toBe('what there is');
  });

  it('fails where that content breaks off', async () => {
    const url = await plainServer((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'));
    });
    const result = await followStream(url, {}, context());
    expect(result).toMatchObject({ outcome: 'failed', reason: 'The connection broke. 4 bytes had come.' });
  });

  it.each([
    [404, 'Nobody has ever appended to this stream (404): append something first, or check the path.'],
    [500, 'The server answered 500 Internal Server Error: sorry.'],
  ])('is refused by %i', async (status, reason) => {
    const url = await socketServer(
      () => {},
      (_request, response) => response.writeHead(status).end('sorry'),
    );
    expect(await followStream(url, {}, context())).toMatchObject({ outcome: 'refused', reason, status });
  });

  it.each([
    [
      'closes with 1013',
      (socket: { close(code: number, why: string): void }) => socket.close(1013, 'Too slow.'),
      1013,
      'The server closed the stream with 1013: Too slow. 0 bytes in 0 messages had come.',
    ],
    [
      'closes with 1001 and no word',
      (socket: { close(code: number): void }) => socket.close(1001),
      1001,
      'The server closed the stream with 1001. 0 bytes in 0 messages had come.',
    ],
    [
      'cuts the connection',
      (socket: { terminate(): void }) => socket.terminate(),
      null,
      'The connection broke. 0 bytes in 0 messages had come.',
    ],
  ])('fails when the server %s', async (_name, serve, closeCode, reason) => {
    const url = await socketServer(serve);
    expect(await followStream(url, {}, context())).toMatchObject({ outcome: 'failed', closeCode, reason });
  });

  it('says what is wrong with a frame that is none', async () => {
    const masked = Uint8Array.of(0x81, 0x81, 1, 2, 3, 4, 5);
    const url = await socketServer((_socket, { raw }) => raw.write(masked));
    expect(await followStream(url, {}, context())).toMatchObject({
      outcome: 'failed',
      reason:
        'What the server sent is no WebSocket (Invalid WebSocket frame: MASK must be clear). 0 bytes in 0 messages had come.',
      closeCode: null,
    });
  });

  it('reads on only when its reader has taken what came', async () => {
    const size = 8 * 1024 * 1024;
    const sent: number[] = [];
    const url = await socketServer((socket) => {
      for (let at = 0; at < size; at += 65_536) socket.send(Buffer.alloc(65_536), () => sent.push(at));
      socket.close(1000);
    });
    let held = 0;
    let most = 0;
    const result = await followStream(
      url,
      {
        content: async (bytes) => {
          held += bytes.length;
          most = Math.max(most, held);
          await new Promise<void>((resolve) => void setImmediate(resolve));
          held -= bytes.length;
        },
      },
      context(),
    );
    expect(result).toMatchObject({ outcome: 'completed', bytes: size });
    expect(most).toBeLessThan(1024 * 1024);
  });

  it('throws what its reader throws', async () => {
    const url = await socketServer((socket) => socket.send('x'));
    const content = (): Promise<void> => Promise.reject(new Error('The disk is full.'));
    await expect(followStream(url, { content }, context())).rejects.toThrow('The disk is full.');
  });

  it('closes in good order when it is stopped', async () => {
    let closed = (_code: number): void => {};
    const closing = new Promise<number>((resolve) => (closed = resolve));
    const url = await socketServer((socket) => {
      socket.on('close', closed);
      socket.send('x');
    });
    const ending = new AbortController();
    const content = (): null => {
      ending.abort();
      return null;
    };
    const result = await followStream(url, { content }, context({ signal: ending.signal }));
    expect(result).toMatchObject({ outcome: 'completed', reason: 'Stopped after 1 byte in 1 message.' });
    expect(await closing).toBe(1000);
  });
});

describe('both against our server', () => {
  it('a follower has what the appender said, and a second appender is refused', async () => {
    const { server } = await running();
    const url = `${server.url}/streams/log`;
    const told = listener();
    let following: ReturnType<typeof followStream> | null = null;
    let second: ReturnType<typeof appendStream> | null = null;
    const source = (async function* () {
      yield Buffer.from('first\n');
      let opened = (): void => {};
      const open = new Promise<void>((resolve) => (opened = resolve));
      following = followStream(url.replace('http', 'ws'), { ...told, opened }, context());
      await open;
      second = appendStream(url, pieces('x'), {}, context());
      expect(await second).toMatchObject({ outcome: 'refused', status: 403 });
      yield Buffer.from('second\n');
    })();
    const appended = await appendStream(url, source, {}, context());
    expect(appended).toMatchObject({ outcome: 'completed', bytes: 13, messages: 2 });
    expect(await following).toMatchObject({
      outcome: 'completed',
      reason: 'The appender has left. It was 13 bytes in 2 messages.',
      digest: appended.digest,
    });
    expect(told.text).toBe('first\nsecond\n');
    expect(await server.digest('/streams/log')).toBe(appended.digest);
  });
});
