// /odd: what libraries are shown has to be on the wire exactly as it is meant.

import { describe, expect, test } from 'vitest';
import { message, running } from './harness.ts';

/** Everything up to the end of the connection or the last chunk, without the date. */
async function bytesOf(request: string): Promise<string> {
  const { client } = await running();
  const raw = await client();
  let text = '';
  raw.socket.on('data', (piece) => (text += String(piece)));
  const whole = new Promise<void>((resolve) => {
    raw.socket.on('data', () => {
      if (text.includes('\r\n0\r\n')) resolve();
    });
    void raw.ended.then(() => resolve());
  });
  raw.send(request);
  await whole;
  return text.replace(/Date: .*\r\n/, '');
}

const HEAD =
  'HTTP/1.1 200 Odd But Fine\r\nContent-Type: text/plain\r\nCache-Control: no-store\r\nX-Odd-CASE: first\r\n' +
  'x-between: the two\r\nX-Odd-CASE: second\r\nTrailer: X-Trailer\r\nTransfer-Encoding: chunked\r\n\r\n';
const FIRST = '10\r\nThe first half, \r\n';

describe('/odd', () => {
  test('sends each interim response that is asked for, then the odd answer with its trailer', async () => {
    expect(await bytesOf(message('GET /odd?interims=100,199'))).toBe(
      'HTTP/1.1 100 Continue\r\nX-Interim-NUMBER: 1\r\n\r\n' +
        'HTTP/1.1 199 Made Up\r\nX-Interim-NUMBER: 2\r\n\r\n' +
        `${HEAD}${FIRST}11\r\nand the second.\r\n\r\n0\r\nX-Trailer: behind the content\r\n\r\n`,
    );
  });

  test.each(['fin', 'rst'] as const)('breaks off behind the first half by %s', async (cut) => {
    const { client } = await running();
    const raw = await client();
    raw.send(message(`GET /odd?cut=${cut}`));
    expect(await raw.ended).toBe(cut);
    expect(raw.unread).toMatch(/The first half, \r\n$/);
  });

  test('tells a client that waits to go on', async () => {
    const { client } = await running();
    const raw = await client();
    raw.send(message('POST /odd', ['Expect: 100-continue', 'Content-Length: 2']));
    expect((await raw.next()).status).toBe(100);
  });

  test.each(['interims=101', 'interims=200', 'interims=1,2', 'pause=-1', 'cut=slowly'])(
    'refuses %s with a sentence',
    async (query) => {
      const { ask } = await running();
      const { status, body } = await ask(message(`GET /odd?${query}`));
      expect(status).toBe(400);
      expect(body).toMatch(/ must be /);
    },
  );
});
