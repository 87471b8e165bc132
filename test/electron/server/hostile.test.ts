// Clients that send nonsense, or break off anywhere: the server stays, forgets them, and keeps what it promised to keep.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { message, patch, resumable, running } from './harness.ts';

const CONTENT = 'x'.repeat(300);
const REQUESTS = [
  message('POST /print', resumable(300, 'resume, processing, acknowledge'), CONTENT),
  message('POST /collection', [...resumable(300), 'Connection: close'], CONTENT),
  message(
    'POST /print',
    ['Expect: 100-continue', 'Transfer-Encoding: chunked'],
    `12c\r\n${CONTENT}\r\n0\r\n\r\n`,
  ),
  patch('/job/0.req', 'bytes 0-299/300', CONTENT),
  message('GET /job/0.res', ['Prefer: processing', 'Range: bytes=3-']),
  message('POST /capture', ['Content-Length: 3', 'Prefer: respond-async, wait=5'], 'abc'),
  message('DELETE /job/0.req'),
  message('POST /vault', resumable(300, 'resume, return=representation'), CONTENT),
  message('POST /digest', resumable(300, 'resume=ignore-incomplete'), CONTENT),
  message('POST /collection', ['Content-Type: text/uri-list', ...resumable(10)], '/uploads/a'),
  message('DELETE /photos', ['Prefer: processing', 'Accept-Language: ja, de;q=0.5', 'Content-Length: 0']),
  message('GET /job/0.job', ['Accept: application/json, text/*;q=0.1', 'Authorization: Basic YTpi']),
  multipart(['bytes 0-99/300', CONTENT.slice(0, 100)], ['bytes 100-299/300', CONTENT.slice(100)]),
] as const;

function multipart(...parts: readonly (readonly [range: string, body: string])[]): string {
  const content = `${parts.map(([range, body]) => `--b\r\nContent-Range: ${range}\r\n\r\n${body}\r\n`).join('')}--b--`;
  const type = 'Content-Type: multipart/byteranges; boundary=b';
  return message('PATCH /job/0.req', [type, `Content-Length: ${content.length}`], content);
}

describe('the server outlives', () => {
  test('requests with bytes changed, lost or doubled, broken off by FIN or reset', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...REQUESTS), { minLength: 1, maxLength: 4 }),
        fc.array(fc.record({ at: fc.nat(3000), remove: fc.nat(5), insert: fc.string({ maxLength: 5 }) }), {
          maxLength: 3,
        }),
        fc.nat(3000),
        fc.boolean(),
        async (requests, mutations, cut, reset) => {
          const { ask, board, clock, client, until, notes } = await running();
          let text = requests.join('');
          for (const { at, remove, insert } of mutations) {
            const position = at % text.length;
            text = text.slice(0, position) + insert + text.slice(position + remove);
          }
          const raw = await client();
          await raw.flushed(text.slice(0, cut));
          if (reset) raw.reset();
          else raw.socket.end();
          // Whatever it was: either the connection ends now, or when the job has.
          while (notes.closings.length === 0) {
            clock.advance(100);
            await new Promise<void>((resolve) => void setImmediate(resolve));
          }
          await until(() => board.wires().length === 0);
          expect((await ask(message('GET /'))).status).toBe(200);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('bytes that are no HTTP at all', async () => {
    const { ask, client } = await running();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 3000 }), async (bytes) => {
        const raw = await client();
        await raw.flushed(`x ${Buffer.from(bytes).toString('latin1')}\r\n\r\n`);
        const refusal = await raw.next();
        expect([400, 414, 431]).toContain(refusal.status);
        expect(refusal.body).toMatch(/at byte \d+ of the connection \(RFC/);
        raw.reset();
      }),
      { numRuns: 50 },
    );
    expect((await ask(message('GET /'))).status).toBe(200);
  });
});

describe('an upload whose connection is reset at a random byte of the stream', () => {
  test('has exactly the content that came before it', async () => {
    const head = message('POST /print', resumable(CONTENT.length));
    await fc.assert(
      fc.asyncProperty(fc.nat(head.length + CONTENT.length - 1), async (cut) => {
        const { ask, board, client } = await running();
        const raw = await client();
        while (board.wires().length === 0) await new Promise<void>((resolve) => void setImmediate(resolve));
        // The server's own wire breaks it there: all bytes before are delivered, none after.
        board.wires()[0]?.cutAt(cut, 'rst', 'in', 'user');
        raw.send(head + CONTENT);
        expect(await raw.ended).toBe('rst');
        const status = await ask(message('HEAD /job/0.req'));
        if (cut < head.length) expect(status.status).toBe(404);
        else
          expect([status.status, status.fields.get('content-length')]).toEqual([
            299,
            String(cut - head.length),
          ]);
      }),
      { numRuns: 50 },
    );
  });
});
