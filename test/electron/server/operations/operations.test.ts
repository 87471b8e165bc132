// What a server that is full remembers: what was read or deleted goes before what was not, the oldest first; an unfinished
// upload and an item stay.

import { describe, expect, test } from 'vitest';
import { message, resumable, running, type Running } from '../harness.ts';

/** An upload that waits to be resumed. */
async function broken({ client, until, notes }: Running): Promise<void> {
  const raw = await client();
  raw.send(message('POST /print', resumable(10), '01234'));
  await raw.next();
  const before = notes.closings.length;
  raw.socket.end();
  await until(() => notes.closings.length > before);
}

const DONE = message('POST /print', resumable(0));
/** Answered before it is done. */
const ASYNC = message('POST /print', resumable(0, 'resume, respond-async, wait=0'));

describe('a server that keeps as many operations as it can', () => {
  test('forgets the oldest whose response was sent, before any whose was not', async () => {
    const run = await running({ stepMilliseconds: 1, operationLimit: 3 });
    expect((await run.ask(ASYNC)).status).toBe(202);
    run.clock.advance(100);
    for (let index = 0; index < 2; index++) {
      const raw = await run.client();
      raw.send(DONE);
      await raw.next();
      run.clock.advance(100);
      expect((await raw.final()).status).toBe(200);
    }
    const status = async (id: number): Promise<number> =>
      (await run.ask(message(`GET /job/${id}.job`))).status;
    expect((await run.ask(ASYNC)).status).toBe(202);
    expect([await status(0), await status(1), await status(2)]).toEqual([200, 404, 200]);
    expect((await run.ask(ASYNC)).status).toBe(202);
    expect([await status(0), await status(2), await status(3)]).toEqual([200, 404, 200]);
    // None was sent any more: the oldest.
    run.clock.advance(100);
    expect((await run.ask(ASYNC)).status).toBe(202);
    expect([await status(0), await status(3), await status(4)]).toEqual([404, 200, 200]);
    // Its document was read, or one was deleted: both are known of.
    run.clock.advance(100);
    expect((await run.ask(message('GET /job/4.res'))).status).toBe(200);
    expect((await run.ask(ASYNC)).status).toBe(202);
    expect([await status(3), await status(4), await status(5)]).toEqual([200, 404, 200]);
    run.clock.advance(100);
    expect((await run.ask(message('DELETE /job/5.job'))).status).toBe(204);
    expect((await run.ask(ASYNC)).status).toBe(202);
    expect((await run.ask(message('GET /job/5.res'))).status).toBe(404);
    expect([await status(3), await status(6), await status(7)]).toEqual([200, 200, 200]);
  });

  test('keeps an unfinished upload and an item, and says 503 when there is nothing else', async () => {
    const run = await running({ stepMilliseconds: 0, operationLimit: 3 });
    await broken(run);
    await run.ask(message('POST /collection', resumable(3), 'abc'));
    for (let index = 0; index < 5; index++) expect((await run.ask(DONE)).status).toBe(200);
    expect((await run.ask(message('HEAD /job/0.req'))).fields.get('content-length')).toBe('5');
    expect((await run.ask(message('GET /items/1'))).body).toBe('abc');
    await broken(run);
    for (const request of [DONE, message('POST /capture', ['Content-Length: 0'])]) {
      const refused = await run.ask(request);
      expect(refused.status).toBe(503);
      expect(refused.fields.get('retry-after')).toBe('60');
    }
    expect((await run.ask(message('HEAD /job/0.req'))).status).toBe(299);
    await run.ask(message('DELETE /items/1'));
    expect((await run.ask(DONE)).status).toBe(200);
  });

  test('forgets an unfinished upload when its time is over', async () => {
    const run = await running({ stepMilliseconds: 0, operationLimit: 1, statusLifetime: 1000 });
    await broken(run);
    expect((await run.ask(DONE)).status).toBe(503);
    run.clock.advance(1000);
    expect((await run.ask(DONE)).status).toBe(200);
    expect((await run.ask(message('HEAD /job/0.req'))).status).toBe(404);
  });
});
