// /presets/…: what each way to tell of an operation says, from its beginning to its end or its failure.

import { describe, expect, it } from 'vitest';
import { pending } from '../programs/stand-ins.ts';
import { message, running, type Running, type Response } from './harness.ts';

const PATHS = {
  polling: '/presets/polling',
  azure: '/presets/azure',
  aip151: '/presets/aip151/v1/reports:build',
  incremental: '/presets/incremental',
} as const;

const post = (path: string, fields: readonly string[] = []): string =>
  message(`POST ${path}`, [...fields, 'Content-Length: 2'], '{}');
const get = (lab: Running, path: string): Promise<Response> => lab.ask(message(`GET ${path}`));
const read = ({ body }: Response): unknown => JSON.parse(body);

describe('/presets/polling', () => {
  it('answers 202 with a Location, and ends in 303 and a result', async () => {
    const lab = await running();
    const begun = await lab.ask(post('/presets/polling?steps=2&step=1000'));
    expect(begun.line).toBe('HTTP/1.1 202 Accepted');
    expect(begun.fields.get('location')).toBe('/presets/polling/operations/1');
    expect(begun.fields.get('retry-after')).toBe('1');
    expect(await get(lab, '/presets/polling/results/1')).toMatchObject({ status: 404 });
    lab.clock.advance(1000);
    const running_ = await get(lab, '/presets/polling/operations/1');
    expect(running_.status).toBe(200);
    expect(running_.fields.get('retry-after')).toBe('1');
    expect(read(running_)).toMatchObject({ state: 'running', progress: { done: 1, total: 2 } });
    lab.clock.advance(1000);
    const done = await get(lab, '/presets/polling/operations/1');
    expect(done.line).toBe('HTTP/1.1 303 See Other');
    expect(done.fields.get('location')).toBe('/presets/polling/results/1');
    expect(read(await get(lab, '/presets/polling/results/1'))).toEqual({ text: 'All 2 steps are done.' });
  });

  it('tells of a failure by 200', async () => {
    const lab = await running();
    await lab.ask(post('/presets/polling?steps=2&step=1000&fail=1'));
    lab.clock.advance(1000);
    const failed = await get(lab, '/presets/polling/operations/1');
    expect(failed.status).toBe(200);
    expect(failed.fields.has('retry-after')).toBe(false);
    expect(read(failed)).toMatchObject({ state: 'failed', error: expect.any(String) });
    expect((await get(lab, '/presets/polling/results/1')).body).toContain('the operation failed');
  });
});

describe('/presets/azure', () => {
  it('names its status monitor twice, and goes from NotStarted to Succeeded', async () => {
    const lab = await running();
    const begun = await lab.ask(post('/presets/azure?steps=3&step=1000'));
    expect(begun.line).toBe('HTTP/1.1 202 Accepted');
    const at = 'http://test/presets/azure/operations/1';
    expect(begun.fields.get('operation-location')).toBe(at);
    expect(begun.fields.get('azure-asyncoperation')).toBe(at);
    expect(read(begun)).toEqual({ id: '1', status: 'NotStarted', percentComplete: 0 });
    lab.clock.advance(1000);
    const running_ = await get(lab, '/presets/azure/operations/1');
    expect(running_.fields.get('retry-after')).toBe('1');
    expect(read(running_)).toEqual({ id: '1', status: 'Running', percentComplete: 33 });
    lab.clock.advance(2000);
    const done = await get(lab, '/presets/azure/operations/1');
    expect(done.fields.has('retry-after')).toBe(false);
    expect(read(done)).toEqual({
      id: '1',
      status: 'Succeeded',
      percentComplete: 100,
      resourceLocation: 'http://test/presets/azure/results/1',
    });
    expect(read(await get(lab, '/presets/azure/results/1'))).toEqual({ text: 'All 3 steps are done.' });
  });

  it('tells of a failure by its error', async () => {
    const lab = await running();
    await lab.ask(post('/presets/azure?steps=2&step=1000&fail=2'));
    lab.clock.advance(2000);
    expect(read(await get(lab, '/presets/azure/operations/1'))).toEqual({
      id: '1',
      status: 'Failed',
      percentComplete: 50,
      error: { code: 'StepFailed', message: 'Step 2 of 2 failed' },
    });
  });
});

