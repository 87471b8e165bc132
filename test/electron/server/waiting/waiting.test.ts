// One job, and every way to wait for it, by a foreign client on a plain socket: asked, held, events, 102s, a WebSocket.

import { type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type RawClient, type Running, message, running } from '../harness.ts';

/** A turn of the event loop, as often as it takes. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise<void>((resolve) => void setImmediate(resolve));
}

async function job(server: Running, query: string): Promise<string> {
  const created = await server.ask(message(`POST /waiting/jobs?${query}`, ['Content-Length: 0']), 'POST');
  expect(created.status, created.body).toBe(201);
  await server.until(() => server.board.wires().length === 0);
  return created.fields.get('location')!;
}

/** Sends a request on a connection of its own, and waits until the server has read it. */
async function held(server: Running, request: string): Promise<RawClient> {
  const raw = await server.client();
  await asked(server, raw, request);
  return raw;
}

async function asked(server: Running, raw: RawClient, request: string): Promise<void> {
  const wire = () => server.board.wires().find(({ remote }) => remote.port === raw.socket.localPort);
  await until(() => wire() !== undefined);
  const goal = wire()!.received + request.length;
  raw.send(request);
  await until(() => wire()!.received === goal);
}

const parsed = (body: string): Record<string, unknown> => JSON.parse(body) as Record<string, unknown>;

describe('a job', () => {
  test('is created with an address and told as JSON at once, as it is', async () => {
    const server = await running();
    const path = await job(server, 'steps=3&step=1000');
    expect(path).toBe('/waiting/jobs/1');
    server.clock.advance(1200);
    const running1 = await server.ask(message(`GET ${path}`));
    expect(running1.status).toBe(200);
    expect(Object.fromEntries(running1.fields)).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'no-store',
      etag: 'W/"1"',
      'retry-after': '1',
    });
    expect(parsed(running1.body)).toEqual({
      job: path,
      state: 'running',
      progress: { done: 1, total: 3, text: 'Step 2 of 3 is being done' },
      late: 200,
    });
    server.clock.advance(5000);
    const done = await server.ask(message(`GET ${path}`));
    expect(done.fields.has('retry-after')).toBe(false);
    expect(parsed(done.body)).toEqual({
      job: path,
      state: 'done',
      progress: { done: 3, total: 3, text: 'Everything is done' },
      result: 'All 3 steps are done.',
      late: 3200,
    });
  });

  test('fails in the step that it was told to fail in', async () => {
    const server = await running();
    const path = await job(server, 'steps=3&step=1000&fail=2');
    server.clock.advance(10_000);
    const failed = await server.ask(message(`GET ${path}`));
    expect(parsed(failed.body)).toMatchObject({
      state: 'failed',
      progress: { done: 1, total: 3 },
      error: 'Step 2 of 3 failed: it was told to.',
    });
    expect(failed.fields.get('etag')).toBe('W/"2"');
  });

  test('costs its status check, and survives one that fails', async () => {
    const server = await running();
    const path = await job(server, 'steps=3&step=1000&slow=400&broken=2');
    const first = await held(server, message(`GET ${path}`));
    expect(first.unread).toBe('');
    server.clock.advance(400);
    expect((await first.final()).status).toBe(200);
    const second = await held(server, message(`GET ${path}`));
    server.clock.advance(400);
    const broken = await second.final();
    expect([broken.status, broken.fields.get('retry-after')]).toEqual([503, '1']);
    const third = await held(server, message(`GET ${path}`));
    server.clock.advance(400);
    expect(parsed((await third.final()).body)).toMatchObject({ progress: { done: 1 } });
  });

  test('is refused with what is wrong, for each parameter out of bounds', async () => {
    const server = await running();
    const path = await job(server, 'steps=3&step=1000');
    for (const [target, sentence] of [
      ['POST /waiting/jobs?steps=1000000000', /^steps must be a whole number from 1 to 1000/],
      ['POST /waiting/jobs?steps=0', /^steps/],
      ['POST /waiting/jobs?steps=3&step=1e9', /^step must be/],
      ['POST /waiting/jobs?steps=3&fail=4', /^fail must be a whole number from 1 to 3/],
      ['POST /waiting/jobs?slow=-1', /^slow/],
      [`GET ${path}?wait=-1`, /^wait must be a number of seconds from 0 to 600/],
      [`GET ${path}?wait=1e9`, /^wait/],
      [`GET ${path}?wait=1000000000`, /^wait/],
      [`GET ${path}?wait=`, /^wait/],
      [`GET ${path}?wait=1&program=guess`, /^program must be one of notify, count, deadline/],
      [`GET ${path}?wait=1&tick=0`, /^tick/],
      [`GET ${path}?wait=1&after=x`, /^after/],
      [`GET ${path}/events?retry=-5`, /^retry/],
      [`GET ${path}/events?source=well`, /^source must be one of notify, poll/],
      [`GET ${path}/events?silence=1`, /^silence/],
    ] as const) {
      const answer = await server.ask(message(target, ['Content-Length: 0']));
      expect(answer.status, target).toBe(400);
      expect(answer.body, target).toMatch(sentence);
    }
    expect((await server.ask(message('GET /waiting/jobs/999'))).status).toBe(404);
    expect((await server.ask(message(`PUT ${path}`, ['Content-Length: 0']))).fields.get('allow')).toBe(
      'GET, HEAD, DELETE',
    );
    expect((await server.ask(message(`GET ${path}`, ['If-None-Match: 3']))).status).toBe(400);
  });

  test('makes room when it has ended, and never while it runs', async () => {
    const server = await running();
    const raw = await server.client();
    for (let i = 0; i < 1000; i++) {
      raw.send(message('POST /waiting/jobs?steps=1&step=60000', ['Content-Length: 0']));
      expect((await raw.final('POST')).status).toBe(201);
    }
    raw.send(message('POST /waiting/jobs', ['Content-Length: 0']));
    const full = await raw.final('POST');
    expect([full.status, full.fields.get('retry-after')]).toEqual([503, '1']);
    server.clock.advance(60_000);
    const next = await server.client();
    next.send(message('POST /waiting/jobs', ['Content-Length: 0']));
    expect((await next.final('POST')).fields.get('location')).toBe('/waiting/jobs/1001');
    next.send(message('GET /waiting/jobs/1') + message('GET /waiting/jobs/2'));
    expect([(await next.final()).status, (await next.final()).status]).toEqual([404, 200]);
  });
});

