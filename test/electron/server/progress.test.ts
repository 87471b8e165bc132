// Progress of long-running operations, by foreign clients: 102s, 202, status documents, acknowledgements, and their limit.

import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { message, resumable, running } from './harness.ts';

const STEP = 400;

describe('POST /capture', () => {
  test('is the example of the draft: 102s with progress, and 201', async () => {
    const { client, clock } = await running();
    const raw = await client();
    raw.send(message('POST /capture', ['Content-Length: 0', 'Prefer: processing, respond-async, wait=20']));
    expect(Object.fromEntries((await raw.next()).fields)).toEqual({
      location: '/capture?request=0',
      progress: '0/3 "Herding cats"',
    });
    clock.advance(3 * STEP);
    const created = await raw.final();
    expect(created.interim.map(({ line, fields }) => [line, Object.fromEntries(fields)])).toEqual([
      ['HTTP/1.1 102 Processing', { progress: '1/3 "Knitting sweaters"' }],
      ['HTTP/1.1 102 Processing', { progress: '2/3 "Slaying dragons"' }],
    ]);
    expect(created.line).toBe('HTTP/1.1 201 Created');
    const { date, ...fields } = Object.fromEntries(created.fields);
    expect(date).toMatch(/GMT$/);
    expect(fields).toEqual({
      progress: '3/3 "Available"',
      location: '/photos/1',
      'content-location': '/capture?request=0',
      'content-type': 'text/plain',
      'content-length': String(created.body.length),
    });
    expect(created.body).toBe('The photographer uploaded your image to:\r\n  <http://test/photos/1>\r\n');
    raw.send(message('GET /photos/1'));
    const photograph = await raw.next();
    expect(photograph.fields.get('content-type')).toBe('image/svg+xml');
    expect(photograph.body).toMatch(/^<svg [^]*<\/svg>\r\n$/);
  });

  test('is backgrounded after the waiting time, and its status document is followed', async () => {
    const { client, clock } = await running();
    const raw = await client();
    raw.send(message('POST /capture', ['Content-Length: 0', 'Prefer: processing, respond-async, wait=1']));
    await raw.next();
    clock.advance(1000);
    await raw.next();
    await raw.next();
    const accepted = await raw.next();
    expect(accepted.status).toBe(202);
    expect(accepted.fields.get('location')).toBe('/capture?request=0');
    expect(accepted.body).toBe('The photographer is on step 3: Slaying dragons\r\n');
    raw.send(message('GET /capture?request=0', ['Prefer: processing, respond-async, wait=0']));
    expect((await raw.next()).fields.get('progress')).toBe('2/3 "Slaying dragons"');
    clock.advance(STEP);
    const done = await raw.next();
    expect(done.status).toBe(200);
    expect(done.fields.get('status-uri')).toBe('201 </capture>');
    expect(done.fields.get('status-location')).toBe('/photos/1');
    expect(done.body).toBe('The photographer uploaded your image to:\r\n  <http://test/photos/1>\r\n');
  });

  test('needs no preference: the answer comes when it is done', async () => {
    const { ask, clock, until, server } = await running();
    const answer = ask(message('POST /capture'));
    await until(() => server.state().resources.length === 1);
    expect(server.state().resources[0]).toEqual({
      path: '/capture?request=0',
      kind: 'job',
      label: '0/3',
      have: 0,
      length: 3,
    });
    clock.advance(3 * STEP);
    expect((await answer).status).toBe(201);
  });

  test('reads and throws away what it is sent, and is told to go on when it expects that', async () => {
    const { client } = await running({ stepMilliseconds: 0 });
    const raw = await client();
    raw.send(message('POST /capture', ['Content-Length: 4', 'Expect: 100-continue']));
    expect((await raw.next()).status).toBe(100);
    raw.send('abcd');
    expect((await raw.final()).status).toBe(201);
  });

  test('broken in its content never begins', async () => {
    const { client, until, server, notes } = await running();
    const raw = await client();
    raw.send(message('POST /capture', ['Content-Length: 4'], 'ab'));
    await until(() => server.state().resources.length === 0 && raw.socket.bytesWritten > 0);
    raw.reset();
    await until(() => notes.closings.length === 1);
    expect(server.state().resources).toEqual([]);
  });

  test('has a name that cannot be guessed, unless the server is told otherwise', async () => {
    const { ask } = await running({ stepMilliseconds: 0, guessable: false });
    const names = new Set<string>();
    for (let index = 0; index < 5; index++) {
      names.add((await ask(message('POST /capture'))).fields.get('content-location') ?? '');
    }
    expect(names.size).toBe(5);
    for (const name of names) expect(name).toMatch(/^\/capture\?request=[\w-]{16}$/);
    const created = await ask(message('POST /collection', resumable(0)));
    expect(created.interim[0]?.fields.get('request-content-location')).toMatch(/^\/job\/[\w-]{16}\.req$/);
    const digested = await ask(message('POST /digest', resumable(0)));
    expect(digested.interim[0]?.fields.get('request-content-location')).toMatch(/^\/job\/[\w-]{16}\.req$/);
    const kept = await ask(message('POST /vault', resumable(0)));
    expect(kept.interim[0]?.fields.get('request-content-location')).toMatch(/@test\/job\/[\w-]{16}\.req$/);
    const printed = await ask(message('POST /print', resumable(0)));
    expect(printed.interim[0]?.fields.get('request-content-location')).toBe('/job/0.req');
  });
});

