// Acknowledge: never ahead of what is stored, never at the expense of the 102s, on POST and on PATCH.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { message, patch, resumable, type Response, running } from '../harness.ts';

const STEPS = 3;

function acknowledged(interim: readonly Response[]): number[] {
  return interim.flatMap(({ status, fields }) => {
    const value = fields.get('acknowledge');
    return status === 100 && value !== undefined ? [Number(value)] : [];
  });
}

describe('Prefer: acknowledge', () => {
  test('grows, ends below what was sent, and leaves the 102s their places, whatever the limit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 600_000 }),
        fc.integer({ min: 0, max: 12 }),
        fc.boolean(),
        async (length, interimLimit, chunked) => {
          const { client, clock } = await running({ interimLimit, stepMilliseconds: 100 });
          const raw = await client();
          const prefer = 'Prefer: resume, processing, acknowledge';
          const framing = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`;
          const content = 'x'.repeat(length);
          raw.send(message('POST /collection', ['Expect: 100-continue', prefer, framing]));
          raw.send(chunked ? `${length.toString(16)}\r\n${content}\r\n0\r\n\r\n` : content);
          const final = raw.final();
          const told = await Promise.race([final, steps()]);
          const { interim } = told;
          const acks = acknowledged(interim);
          expect(acks).toEqual(acks.toSorted((a, b) => a - b));
          for (const bytes of acks) expect(bytes).toBeLessThanOrEqual(length);
          expect(interim.length).toBeLessThanOrEqual(interimLimit);
          const steps102 = interim.filter(({ status }) => status === 102).length;
          expect(steps102).toBe(Math.min(STEPS, Math.max(0, interimLimit - 1)));

          /** Moves the clock as long as the job needs it. */
          async function steps(): Promise<Response> {
            for (;;) {
              clock.advance(100);
              await new Promise<void>((resolve) => void setImmediate(resolve));
              const done = await Promise.race([final, null]);
              if (done !== null) return done;
            }
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('tells what a HEAD then confirms, when the connection breaks behind it', async () => {
    const { ask, client } = await running();
    const raw = await client();
    raw.send(message('POST /collection', resumable(1_000_000, 'resume, acknowledge')));
    await raw.next();
    raw.send('x'.repeat(300_000));
    const told = Number((await raw.next()).fields.get('acknowledge'));
    expect(told).toBeGreaterThanOrEqual(64 * 1024);
    raw.reset();
    const head = await ask(message('HEAD /job/0.req'));
    expect(Number(head.fields.get('content-length'))).toBeGreaterThanOrEqual(told);
  });

  test.each(['the POST', 'the PATCH'])(
    'of %s holds for a PATCH, which tells positions in the whole',
    async (of) => {
      const { ask, client, stored } = await running({ stepMilliseconds: 0 });
      const total = 700_000;
      const raw = await client();
      raw.send(
        message('POST /collection', resumable(total, of === 'the POST' ? 'resume, acknowledge' : 'resume')),
      );
      raw.send('x'.repeat(1000));
      await stored(1000);
      raw.reset();
      const own = of === 'the PATCH' ? ['Prefer: acknowledge'] : [];
      const part = patch('/job/0.req', `bytes 1000-${total - 1}/${total}`, 'x'.repeat(total - 1000), own);
      const { status, interim } = await ask(part);
      expect(status).toBe(201);
      const told = acknowledged(interim);
      expect(told.length).toBeGreaterThan(0);
      expect(told.length).toBeLessThanOrEqual(10);
      expect(told[0]).toBeGreaterThanOrEqual(1000 + 64 * 1024);
      for (const bytes of told) expect(bytes).toBeLessThanOrEqual(total);
    },
  );

  test('is not told to a client that did not ask, nor over HTTP/1.0', async () => {
    const { ask } = await running({ stepMilliseconds: 0 });
    const plain = await ask(message('POST /print', resumable(200_000), 'x'.repeat(200_000)));
    expect(acknowledged(plain.interim)).toEqual([]);
    const old = message('POST /print', resumable(200_000, 'acknowledge'), 'x'.repeat(200_000));
    const answer = await ask(old.replace('HTTP/1.1', 'HTTP/1.0'));
    expect([answer.status, answer.interim]).toEqual([200, []]);
  });
});