describe('a request that is held', () => {
  test('is answered when the job has ended', async () => {
    const server = await running();
    const path = await job(server, 'steps=2&step=700');
    const raw = await held(server, message(`GET ${path}?wait=60`));
    server.clock.advance(1399);
    expect(raw.unread).toBe('');
    server.clock.advance(1);
    const answer = await raw.final();
    expect([answer.status, answer.fields.get('retry-after')]).toEqual([200, undefined]);
    expect(parsed(answer.body)).toMatchObject({ state: 'done', late: 0 });
  });

  test.each([
    ['more steps than it knows of', '&after=1', [] as string[]],
    ['another entity tag than it has', '', ['If-None-Match: W/"1"']],
    ['the same, compared weakly', '', ['If-None-Match: "0", "1"']],
  ])('is answered when there are %s', async (_name, query, fields) => {
    const server = await running();
    const path = await job(server, 'steps=3&step=1000');
    server.clock.advance(1000);
    const raw = await held(server, message(`GET ${path}?wait=60${query}`, fields));
    expect(raw.unread).toBe('');
    server.clock.advance(1000);
    const answer = await raw.final();
    expect([answer.status, answer.fields.get('retry-after'), answer.fields.get('etag')]).toEqual([
      200,
      '0',
      'W/"2"',
    ]);
    expect(parsed(answer.body)).toMatchObject({ state: 'running', progress: { done: 2, total: 3 } });
  });

  test.each([
    [204, []],
    [304, ['If-None-Match: W/"0"']],
  ] as const)('says ask again by %i when its time is over', async (status, fields) => {
    const server = await running();
    const path = await job(server, 'steps=1&step=60000');
    const raw = await held(server, message(`GET ${path}?wait=1.5`, fields));
    server.clock.advance(1500);
    const answer = await raw.final();
    expect([answer.status, answer.fields.get('retry-after')]).toEqual([status, '0']);
    raw.send(message(`GET ${path}`));
    expect((await raw.final()).status).toBe(200);
  });

  test('is not held before the client knows anything, where it waits for changes', async () => {
    const server = await running();
    const path = await job(server, 'steps=2&step=700');
    const raw = await held(server, message(`GET ${path}?wait=60&until=change`));
    const first = await raw.final();
    expect([first.status, first.fields.get('retry-after')]).toEqual([200, '0']);
    await asked(server, raw, message(`GET ${path}?wait=60&until=change`, ['If-None-Match: W/"0"']));
    expect(raw.unread).toBe('');
    server.clock.advance(700);
    expect(parsed((await raw.final()).body)).toMatchObject({ progress: { done: 1 } });
  });

  test('can be one of many, each with a slow check of its own', async () => {
    const server = await running();
    const path = await job(server, 'steps=1&step=5000&slow=1000');
    const clients = await Promise.all(Array.from({ length: 200 }, () => server.client()));
    for (const [index, raw] of clients.entries())
      await asked(
        server,
        raw,
        message(`GET ${path}?wait=60&program=${['notify', 'count', 'deadline'][index % 3]}`),
      );
    const answers = Promise.all(clients.map((raw) => raw.final()));
    for (let second = 0; second < 10; second++) {
      server.clock.advance(1000);
      await new Promise<void>((resolve) => void setImmediate(resolve));
    }
    expect(new Set((await answers).map(({ status }) => status))).toEqual(new Set([200]));
  });

  test('leaves no timer when its client goes away', async () => {
    const server = await running();
    const path = await job(server, 'steps=1&step=60000&slow=10');
    const idle = server.clock.pending;
    for (const program of ['notify', 'count', 'deadline']) {
      const raw = await held(server, message(`GET ${path}?wait=60&program=${program}`));
      raw.reset();
      await server.until(() => server.board.wires().length === 0);
      expect(server.clock.pending, program).toBe(idle);
    }
  });
});