describe('a status document', () => {
  test('without processing tells at once how far the job is, and when to ask again', async () => {
    const { ask, client, clock } = await running();
    const raw = await client();
    raw.send(message('POST /capture', ['Content-Length: 0', 'Prefer: processing']));
    await raw.next();
    clock.advance(STEP);
    for (const method of ['GET', 'HEAD']) {
      const status = await ask(message(`${method} /capture?request=0`));
      expect(status.status).toBe(200);
      expect(status.fields.get('progress')).toBe('1/3 "Knitting sweaters"');
      expect(status.fields.get('retry-after')).toBe('1');
      expect(status.fields.get('cache-control')).toBe('no-store');
      expect(status.body).toBe(
        method === 'GET' ? 'The photographer is on step 2: Knitting sweaters\r\n' : '',
      );
    }
  });

  test('is followed by HEAD, too, and by many at once', async () => {
    const { client, clock } = await running();
    const first = await client();
    first.send(message('POST /capture', ['Content-Length: 0', 'Prefer: processing']));
    await first.next();
    const followers = await Promise.all(Array.from({ length: 5 }, client));
    for (const raw of followers) {
      raw.send(message('HEAD /capture?request=0', ['Prefer: processing']));
      expect((await raw.next('HEAD')).fields.get('progress')).toBe('0/3 "Herding cats"');
    }
    followers[0]?.reset();
    clock.advance(3 * STEP);
    for (const raw of followers.slice(1)) {
      const done = await raw.final('HEAD');
      expect(done.interim).toHaveLength(2);
      expect(done.fields.get('progress')).toBe('3/3 "Available"');
    }
  });

  test('of a job that is done needs no 102, and can be acknowledged by DELETE', async () => {
    const { ask } = await running({ stepMilliseconds: 0 });
    await ask(message('POST /capture'));
    const status = await ask(message('GET /capture?request=0', ['Prefer: processing']));
    expect(status.interim).toEqual([]);
    expect(status.fields.get('progress')).toBe('3/3 "Available"');
    expect((await ask(message('DELETE /capture?request=0'))).status).toBe(204);
    expect((await ask(message('GET /capture?request=0'))).status).toBe(404);
  });

  test('of a job that runs cannot be deleted', async () => {
    const { ask, client } = await running();
    const raw = await client();
    raw.send(message('POST /capture', ['Content-Length: 0', 'Prefer: processing']));
    await raw.next();
    const refused = await ask(message('DELETE /capture?request=0'));
    expect(refused.status).toBe(409);
    expect(refused.body).toMatch(/when it is/);
  });
});

describe('interim responses', () => {
  test('are no more than the limit for one request', async () => {
    const { client, clock } = await running({ interimLimit: 2 });
    const raw = await client();
    raw.send(message('POST /print', resumable(3, 'processing'), 'abc'));
    await raw.next();
    await raw.next();
    clock.advance(3 * STEP);
    const printed = await raw.final();
    expect(printed.interim).toEqual([]);
    expect(printed.fields.get('progress')).toBe('3/3 "Available"');
  });

  test('acknowledge every 64 KiB that are stored, as far as the limit goes', async () => {
    const { client } = await running({ stepMilliseconds: 0 });
    for (const [length, most] of [
      [65_535, 0],
      [65_536, 1],
      [300_000, 4],
      [5_000_000, 9],
    ] as const) {
      const raw = await client();
      raw.send(message('POST /print', resumable(length, 'resume, acknowledge')));
      expect((await raw.next()).fields.has('acknowledge')).toBe(false);
      raw.send('x'.repeat(length));
      const printed = await raw.final();
      const told = printed.interim.map(({ line, fields }) => {
        expect(line).toBe('HTTP/1.1 100 Continue');
        return Number(fields.get('acknowledge'));
      });
      expect(told).toEqual(told.toSorted((a, b) => a - b));
      expect(told.length).toBeLessThanOrEqual(most);
      expect(told.length).toBeGreaterThanOrEqual(Math.min(most, 1));
      for (const bytes of told) expect(bytes).toBeLessThanOrEqual(length);
    }
  });

  test('are seen by the client of node:http', async () => {
    const { server, clock } = await running();
    const seen: [number, string | undefined][] = [];
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const outgoing = request(`${server.url}/capture`, {
        method: 'POST',
        headers: { Prefer: 'processing' },
      });
      outgoing.on('information', (information) => {
        seen.push([information.statusCode, information.headers.progress as string | undefined]);
        clock.advance(STEP);
      });
      outgoing.on('response', (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode));
      });
      outgoing.on('error', reject);
      outgoing.end();
    });
    expect(seen).toEqual([
      [102, '0/3 "Herding cats"'],
      [102, '1/3 "Knitting sweaters"'],
      [102, '2/3 "Slaying dragons"'],
    ]);
    expect(status).toBe(201);
  });
});
