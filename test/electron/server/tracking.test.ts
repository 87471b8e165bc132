// The tracking number: given before anything is done, and good for an answer whatever was lost.

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { message, type Running, running } from './harness.ts';

const SHA256 = createHash('sha256').update('one lamp').digest('hex');

async function number(lab: Running): Promise<string> {
  const form = await lab.ask(message('GET /tracking'));
  expect(form).toMatchObject({ status: 200 });
  return /action="([^"]+)"/.exec(form.body)?.[1] ?? '';
}

async function told(lab: Running, path: string): Promise<unknown> {
  const { status, body } = await lab.ask(message(`GET ${path}`));
  expect(status).toBe(200);
  return JSON.parse(body) as unknown;
}

const order = (path: string): string => message(`POST ${path}`, ['Content-Length: 8'], 'one lamp');

describe('/tracking', () => {
  it('gives a number before the work, takes the POST, and redirects to what became of it', async () => {
    const lab = await running();
    const path = await number(lab);
    expect(await told(lab, path)).toMatchObject({ job: path, state: 'waiting', posts: 0, begun: 0 });
    const posted = await lab.ask(order(`${path}?work=500`));
    expect(posted).toMatchObject({ status: 303 });
    expect(posted.fields.get('location')).toBe(path);
    expect(await told(lab, path)).toMatchObject({ state: 'running', progress: { done: 0, total: 1 } });
    lab.clock.advance(500);
    expect(await told(lab, path)).toMatchObject({
      state: 'done',
      progress: { done: 1, total: 1 },
      result: { length: 8, sha256: SHA256 },
    });
  });

  it('does the work once, however often the same number is posted', async () => {
    const lab = await running();
    const path = await number(lab);
    for (let time = 0; time < 3; time++) expect(await lab.ask(order(path))).toMatchObject({ status: 303 });
    expect(await told(lab, path)).toMatchObject({ state: 'done', posts: 3, begun: 1 });
  });

  it('waits on for the whole of a POST that broke off', async () => {
    const lab = await running();
    const path = await number(lab);
    const raw = await lab.client();
    await raw.flushed(order(path).slice(0, -1));
    raw.socket.end();
    expect(await raw.ended).toBe('fin');
    expect(await told(lab, path)).toMatchObject({ state: 'waiting', posts: 0 });
    await lab.ask(order(path));
    expect(await told(lab, path)).toMatchObject({ state: 'done', posts: 1 });
  });

  it('gives every form a number of its own, and HEAD none', async () => {
    const lab = await running();
    expect(await number(lab)).not.toBe(await number(lab));
    expect(await lab.ask(message('HEAD /tracking'))).toMatchObject({ status: 200, body: '' });
  });

  it.each([
    ['GET /tracking/made-up', [], 404],
    ['POST /tracking/made-up', ['Content-Length: 0'], 404],
  ])('knows no number that it did not give: %s', async (line, fields, status) => {
    const lab = await running();
    expect(await lab.ask(message(line, fields))).toMatchObject({ status });
  });

  it.each([
    ['', [], 411],
    ['', ['Content-Length: 1', 'Expect: tea'], 417],
    ['?work=-1', ['Content-Length: 0'], 400],
  ])('refuses a POST to a number with %j and %j', async (query, fields, status) => {
    const lab = await running();
    expect(await lab.ask(message(`POST ${await number(lab)}${query}`, fields))).toMatchObject({ status });
  });
});
