// Status documents: what they say as text and as JSON, how long they are kept, and when they are gone.

import { describe, expect, test } from 'vitest';
import { message, patch, resumable, running } from '../harness.ts';

const STEP = 400;
const DAY = 24 * 60 * 60 * 1000;
const JSON_WANTED = 'Accept: application/json';

describe('a status document as JSON', () => {
  test('says how far the job is, and what came of it', async () => {
    const { ask, client, clock } = await running();
    const raw = await client();
    raw.send(message('POST /collection', resumable(4, 'resume, processing'), 'ab'));
    await raw.next();
    const early = await ask(message('GET /job/0.job', [JSON_WANTED]));
    expect(JSON.parse(early.body)).toEqual({
      step: null,
      steps: null,
      progress: null,
      done: false,
      status: null,
      location: null,
    });
    expect(early.fields.get('retry-after')).toBe('1');
    raw.send('cd');
    await raw.next();
    clock.advance(STEP);
    const running102 = await ask(message('GET /job/0.job', [JSON_WANTED, 'Accept-Language: de']));
    expect(running102.fields.get('content-type')).toBe('application/json');
    expect(running102.fields.get('vary')).toBe('Accept, Accept-Language');
    expect(running102.fields.get('progress')).toBe("1/3 UTF-8'de'Pullover%20stricken");
    expect(JSON.parse(running102.body)).toEqual({
      step: 1,
      steps: 3,
      progress: "1/3 UTF-8'de'Pullover%20stricken",
      done: false,
      status: null,
      location: null,
    });
    clock.advance(2 * STEP);
    expect((await raw.final()).status).toBe(201);
    const done = await ask(message('GET /job/0.job', [JSON_WANTED]));
    expect(done.fields.get('status-uri')).toBe('201 </collection>');
    expect(JSON.parse(done.body)).toEqual({
      step: 3,
      steps: 3,
      progress: '3/3 "Available"',
      done: true,
      status: 201,
      location: '/items/1',
    });
  });

  test('is what a follower gets at the end, and HEAD tells its length', async () => {
    const { client, clock } = await running();
    const raw = await client();
    raw.send(message('POST /capture', ['Content-Length: 0', 'Prefer: processing']));
    await raw.next();
    const followers = await Promise.all([client(), client()]);
    for (const [index, method] of ['GET', 'HEAD'].entries()) {
      followers[index]?.send(message(`${method} /capture?request=0`, [JSON_WANTED, 'Prefer: processing']));
      await followers[index]?.next(method);
    }
    clock.advance(3 * STEP);
    const [get, head] = [await followers[0]!.final('GET'), await followers[1]!.final('HEAD')];
    expect(JSON.parse(get.body)).toMatchObject({ done: true, location: '/photos/1' });
    expect(head.fields.get('content-length')).toBe(String(get.body.length));
  });

  test.each([
    ['nothing', []],
    ['text', ['Accept: text/plain']],
    ['what there is not', ['Accept: image/png']],
  ])('is text for who wants %s', async (_name, fields) => {
    const { ask } = await running({ stepMilliseconds: 0 });
    await ask(message('POST /capture'));
    const status = await ask(message('GET /capture?request=0', fields));
    expect(status.fields.get('content-type')).toBe('text/plain');
    expect(status.fields.get('vary')).toBe('Accept, Accept-Language');
    expect(status.body).toMatch(/^The photographer uploaded/);
  });
});

describe('what is kept of an operation', () => {
  test('is kept over a long weekend, and has expired then', async () => {
    const { ask, clock, server } = await running({ stepMilliseconds: 0 });
    await ask(message('POST /print', resumable(3), 'abc'));
    clock.advance(3 * DAY - 1);
    for (const part of ['req', 'job', 'res'])
      expect((await ask(message(`GET /job/0.${part}`))).status).toBe(200);
    clock.advance(1);
    for (const [part, name] of [
      ['req', 'request content'],
      ['job', 'status document'],
      ['res', 'response'],
    ]) {
      const gone = await ask(message(`GET /job/0.${part}`));
      expect(gone.status).toBe(410);
      expect(gone.body).toMatch(new RegExp(`^This ${name} has expired`));
      expect((await ask(message(`HEAD /job/0.${part}`))).status).toBe(410);
    }
    expect(server.state().resources).toEqual([]);
    expect(await server.digest('/job/0.req')).toBeNull();
    for (const part of ['req', 'job', 'res']) {
      expect((await ask(message(`DELETE /job/0.${part}`))).status).toBe(part === 'req' ? 410 : 204);
    }
    expect((await ask(message('GET /job/0.job'))).status).toBe(404);
  });

  test('is as long as the server is told, from the end of the job on', async () => {
    const { ask, client, clock } = await running({ statusLifetime: 1000, stepMilliseconds: 900 });
    const raw = await client();
    raw.send(message('POST /capture', ['Content-Length: 0', 'Prefer: processing']));
    await raw.next();
    clock.advance(3 * 900);
    expect((await raw.final()).status).toBe(201);
    clock.advance(999);
    expect((await ask(message('GET /capture?request=0'))).status).toBe(200);
    clock.advance(1);
    expect((await ask(message('GET /capture?request=0'))).status).toBe(410);
    // What the job made does not go with what was said of it.
    expect((await ask(message('GET /photos/1'))).status).toBe(200);
  });

  test('is the item, too, whose content outlives the request’s', async () => {
    const { ask, clock } = await running({ statusLifetime: 1000, stepMilliseconds: 0 });
    await ask(message('POST /collection', resumable(3), 'abc'));
    clock.advance(1000);
    expect((await ask(message('GET /job/0.req'))).status).toBe(410);
    expect((await ask(message('GET /items/1'))).body).toBe('abc');
    expect((await ask(message('DELETE /items/1'))).status).toBe(204);
    expect((await ask(message('GET /items/1'))).status).toBe(404);
  });

  test('of an unfinished request, is kept from its last use on', async () => {
    const { ask, client, clock, stored, until, notes } = await running({ statusLifetime: 1000 });
    const raw = await client();
    raw.send(message('POST /print', resumable(10), '01234'));
    await stored(5);
    // As long as somebody brings it, it is no use to forget it.
    clock.advance(5000);
    raw.reset();
    await until(() => notes.closings.length === 1);
    clock.advance(999);
    expect((await ask(message('HEAD /job/0.req'))).status).toBe(299);
    clock.advance(999);
    expect((await ask(message('HEAD /job/0.req'))).status).toBe(299);
    clock.advance(2000);
    expect((await ask(message('HEAD /job/0.req'))).status).toBe(410);
    const refused = await ask(patch('/job/0.req', 'bytes 5-9/10', '56789'));
    expect([refused.status, refused.body]).toEqual([410, expect.stringMatching(/Make the request again/)]);
  });

  test('leaves the room that it took', async () => {
    const { ask, clock } = await running({ statusLifetime: 1000, stepMilliseconds: 0, storeLimit: 10 });
    const ten = message('POST /print', resumable(10), '0123456789');
    expect((await ask(ten)).status).toBe(200);
    expect((await ask(ten)).status).toBe(507);
    clock.advance(1000);
    expect((await ask(ten)).status).toBe(200);
  });
});