describe('/presets/aip151', () => {
  it('is an operation with a name until it is done', async () => {
    const lab = await running();
    const begun = await lab.ask(post(`${PATHS.aip151}?steps=2&step=1000`));
    expect(begun.status).toBe(200);
    expect(read(begun)).toMatchObject({
      name: 'operations/1',
      metadata: { progressPercent: 0 },
      done: false,
    });
    lab.clock.advance(1000);
    const running_ = read(await get(lab, '/presets/aip151/v1/operations/1'));
    expect(running_).toMatchObject({ done: false, metadata: { progressPercent: 50 } });
    expect(running_).not.toHaveProperty('response');
    lab.clock.advance(1000);
    expect(read(await get(lab, '/presets/aip151/v1/operations/1'))).toMatchObject({
      name: 'operations/1',
      done: true,
      response: { text: 'All 2 steps are done.' },
    });
  });

  it('holds an error in place of a response', async () => {
    const lab = await running();
    await lab.ask(post(`${PATHS.aip151}?steps=1&step=1000&fail=1`));
    lab.clock.advance(1000);
    const failed = read(await get(lab, '/presets/aip151/v1/operations/1'));
    expect(failed).toMatchObject({
      done: true,
      error: { code: 13, message: 'Step 1 of 1 failed', details: [] },
    });
    expect(failed).not.toHaveProperty('response');
  });
});

describe('/presets/incremental', () => {
  it('answers with events that nobody is to hold back', async () => {
    const lab = await running();
    const raw = await lab.client();
    raw.send(post('/presets/incremental?steps=2&step=1000'));
    // The head goes out before anything has happened.
    while (!raw.unread.includes('\r\n\r\n')) await new Promise((resolve) => setImmediate(resolve));
    expect(raw.unread).toContain('Incremental: ?1\r\n');
    expect(raw.unread).toContain('Content-Type: text/event-stream\r\n');
    lab.clock.advance(1000);
    lab.clock.advance(1000);
    const { body } = await raw.final('POST');
    const states = [...body.matchAll(/^data: (.*)$/gm)].map(
      ([, data]) => (JSON.parse(data!) as { state: string }).state,
    );
    expect(states).toEqual(['running', 'done']);
  });
});

describe.each(Object.entries(PATHS))('/presets/…: %s', (_name, path) => {
  it.each(['Idempotency-Key: "a"', 'Repeatability-Request-ID: 4b1c-9'])(
    'knows a request again by %s',
    async (key) => {
      const lab = await running();
      const bodies: string[] = [];
      for (const field of [key, key, key.replace(/.(?="?$)/, 'z')]) {
        const answer = lab.ask(post(`${path}?steps=1&step=1`, [field]));
        if (path === PATHS.incremental) {
          // It is answered once its only step is done.
          const waits = pending(answer);
          while (waits()) {
            lab.clock.advance(1);
            await new Promise((resolve) => setImmediate(resolve));
          }
        }
        const { body, fields } = await answer;
        bodies.push(fields.get('location') ?? /operations\/\d/.exec(body)?.[0] ?? body);
      }
      expect(bodies[1]).toBe(bodies[0]);
      expect(bodies[2]).not.toBe(bodies[0]);
    },
  );

  it.each([
    ['steps=0', 'steps must be a whole number from 1 to 100'],
    ['step=0', 'step must be a whole number'],
    ['steps=2&fail=3', 'fail must be a whole number from 1 to 2'],
  ])('refuses %s', async (query, sentence) => {
    const { ask } = await running();
    const { status, body } = await ask(post(`${path}?${query}`));
    expect(status).toBe(400);
    expect(body).toContain(sentence);
  });

  it('refuses a key that cannot be read, and a GET', async () => {
    const { ask } = await running();
    expect(await ask(post(path, ['Idempotency-Key: a b']))).toMatchObject({ status: 400 });
    expect(await ask(post(path, ['Repeatability-Request-ID: a b']))).toMatchObject({ status: 400 });
    expect(await ask(message(`GET ${path}`))).toMatchObject({ status: 405 });
  });
});

it.each([
  'polling/operations',
  'polling/results',
  'azure/operations',
  'azure/results',
  'aip151/v1/operations',
])('has no /presets/%s/7', async (path) => {
  const { ask } = await running();
  expect(await ask(message(`GET /presets/${path}/7`))).toMatchObject({ status: 404 });
});
