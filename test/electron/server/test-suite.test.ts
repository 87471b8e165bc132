// The proof of concept's tests of a client, driven by node:http as its client is: send /test/data back, and resume.

import { Agent, request, type IncomingMessage, type RequestOptions } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { message, patch, resumable, running, type Running } from './harness.ts';

const TOTAL = 1_000_000;

let agent = new Agent();
beforeEach(() => {
  agent = new Agent({ keepAlive: true });
});
afterEach(() => agent.destroy());

interface Answer {
  readonly status: number;
  readonly reason: string;
  readonly fields: IncomingMessage['headers'];
  readonly body: Buffer;
  readonly information: readonly IncomingMessage['headers'][];
}

/** One exchange of node:http. `content` is sent after the 100, where one is expected. Rejects when it is cut. */
function exchange(
  url: string,
  options: RequestOptions,
  content: Uint8Array = new Uint8Array(0),
  learn?: (headers: IncomingMessage['headers']) => void,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const information: IncomingMessage['headers'][] = [];
    const outgoing = request(url, { ...options, agent });
    outgoing.on('error', reject);
    outgoing.on('information', ({ statusCode, headers }) => {
      information.push(headers);
      learn?.(headers);
      if (statusCode === 100) outgoing.end(content);
    });
    outgoing.on('response', (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          reason: response.statusMessage ?? '',
          fields: response.headers,
          body: Buffer.concat(pieces),
          information,
        }),
      );
    });
    if (options.headers === undefined || !('Expect' in options.headers)) outgoing.end(content);
    else outgoing.flushHeaders();
  });
}

/** What the original client does; returns the body of the response and how often it was cut. */
async function runTest({ server }: Running, number: number): Promise<{ body: string; cuts: number }> {
  const data = (await exchange(`${server.url}/test/data`, {})).body;
  const headers = { 'Content-Length': data.length, Expect: '100-continue', Prefer: 'resume' };
  let requestContent = '';
  let responseMessage = '';
  const learn = (fields: IncomingMessage['headers']): void => {
    requestContent = `${server.url}${String(fields['request-content-location'])}`;
    responseMessage = `${server.url}${String(fields['response-message-location'])}`;
  };
  let cuts = 0;
  try {
    const answer = await exchange(`${server.url}/test/${number}`, { method: 'POST', headers }, data, learn);
    return { body: answer.body.toString(), cuts };
  } catch {
    cuts++;
  }
  for (;;) {
    const head = await exchange(requestContent, { method: 'HEAD' });
    const have = Number(head.fields['content-length']);
    expect(have).toBe(100_000 * cuts);
    expect(head.status).toBe(299);
    // Without a unit, as the original writes it.
    const range = `${have}-${TOTAL - 1}/${TOTAL}`;
    const part = Buffer.from(`Content-Range: ${range}\r\nContent-Length: ${TOTAL - have}\r\n\r\n`);
    const content = Buffer.concat([part, data.subarray(have)]);
    const fields = { 'Content-Type': 'message/byterange', 'Content-Length': content.length };
    try {
      expect((await exchange(requestContent, { method: 'PATCH', headers: fields }, content)).status).toBe(
        200,
      );
      break;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      cuts++;
    }
  }
  const document = await exchange(responseMessage, {});
  expect(document.fields['content-type']).toBe('message/http');
  // The original reads it with these two expressions, and wants the head in one piece.
  const [head = '', body = ''] = document.body.toString().split('\r\n\r\n', 2);
  const [line = '', ...fields] = head.split('\r\n');
  expect(line).toMatch(/^HTTP\/(\d)\.(\d) (\d{3}) ([A-Za-z-]+)$/);
  for (const field of fields) expect(field).toMatch(/^([A-Za-z-]+): (.*)$/);
  return { body, cuts };
}

async function statuses({
  ask,
}: Running): Promise<{ status: string; warn: string | null; message: string | null }[]> {
  return JSON.parse((await ask(message('GET /test/status'))).body) as never;
}

