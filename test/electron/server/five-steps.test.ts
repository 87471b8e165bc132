// The example of the first seed, by bytes written by hand: a POST that is cut, re-synchronised, resumed, followed, read.

import { describe, expect, test } from 'vitest';
import {
  message,
  patch,
  type RawClient,
  type Response,
  resumable,
  running,
  type Running,
} from './harness.ts';

const CONTENT = `{\r\n"key": "value",\r\n${'"name": "x", '.repeat(6)}}`.padEnd(100);
const ASYNC = 'resume, processing, respond-async, wait=1';

function begin(client: RawClient, prefer = ASYNC): void {
  client.send(message('POST /collection', ['Content-Type: application/json', ...resumable(100, prefer)]));
}

function shown({ line, fields }: Response): string {
  const names = ['progress', 'location', 'content-location', 'status-uri', 'status-location'];
  return [line, ...names.flatMap((name) => (fields.has(name) ? [`${name}: ${fields.get(name)}`] : []))].join(
    ' | ',
  );
}

describe('the five steps', () => {
  test('give exactly the responses of the table, whoever sends the bytes', async () => {
    expect(CONTENT).toHaveLength(100);
    const run = await running();
    const { clock, client } = run;

    const first = await client();
    begin(first);
    const proceed = await first.next();
    expect(proceed.line).toBe('HTTP/1.1 100 Continue');
    expect(Object.fromEntries(proceed.fields)).toEqual({
      'request-content-location': '/job/0.req',
      'response-message-location': '/job/0.res',
    });
    await first.flushed(CONTENT.slice(0, 3));
    await run.stored(3);
    first.reset();

    const second = await client();
    second.send(message('HEAD /job/0.req'));
    const head = await second.next('HEAD');
    expect(head.line).toBe('HTTP/1.1 299 Incomplete Content');
    expect(head.fields.get('content-length')).toBe('3');
    expect(head.fields.get('content-type')).toBe('application/json');

    second.send(patch('/job/0.req', 'bytes 3-19/100', CONTENT.slice(3, 20)));
    expect(shown(await second.next())).toBe('HTTP/1.1 299 Incomplete Content');

    second.send(patch('/job/0.req', 'bytes 20-99/100', CONTENT.slice(20)));
    expect(shown(await second.next())).toBe(
      'HTTP/1.1 102 Processing | progress: 0/3 "Herding cats" | location: /job/0.job',
    );
    clock.advance(1000);
    expect(shown(await second.next())).toBe('HTTP/1.1 102 Processing | progress: 1/3 "Knitting sweaters"');
    const accepted = await second.next();
    expect(shown(accepted)).toBe(
      'HTTP/1.1 202 Accepted | location: /job/0.job | content-location: /job/0.job',
    );
    expect(accepted.fields.get('content-type')).toBe('text/plain');
    expect(accepted.body).toBe('The photographer is on step 2: Knitting sweaters\r\n');

    // As long as nobody asks, the step lasts.
    clock.advance(4000);
    second.send(message('GET /job/0.job', ['Prefer: processing, respond-async']));
    expect(shown(await second.next())).toBe('HTTP/1.1 102 Processing | progress: 1/3 "Knitting sweaters"');
    expect(shown(await second.next())).toBe('HTTP/1.1 102 Processing | progress: 2/3 "Slaying dragons"');
    clock.advance(1000);
    const done = await second.next();
    expect(shown(done)).toBe(
      'HTTP/1.1 200 OK | progress: 3/3 "Available" | status-uri: 201 </collection> | status-location: /items/1',
    );
    expect(done.body).toBe('The item was added to the collection:\r\n  <http://test/items/1>\r\n');

    second.send(message('GET /job/0.res'));
    const answer = await second.next();
    expect(answer.status).toBe(200);
    expect(answer.fields.get('content-type')).toBe('message/http');
    expect(answer.body).toBe(
      [
        'HTTP/1.1 201 Created',
        'Progress: 3/3 "Available"',
        'Location: /items/1',
        'Content-Type: text/plain',
        'Content-Length: 19',
        '',
        'Resource created.',
        '',
      ].join('\r\n'),
    );

    second.send(message('GET /items/1'));
    const item = await second.next();
    expect(item.fields.get('content-type')).toBe('application/json');
    expect(item.body).toBe(CONTENT);
    expect(await run.server.digest('/items/1')).toBe(await run.server.digest('/job/0.req'));
    expect(second.unread).toBe('');
  });

  test('need no processing preference: the 202 comes alone', async () => {
    const { clock, client } = await running();
    const raw = await client();
    begin(raw, 'resume, respond-async, wait=1');
    raw.send(CONTENT);
    await raw.next();
    await statusOf(await client(), '0/3 "Herding cats"');
    clock.advance(1000);
    expect((await raw.next()).status).toBe(202);
  });

  test('without a waiting time answer 202 at once', async () => {
    const { client } = await running();
    const raw = await client();
    begin(raw, 'resume, processing, respond-async');
    raw.send(CONTENT);
    const accepted = await raw.final();
    expect(accepted.interim.map(({ status }) => status)).toEqual([100, 102]);
    expect(accepted.status).toBe(202);
    expect(accepted.body).toBe('The photographer is on step 1: Herding cats\r\n');
  });
});