describe('102s', () => {
  test('tell each change while there are enough of them, and the status at the end', async () => {
    const server = await running();
    const path = await job(server, 'steps=3&step=1000');
    const raw = await server.client();
    raw.send(message(`GET ${path}`, ['Prefer: processing']));
    const told = [];
    for (let step = 0; step < 3; step++) {
      const interim = await raw.next();
      told.push([interim.status, interim.fields.get('progress')]);
      server.clock.advance(1000);
    }
    expect(told).toEqual([
      [102, '0/3 "Step 1 of 3 is being done"'],
      [102, '1/3 "Step 2 of 3 is being done"'],
      [102, '2/3 "Step 3 of 3 is being done"'],
    ]);
    const answer = await raw.final();
    expect(answer.status).toBe(200);
    expect(parsed(answer.body)).toMatchObject({ state: 'done' });
  });

  test('are ten at most, spread over the job', async () => {
    const server = await running();
    const path = await job(server, 'steps=100&step=10');
    const raw = await server.client();
    raw.send(message(`GET ${path}`, ['Prefer: processing']));
    const first = await raw.next();
    const rest = raw.final();
    server.clock.advance(1000);
    const { interim, status } = await rest;
    const steps = [first, ...interim].map(({ fields }) => Number(fields.get('progress')!.split('/')[0]));
    expect(status).toBe(200);
    expect(steps).toEqual([0, 11, 22, 33, 44, 55, 66, 77, 88, 99]);
  });
});

