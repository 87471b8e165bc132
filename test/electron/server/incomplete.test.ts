// resume=save-incomplete and resume=ignore-incomplete, and preferences that cannot be read: what is left of a request
// that was cut.

import { describe, expect, test } from 'vitest';
import { message, patch, resumable, running, type Running } from './harness.ts';

async function cut({ client, stored, until, notes }: Running, prefer: string): Promise<Map<string, string>> {
  const raw = await client();
  raw.send(message('POST /collection', resumable(10, prefer), '01234'));
  const { fields } = await raw.next();
  await stored(5);
  raw.reset();
  await until(() => notes.closings.length === 1);
  return new Map(fields);
}

describe('a request that was cut', () => {
  test.each(['resume', 'resume=save-incomplete', 'resume=""', 'resume=anything'])(
    'with Prefer: %s is kept, and told where',
    async (prefer) => {
      const run = await running({ stepMilliseconds: 0 });
      const fields = await cut(run, prefer);
      expect(Object.fromEntries(fields)).toEqual({
        'request-content-location': '/job/0.req',
        'response-message-location': '/job/0.res',
      });
      expect((await run.ask(message('GET /job/0.req'))).body).toBe('01234');
      expect((await run.ask(patch('/job/0.req', 'bytes 5-9/10', '56789'))).status).toBe(201);
    },
  );

  test('with Prefer: resume=ignore-incomplete is told where, and gone', async () => {
    const run = await running();
    const fields = await cut(run, 'resume=ignore-incomplete');
    expect(fields.get('response-message-location')).toBe('/job/0.res');
    for (const part of ['req', 'job', 'res'])
      expect((await run.ask(message(`GET /job/0.${part}`))).status).toBe(404);
    expect((await run.ask(patch('/job/0.req', 'bytes 5-9/10', '56789'))).status).toBe(404);
    expect(run.server.state().resources).toEqual([]);
  });

  test('that is to be ignored is not broken by who only looks at it, and its response is found afterwards', async () => {
    const { ask, client, stored } = await running({ stepMilliseconds: 0 });
    const raw = await client();
    raw.send(message('POST /collection', resumable(10, 'resume=ignore-incomplete'), '01234'));
    await stored(5);
    const head = await ask(message('HEAD /job/0.req'));
    expect([head.status, head.fields.get('content-length')]).toEqual([299, '5']);
    expect((await ask(message('GET /job/0.req'))).body).toBe('01234');
    raw.send('56789');
    expect((await raw.final()).status).toBe(201);
    expect((await ask(message('GET /job/0.res'))).body).toMatch(/^HTTP\/1\.1 201/);
  });

  test('that is to be ignored may be taken over by a PATCH, and goes when that is cut, too', async () => {
    const { ask, client, stored, server, until } = await running({ stepMilliseconds: 0 });
    const older = await client();
    older.send(message('POST /collection', resumable(10, 'resume=ignore-incomplete'), '01234'));
    await stored(5);
    const newer = await client();
    newer.send(patch('/job/0.req', 'bytes 5-9/10', '56789').slice(0, -2));
    await stored(8);
    expect(await older.ended).toBe('rst');
    newer.reset();
    await until(() => server.state().resources.length === 0);
    expect((await ask(message('HEAD /job/0.req'))).status).toBe(404);
  });

  // RFC 7240 §2: what cannot be understood is as if it were not there.
  test.each(['resume=', 'resume="', '=resume', 'resume, ===', '(resume)'])(
    'with Prefer: %s is as one without it',
    async (prefer) => {
      const run = await running();
      const fields = await cut(run, prefer);
      expect(fields.has('request-content-location')).toBe(false);
      expect((await run.ask(message('HEAD /job/0.req'))).status).toBe(404);
    },
  );
});

describe('a POST', () => {
  test.each(['nonsense', '/', 'text/', '/plain', 'text plain', 'text/pl ain', ';a=b'])(
    'of the type %s is refused',
    async (type) => {
      const { ask, server } = await running();
      const refused = await ask(
        message('POST /collection', [`Content-Type: ${type}`, ...resumable(3)], 'abc'),
      );
      expect(refused.status).toBe(400);
      expect(refused.body).toMatch(/is no media type such as text\/plain/);
      expect(refused.interim).toEqual([]);
      expect(server.state().resources).toEqual([]);
    },
  );

  test.each(['text/plain', 'text/plain ; charset=utf-8', 'application/vnd.x+json;v="1;2"'])(
    'of the type %s is taken with it',
    async (type) => {
      const { ask } = await running({ stepMilliseconds: 0 });
      await ask(message('POST /collection', [`Content-Type: ${type}`, ...resumable(3)], 'abc'));
      expect((await ask(message('GET /items/1'))).fields.get('content-type')).toBe(type);
    },
  );

  test.each(['100-continue=1', '100-continue;', '"100-continue"', '100-continue, ,tea=1'])(
    'with Expect: %s is refused by 417',
    async (expectation) => {
      const { ask } = await running();
      const fields = ['Content-Length: 3', `Expect: ${expectation}`];
      const refused = await ask(message('POST /collection', fields, 'abc'));
      expect(refused.status).toBe(417);
      expect(refused.body).toContain(`not ${expectation}`);
    },
  );

  test('to the content of another is no way to add to it, nor breaks it', async () => {
    const { ask, client, stored } = await running({ stepMilliseconds: 0 });
    const raw = await client();
    raw.send(message('POST /collection', resumable(10), '01234'));
    await stored(5);
    const refused = await ask(message('POST /job/0.req', resumable(5), '56789'));
    expect([refused.status, refused.fields.get('allow')]).toEqual([405, 'HEAD, GET, PATCH, DELETE']);
    raw.send('56789');
    expect((await raw.final()).status).toBe(201);
  });
});