describe('the test suite', () => {
  test('passes for a client that resumes as the original does: plain, cut once, cut again in each PATCH', async () => {
    const run = await running();
    expect((await statuses(run)).map(({ status }) => status)).toEqual(['waiting', 'waiting', 'waiting']);
    for (const [number, cuts] of [0, 1, 9].entries()) {
      expect(await runTest(run, number)).toEqual({ body: 'Finished job result!\r\n', cuts });
    }
    expect(await statuses(run)).toEqual(
      [0, 1, 2].map((number) => ({ href: `/test/${number}`, status: 'pass', warn: null, message: null })),
    );
    expect(run.notes.faults).toHaveLength(10);
    for (const fault of run.notes.faults) {
      expect(fault).toMatchObject({ action: 'cut', cut: 'rst', direction: 'in', origin: 'server' });
    }
    expect(run.notes.faults.map(({ content }) => content)).toEqual([
      100_000,
      ...Array.from({ length: 9 }, (_value, index) => 100_000 * (index + 1)),
    ]);
    await run.ask(message('POST /test/reset', ['Content-Length: 0']));
    expect((await statuses(run)).map(({ status }) => status)).toEqual(['waiting', 'waiting', 'waiting']);
  });

  test('cuts a chunked upload after exactly as many bytes', async () => {
    const { ask, client, server } = await running();
    const data = (await ask(message('GET /test/data'))).body;
    const raw = await client();
    raw.send(
      message('POST /test/1', ['Expect: 100-continue', 'Prefer: resume', 'Transfer-Encoding: chunked']),
    );
    await raw.next();
    for (let at = 0; at < 150_000; at += 30_000) raw.send(`7530\r\n${data.slice(at, at + 30_000)}\r\n`);
    expect(await raw.ended).toBe('rst');
    expect((await ask(message('HEAD /job/0.req'))).fields.get('content-length')).toBe('100000');
    expect(server.state().resources[0]?.length).toBeNull();
  });

  test('is pending while the upload is, fails for a wrong byte, and says which', async () => {
    const run = await running();
    const raw = await run.client();
    raw.send(message('POST /test/0', resumable(20), '00000000\r\n0000'));
    await run.stored(14);
    expect((await statuses(run))[0]?.status).toBe('pending');
    raw.send('1001\r\n');
    const answer = await raw.final();
    expect(answer.line).toBe('HTTP/1.1 422 Unprocessable Content');
    expect(answer.body).toMatch(/failed at byte 14:/);
    expect((await statuses(run))[0]).toMatchObject({
      status: 'fail',
      message: expect.stringMatching(/byte 14/),
    });
    const document = await run.ask(message('GET /job/0.res'));
    expect(document.body).toMatch(/^HTTP\/1\.1 422 /);
  });

  test('fails when bytes are missing, and when there are too many', async () => {
    const run = await running();
    const { ask } = run;
    expect((await ask(message('POST /test/0', resumable(10), '00000000\r\n'))).body).toMatch(
      /10 bytes came, not 1000000/,
    );
    const data = (await ask(message('GET /test/data'))).body;
    const long = await ask(message('POST /test/0', resumable(TOTAL + 10), `${data}00100000\r\n`));
    expect(long.status).toBe(422);
    expect(long.body).toMatch(/failed at byte 1000000:/);
  });

  test('warns when every byte arrived, but a request on the way was refused', async () => {
    const run = await running();
    const data = (await run.ask(message('GET /test/data'))).body;
    const raw = await run.client();
    raw.send(message('POST /test/0', resumable(TOTAL), data.slice(0, 50_000)));
    await run.stored(50_000);
    await run.ask(patch('/job/0.req', `bytes 0-${TOTAL - 1}/${TOTAL}`, data));
    const answer = await run.ask(
      patch('/job/0.req', `bytes 50000-${TOTAL - 1}/${TOTAL}`, data.slice(50_000)),
    );
    expect(answer.body).toBe('Finished job result!\r\n');
    expect((await statuses(run))[0]).toMatchObject({
      status: 'warn',
      warn: expect.stringMatching(/next byte here is/),
    });
  });
});

describe('/test/', () => {
  test('lists the tests, and says of each how to begin it', async () => {
    const { ask } = await running();
    const list = await ask(message('GET /test/'));
    expect(list.fields.get('content-type')).toBe('application/json');
    expect(JSON.parse(list.body)).toEqual(['/test/0', '/test/1', '/test/2']);
    expect((await ask(message('GET /test/1'))).body).toMatch(/^Stream \/test\/data to a POST request/);
    expect((await ask(message('GET /test/reset'))).body).toMatch(/^Call POST/);
  });

  test('data is a million bytes of numbered lines, of which any range can be read', async () => {
    const { ask } = await running();
    const whole = await ask(message('GET /test/data'));
    expect(whole.body).toBe(
      Array.from({ length: 100_000 }, (_value, line) => `${String(line).padStart(8, '0')}\r\n`).join(''),
    );
    expect((await ask(message('HEAD /test/data'))).fields.get('content-length')).toBe('1000000');
    const clamped = await ask(message('GET /test/data', ['Range: bytes=999990-99999999999999999999']));
    expect([clamped.status, clamped.body]).toEqual([206, '00099999\r\n']);
    expect(clamped.fields.get('content-range')).toBe('bytes 999990-999999/1000000');
    const part = await ask(message('GET /test/data', ['Range: bytes=123450-123459']));
    expect(part.line).toBe('HTTP/1.1 206 Partial Content');
    expect(part.fields.get('content-range')).toBe('bytes 123450-123459/1000000');
    expect(part.body).toBe('00012345\r\n');
  });
});
