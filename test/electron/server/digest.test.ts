// /digest: what it was sent is counted and hashed over any cuts, and cannot be read back.

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DigestContent } from '../../../electron/server/uploads/digest-content.ts';
import { message, patch, resumable, running } from './harness.ts';

const CONTENT = Array.from({ length: 30_000 }, (_value, index) => String.fromCharCode(index & 0xff)).join('');
const SHA256 = createHash('sha256').update(CONTENT, 'latin1').digest('hex');

describe('POST /digest', () => {
  test('tells length and SHA-256, over any cuts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(CONTENT.length - 1), { maxLength: 4 }), async (breaks) => {
        const { ask, client, stored, server } = await running();
        const ends = [...breaks.toSorted((a, b) => a - b), CONTENT.length];
        let have = 0;
        let body = '';
        for (const [index, end] of ends.entries()) {
          const raw = await client();
          if (index === 0) {
            raw.send(message('POST /digest', resumable(CONTENT.length), CONTENT.slice(0, end)));
          } else {
            const whole = patch('/job/0.req', `bytes ${have}-29999/30000`, CONTENT.slice(have));
            raw.send(whole.slice(0, whole.length - (CONTENT.length - end)));
          }
          if (end === CONTENT.length) body = (await raw.final()).body;
          else {
            await stored(end);
            raw.reset();
            const head = await ask(message('HEAD /job/0.req'));
            expect(head.line).toBe('HTTP/1.1 299 Incomplete Content');
            have = Number(head.fields.get('content-length'));
            expect(have).toBe(end);
          }
        }
        expect(JSON.parse(body)).toEqual({ length: CONTENT.length, sha256: SHA256 });
        expect(await server.digest('/job/0.req')).toBe(SHA256);
      }),
      { numRuns: 25 },
    );
  });

  test('answers GET of its content by 405 and the methods that there are, complete or not', async () => {
    const { ask, client, stored } = await running();
    const raw = await client();
    raw.send(message('POST /digest', resumable(10), '01234'));
    await stored(5);
    const early = await ask(message('GET /job/0.req'));
    expect([early.status, early.fields.get('allow')]).toEqual([405, 'HEAD, PATCH, DELETE']);
    // Whoever only asked in vain breaks nothing.
    raw.send('56789');
    expect((await raw.final()).status).toBe(200);
    const late = await ask(message('GET /job/0.req', ['Range: bytes=0-3']));
    expect([late.status, late.fields.get('allow')]).toEqual([405, 'HEAD, PATCH, DELETE']);
    const head = await ask(message('HEAD /job/0.req'));
    expect([head.status, head.fields.get('content-length')]).toEqual([200, '10']);
    expect((await ask(message('GET /job/0.res'))).body).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*"length":10/);
    expect((await ask(message('DELETE /job/0.req'))).status).toBe(204);
    expect((await ask(message('HEAD /job/0.req'))).status).toBe(404);
  });

  test('is not limited in what it reads, only in what it can count', async () => {
    const { client, ask } = await running({ uploadLimit: 10, storeLimit: 10 });
    const raw = await client();
    raw.send(message('POST /digest', resumable(Number.MAX_SAFE_INTEGER)));
    expect((await raw.next()).status).toBe(100);
    expect((await ask(message('POST /digest', resumable(20), 'x'.repeat(20)))).status).toBe(200);
  });

  test('says how to use it', async () => {
    const { ask } = await running();
    expect((await ask(message('GET /digest'))).body).toMatch(/POST something/);
  });
});

describe('content of which the digest only is kept', () => {
  test('gives it at any time, and goes on', async () => {
    const content = new DigestContent();
    const bytes = Buffer.from('abcdef');
    content.append(bytes, 0, 3);
    expect(content.current()).toBe(createHash('sha256').update('abc').digest('hex'));
    content.append(bytes, 3, 3);
    content.append(bytes, 3, 6);
    expect(content.length).toBe(6);
    expect(await content.digest()).toBe(createHash('sha256').update('abcdef').digest('hex'));
    expect([content.read(0, 0), content.read(0, 1)]).toEqual([new Uint8Array(0), null]);
  });
});