describe('server-sent events', () => {
  const BLOCK = /^(?:retry: (\d+)\n\n)?(?:id: (\d+)\nevent: (\w+)\ndata: (.*)\n\n)?$/;

  test('begin at once, tell every change, and end with the job', async () => {
    const server = await running();
    const path = await job(server, 'steps=3&step=1000');
    const raw = await server.client();
    raw.send(message(`GET ${path}/events?retry=250`, ['Accept: text/event-stream']));
    await until(() => raw.unread.includes('retry: 250\n\n'));
    expect(raw.unread).toMatch(
      /^HTTP\/1\.1 200 OK\r\n(?:.*\r\n)*Content-Type: text\/event-stream\r\nCache-Control: no-cache\r\n/,
    );
    server.clock.advance(10_000);
    const { body } = await raw.final();
    const events = body.slice(body.indexOf('\n\n') + 2).split(/(?<=\n\n)/);
    expect(events.map((event) => BLOCK.exec(event)?.slice(2, 4))).toEqual([
      ['1', 'progress'],
      ['2', 'progress'],
      ['3', 'done'],
    ]);
    expect(parsed(BLOCK.exec(events[1]!)![4]!)).toMatchObject({
      job: path,
      state: 'running',
      progress: { done: 2, total: 3 },
    });
    // The connection can be used again.
    raw.send(message(`GET ${path}`));
    expect((await raw.final()).status).toBe(200);
  });

  test.each([
    ['behind the event that the client has', 'Last-Event-ID: 2', 200, ['3', '4']],
    ['from the beginning with an empty identifier', 'Last-Event-ID: ', 200, ['1', '2', '3', '4']],
    ['with 204 when all was told', 'Last-Event-ID: 4', 204, []],
    ['with 400 for an event that was never sent', 'Last-Event-ID: 5', 400, []],
    ['with 400 for what is no event of ours', 'Last-Event-ID: ../etc; drop', 400, []],
  ] as const)('go on %s', async (_name, field, status, ids) => {
    const server = await running();
    const path = await job(server, 'steps=4&step=1000');
    server.clock.advance(4000);
    const answer = await server.ask(message(`GET ${path}/events`, [field]));
    expect(answer.status, answer.body).toBe(status);
    expect(Array.from(answer.body.matchAll(/^id: (\d+)$/gm), ([, id]) => id)).toEqual(ids);
  });

  test('keep the connection alive by comments', async () => {
    const server = await running();
    const path = await job(server, 'steps=1&step=5000');
    const raw = await server.client();
    raw.send(message(`GET ${path}/events?silence=2000`));
    await until(() => raw.unread.includes('retry: 1000\n\n'));
    for (let comment = 1; comment <= 2; comment++) {
      server.clock.advance(2000);
      await until(() => raw.unread.split(': still there\n\n').length === comment + 1);
    }
    server.clock.advance(1000);
    const { body } = await raw.final();
    expect(body.match(/^(?!data).*$/gm)!.filter((line) => line !== '')).toEqual([
      'retry: 1000',
      ': still there',
      ': still there',
      'id: 1',
      'event: done',
    ]);
  });

  test('say nothing at all before the first event where the head is not flushed', async () => {
    const server = await running();
    const path = await job(server, 'steps=2&step=1000');
    const raw = await held(server, message(`GET ${path}/events?flush=no`));
    expect(raw.unread).toBe('');
    server.clock.advance(1000);
    await until(() => raw.unread.includes('id: 1\n'));
    expect(raw.unread).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(raw.unread).toContain('retry: 1000\n\nid: 1\n');
  });

  test('from a source that is polled tell what each look sees, and leave out what lies between', async () => {
    const server = await running();
    const path = await job(server, 'steps=5&step=450');
    const raw = await server.client();
    raw.send(message(`GET ${path}/events?source=poll&tick=1000`));
    await until(() => raw.unread.includes('retry'));
    for (let look = 0; look < 3; look++) {
      server.clock.advance(1000);
      await new Promise<void>((resolve) => void setImmediate(resolve));
    }
    const { body } = await raw.final();
    expect(Array.from(body.matchAll(/^id: (\d+)$/gm), ([, id]) => id)).toEqual(['2', '4', '5']);
  });

  test('from a source that is polled look no more when nobody listens', async () => {
    const server = await running();
    const path = await job(server, 'steps=1&step=1000');
    const raw = await server.client();
    raw.send(message(`GET ${path}/events?source=poll&tick=60000`));
    await until(() => raw.unread.includes('retry'));
    raw.reset();
    await server.until(() => server.board.wires().length === 0);
    await until(() => server.clock.pending === 1);
  });

  test('wait for a client that reads nothing, one event at a time, and let go of it when it leaves', async () => {
    const server = await running();
    const path = await job(server, 'steps=1000&step=1');
    server.clock.advance(1000);
    const idle = server.clock.pending;
    const raw = await server.client();
    raw.socket.pause();
    for (let i = 0; i < 500; i++) raw.send(message(`GET ${path}/events`));
    // Far more than any buffer takes: the writer stands still in the middle.
    const sent = (): number => server.board.wires()[0]?.sent ?? 0;
    let before = -1;
    while (sent() !== before || before === 0) {
      before = sent();
      for (let turn = 0; turn < 200; turn++) await new Promise<void>((resolve) => void setImmediate(resolve));
    }
    expect(before).toBeGreaterThan(100_000);
    expect(before).toBeLessThan(500 * 100_000);
    raw.reset();
    await server.until(() => server.board.wires().length === 0);
    expect(server.clock.pending).toBe(idle);
  });

  test('reach as many followers as there can be connections, and leave nothing of them', async () => {
    const server = await running({ connectionLimit: 300 });
    const path = await job(server, 'steps=2&step=1000');
    const idle = server.clock.pending;
    const clients = await Promise.all(Array.from({ length: 300 }, () => server.client()));
    for (const raw of clients) raw.send(message(`GET ${path}/events`));
    await until(() => clients.every((raw) => raw.unread.includes('retry')));
    const extra = await server.ask(message(`GET ${path}/events`));
    expect(extra.status).toBe(503);
    for (const raw of clients.slice(0, 150)) raw.reset();
    await server.until(() => server.board.wires().length <= 150);
    server.clock.advance(2000);
    const bodies = await Promise.all(clients.slice(150).map(async (raw) => (await raw.final()).body));
    expect(bodies.every((body) => body.includes('id: 1\n') && body.includes('id: 2\nevent: done\n'))).toBe(
      true,
    );
    for (const raw of clients) raw.destroy();
    await server.until(() => server.board.wires().length === 0);
    // The job's own timer is over, too.
    expect(server.clock.pending).toBe(idle - 1);
  });
});

