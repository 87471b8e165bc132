// /vault: its URIs have a password, which every later request must bring.

import { describe, expect, test } from 'vitest';
import { message, patch, resumable, running, type Running } from './harness.ts';

const CHALLENGE = 'Basic realm="Interim: one operation", charset="UTF-8"';

interface Begun {
  /** Its locations, as the 100 told them. */
  readonly request: URL;
  readonly response: URL;
  readonly authorization: string;
}

function basic(credentials: string): string {
  return `Authorization: Basic ${Buffer.from(credentials).toString('base64')}`;
}

/** A POST of ten bytes that breaks after five. */
async function begun({ client, stored, until, notes }: Running, prefer = 'resume'): Promise<Begun> {
  const raw = await client();
  raw.send(message('POST /vault', resumable(10, prefer)));
  const { fields } = await raw.next();
  raw.send('01234');
  await stored(5);
  raw.reset();
  await until(() => notes.closings.length === 1);
  const request = new URL(fields.get('request-content-location') ?? '');
  const response = new URL(fields.get('response-message-location') ?? '');
  return { request, response, authorization: basic(`${request.username}:${request.password}`) };
}

describe('POST /vault', () => {
  test('tells absolute URIs with one password, another for each operation', async () => {
    const run = await running();
    const first = await begun(run);
    expect(first.request.href).toMatch(/^http:\/\/[\w-]{8}:[\w-]{24}@test\/job\/0\.req$/);
    expect(first.response.href).toBe(first.request.href.replace('.req', '.res'));
    const raw = await run.client();
    raw.send(message('POST /vault', resumable(10)));
    const { fields } = await raw.next();
    expect(new URL(fields.get('request-content-location') ?? '').password).not.toBe(first.request.password);
  });

  test('is resumed, followed and read by who has the password, who is told it again in Location', async () => {
    const run = await running();
    const { ask, client, clock } = run;
    const { request, authorization } = await begun(run, 'resume, processing, respond-async, wait=0');
    const head = await ask(message('HEAD /job/0.req', [authorization]));
    expect([head.status, head.fields.get('content-length')]).toEqual([299, '5']);
    const accepted = await ask(patch('/job/0.req', 'bytes 5-9/10', '56789', [authorization]));
    const status = request.href.replace('.req', '.job');
    expect(accepted.status).toBe(202);
    expect(accepted.interim[0]?.fields.get('location')).toBe(status);
    expect(accepted.fields.get('location')).toBe(status);
    expect(accepted.fields.get('content-location')).toBe(status);
    const raw = await client();
    raw.send(message('GET /job/0.job', ['Prefer: processing', authorization]));
    await raw.next();
    clock.advance(400);
    await raw.next();
    clock.advance(400);
    await raw.next();
    clock.advance(400);
    const done = await raw.final();
    expect(done.fields.get('status-uri')).toBe('201 </vault>');
    const location = done.fields.get('status-location') ?? '';
    const item = new URL(location);
    expect(item.pathname).toMatch(/^\/items\/[\w-]{16}$/);
    expect([item.host, item.username, item.password]).toEqual(['test', request.username, request.password]);
    const document = await ask(message('GET /job/0.res', [authorization]));
    expect(document.body).toContain(`Location: ${location}\r\n`);
    expect((await ask(message(`GET ${item.pathname}`, [authorization]))).body).toBe('0123456789');
    // Its name cannot be guessed, nor found.
    expect((await ask(message('GET /collection'))).body).toBe('[]\n');
    expect((await ask(message('DELETE /job/0.res', [authorization]))).status).toBe(204);
  });

  test('tells the first client its status document with the password, too', async () => {
    const { client } = await running();
    const raw = await client();
    raw.send(message('POST /vault', resumable(2, 'resume, processing'), 'ab'));
    const { fields } = await raw.next();
    const location = (await raw.next()).fields.get('location') ?? '';
    expect(location).toBe((fields.get('request-content-location') ?? '').replace('.req', '.job'));
  });

  test('keeps the item for who has the password, too, wherever its name was told', async () => {
    const { ask, client } = await running({ stepMilliseconds: 0 });
    const raw = await client();
    raw.send(message('POST /vault', resumable(2, 'resume, return=representation'), 'ab'));
    const told = (await raw.next()).fields.get('content-location') ?? '';
    const created = await raw.final();
    expect(created.body).toBe('ab');
    expect(created.fields.get('location')).toBe(told);
    expect(created.fields.get('content-location')).toBe(told);
    const { pathname, username, password } = new URL(told);
    const other = basic(`${username}:wrong`);
    for (const [method, fields] of [
      ['GET', []],
      ['HEAD', []],
      ['DELETE', []],
      ['GET', [other]],
      ['DELETE', [other]],
    ] as const) {
      const refused = await ask(message(`${method} ${pathname}`, fields));
      expect(refused.status).toBe(401);
      expect(refused.fields.get('www-authenticate')).toBe(CHALLENGE);
    }
    const right = basic(`${username}:${password}`);
    expect((await ask(message(`GET ${pathname}`, [right]))).body).toBe('ab');
    expect((await ask(message(`DELETE ${pathname}`, [right]))).status).toBe(204);
    expect((await ask(message(`GET ${pathname}`, [right]))).status).toBe(404);
  });

  test.each<[string, (right: string) => string[]]>([
    ['nothing', () => []],
    ['another password', (right) => [basic(`${right.split(':')[0]}:wrong`)]],
    ['another user', (right) => [basic(`x${right}`)]],
    ['only the user', (right) => [basic(right.split(':')[0] ?? '')]],
    ['the password in another scheme', (right) => [`Authorization: Bearer ${right.split(':')[1]}`]],
    ['what is no Base64', () => ['Authorization: Basic ???']],
    ['an empty field', () => ['Authorization:']],
    ['only the scheme', () => ['Authorization: Basic']],
  ])('refuses who brings %s, whatever is asked, and changes nothing', async (_name, fields) => {
    const run = await running();
    const { request } = await begun(run);
    const own = fields(`${request.username}:${request.password}`);
    for (const text of [
      message('HEAD /job/0.req', own),
      message('GET /job/0.req', own),
      message('DELETE /job/0.req', own),
      patch('/job/0.req', 'bytes 5-9/10', '56789', own),
      message('GET /job/0.job', own),
      message('DELETE /job/0.job', own),
      message('GET /job/0.res', own),
      message('DELETE /job/0.res', own),
    ]) {
      const refused = await run.ask(text);
      expect(refused.status).toBe(401);
      expect(refused.fields.get('www-authenticate')).toBe(CHALLENGE);
    }
    const right = basic(`${request.username}:${request.password}`);
    const head = await run.ask(message('HEAD /job/0.req', [right]));
    expect(head.fields.get('content-length')).toBe('5');
  });

  test('reads the scheme in any case, and a password only where there is one', async () => {
    const run = await running({ stepMilliseconds: 0 });
    const { authorization } = await begun(run);
    const shouted = authorization.replace('Basic', 'BASIC ');
    expect((await run.ask(message('HEAD /job/0.req', [shouted]))).status).toBe(299);
    await run.ask(message('POST /collection', resumable(2), 'ab'));
    expect((await run.ask(message('HEAD /job/1.req'))).status).toBe(200);
    expect((await run.ask(message('GET /vault'))).body).toMatch(/POST something/);
  });

  test('is not broken by a stranger who knows the name only', async () => {
    const { ask, client, stored } = await running({ stepMilliseconds: 0 });
    const raw = await client();
    raw.send(message('POST /vault', resumable(10), '01234'));
    await stored(5);
    expect((await ask(message('HEAD /job/0.req'))).status).toBe(401);
    raw.send('56789');
    expect((await raw.final()).status).toBe(201);
  });
});