/** Reads the status document until it shows this progress. */
async function statusOf(client: RawClient, progress: string): Promise<Response> {
  for (;;) {
    client.send(message('GET /job/0.job'));
    const response = await client.next();
    if (response.fields.get('progress') === progress) return response;
  }
}

describe('the step that waits for a follower', () => {
  /** A request whose 202 was sent while the job was on its second step. */
  async function accepted(): Promise<Running> {
    const run = await running();
    const raw = await run.client();
    begin(raw);
    raw.send(CONTENT);
    await raw.next();
    await raw.next();
    run.clock.advance(1000);
    await raw.next();
    expect((await raw.next()).status).toBe(202);
    return run;
  }

  test('ends for one who asks for the status without following it', async () => {
    const { client } = await accepted();
    const raw = await client();
    const status = await statusOf(raw, '1/3 "Knitting sweaters"');
    expect(status.fields.get('retry-after')).toBe('1');
    expect(status.body).toBe('The photographer is on step 2: Knitting sweaters\r\n');
    await statusOf(raw, '2/3 "Slaying dragons"');
  });

  test('ends for one who asks for the response only', async () => {
    const { clock, client } = await accepted();
    const raw = await client();
    raw.send(message('GET /job/0.res'));
    const early = await raw.next();
    expect(early.status).toBe(404);
    expect(early.fields.get('retry-after')).toBe('1');
    await statusOf(raw, '2/3 "Slaying dragons"');
    clock.advance(1000);
    raw.send(message('GET /job/0.res'));
    expect((await raw.next()).body).toMatch(/^HTTP\/1\.1 201 Created\r\n/);
  });

  test('ends after ten minutes if nobody comes', async () => {
    const { clock, server, ask } = await accepted();
    const label = (): unknown => server.state().resources.find(({ kind }) => kind === 'job')?.label;
    clock.advance(10 * 60 * 1000 - 1001);
    expect(label()).toBe('1/3');
    clock.advance(1001);
    expect(label()).toBe('done');
    const status = await ask(message('GET /job/0.job'));
    expect(status.fields.get('progress')).toBe('3/3 "Available"');
  });

  test('waits for nobody when the connection broke before the 202', async () => {
    const run = await running();
    const raw = await run.client();
    begin(raw);
    raw.send(CONTENT);
    await raw.next();
    await raw.next();
    raw.reset();
    await run.until(() => run.notes.closings.length === 1);
    run.clock.advance(3000);
    const response = await run.ask(message('GET /job/0.res'));
    expect(response.body).toMatch(/^HTTP\/1\.1 201 Created\r\n/);
  });

  test('does not wait for a client that never asked for respond-async', async () => {
    const { clock, client } = await running();
    const raw = await client();
    begin(raw, 'resume, processing');
    raw.send(CONTENT);
    await raw.next();
    await raw.next();
    clock.advance(10_000);
    const created = await raw.final();
    expect(created.interim.map(shown)).toEqual([
      'HTTP/1.1 102 Processing | progress: 1/3 "Knitting sweaters"',
      'HTTP/1.1 102 Processing | progress: 2/3 "Slaying dragons"',
    ]);
    expect(shown(created)).toBe('HTTP/1.1 201 Created | progress: 3/3 "Available" | location: /items/1');
    expect(created.body).toBe('Resource created.\r\n');
  });
});