describe('a WebSocket', () => {
  test('tells every change as a text message, and closes normally at the end', async () => {
    const server = await running();
    const path = await job(server, 'steps=2&step=1000');
    const socket = new WebSocket(`${server.server.url.replace('http', 'ws')}${path}/socket`);
    const messages: Record<string, unknown>[] = [];
    socket.on('message', (data: Buffer) => {
      messages.push(parsed(String(data)));
      setImmediate(() => server.clock.advance(1000));
    });
    const closed = await new Promise<[number, string]>((resolve, reject) => {
      socket.on('close', (code, reason) => resolve([code, String(reason)]));
      socket.on('error', reject);
    });
    expect(messages.map(({ state, progress }) => [state, progress])).toEqual([
      ['running', expect.objectContaining({ done: 0, total: 2 })],
      ['running', expect.objectContaining({ done: 1, total: 2 })],
      ['done', expect.objectContaining({ done: 2, total: 2 })],
    ]);
    expect(closed).toEqual([1000, 'Everything was told.']);
    await server.until(() => server.board.wires().length === 0);
  });

  test('pings at every interval while there is nothing to tell, and until the end', async () => {
    const server = await running();
    const path = await job(server, 'steps=1&step=3500');
    const socket = new WebSocket(`${server.server.url.replace('http', 'ws')}${path}/socket?ping=1000`);
    const heard: string[] = [];
    const turns = [1000, 1000, 500];
    socket.once('message', () => server.clock.advance(1000));
    socket.on('message', (data: Buffer) => heard.push(String(parsed(String(data))['state'])));
    socket.on('ping', () => {
      heard.push('ping');
      setImmediate(() => server.clock.advance(turns.shift()!));
    });
    await new Promise((resolve) => void socket.on('close', resolve));
    expect(heard).toEqual(['running', 'ping', 'ping', 'ping', 'done']);
    await server.until(() => server.board.wires().length === 0);
    expect(server.clock.pending).toBe(0);
  });

  test('gives up who answers no ping', async () => {
    const server = await running();
    const path = await job(server, 'steps=1&step=60000');
    const address = `${server.server.url.replace('http', 'ws')}${path}/socket?ping=1000`;
    const socket = new WebSocket(address, { autoPong: false });
    let pings = 0;
    socket.once('message', () => server.clock.advance(1000));
    socket.on('ping', () => {
      pings++;
      setImmediate(() => server.clock.advance(1000));
    });
    expect(await new Promise((resolve) => void socket.on('close', resolve))).toBe(1006);
    expect(pings).toBe(3);
    await server.until(() => server.board.wires().length === 0);
  });

  test.each(['0', '9', 'often', '600001'])('takes no interval of %s between pings', async (every) => {
    const server = await running();
    const path = await job(server, 'steps=1&step=60000');
    const answer = await server.ask(message(`GET ${path}/socket?ping=${every}`));
    expect(answer.status).toBe(400);
    expect(answer.body).toMatch(/^ping must be/);
  });

  test('is offered to who asks without an upgrade', async () => {
    const server = await running();
    const path = await job(server, 'steps=2&step=1000');
    const answer = await server.ask(message(`GET ${path}/socket`));
    expect([answer.status, answer.fields.get('upgrade')]).toEqual([426, 'websocket']);
  });

  test('takes no long message, and forgets who breaks off', async () => {
    const server = await running();
    const path = await job(server, 'steps=1&step=60000');
    const open = (): Promise<WebSocket> =>
      new Promise((resolve, reject) => {
        const socket = new WebSocket(`${server.server.url.replace('http', 'ws')}${path}/socket`);
        socket.on('open', () => resolve(socket));
        socket.on('error', reject);
      });
    const long = await open();
    const closed = new Promise<number>((resolve) => void long.on('close', resolve));
    long.send('x'.repeat(2000));
    expect(await closed).toBe(1009);
    const broken = await open();
    (broken as unknown as { _socket: Socket })._socket.resetAndDestroy();
    await server.until(() => server.board.wires().length === 0);
  });
});
