// /delayed: each behaviour of a delayed response, as a client sees it, and how the server says that it ended.

import { describe, expect, test } from 'vitest';
import { type Running, message, running } from '../harness.ts';

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise<void>((resolve) => void setImmediate(resolve));
}

/** Asks on a connection of its own, and waits until the server has read that. */
async function asked(server: Running, query: string) {
  const raw = await server.client();
  const request = message(`GET /delayed?name=it&${query}`);
  const wire = () => server.board.wires().find(({ remote }) => remote.port === raw.socket.localPort);
  await until(() => wire() !== undefined);
  raw.send(request);
  await until(() => wire()!.received === request.length);
  return raw;
}

async function endings(server: Running): Promise<unknown> {
  return JSON.parse((await server.ask(message('GET /delayed/ends?name=it'))).body) as unknown;
}

async function advance(server: Running, milliseconds: number): Promise<void> {
  for (let time = 0; time < milliseconds; time += 50) {
    server.clock.advance(50);
    await new Promise<void>((resolve) => void setImmediate(resolve));
  }
}

describe('a delayed response', () => {
  test.each([
    ['style=wait&result=text', 200, 'text/plain', /^The result\.\r\n$/, 'done'],
    ['style=wait&result=json', 200, 'application/json', /^\{"result":"The result\."\}$/, 'done'],
    ['style=wait&result=promise', 200, 'text/plain', /^The result\.\r\n$/, 'done'],
    ['style=wait&result=null', 200, 'text/plain', /^$/, 'done'],
    ['style=wait&result=stream', 200, 'text/plain', /^(?:Piece \d of 3 of the result\.\r\n){3}$/, 'done'],
    ['style=wait&result=error', 500, 'text/plain', /^The work failed\.\r\n$/, 'error'],
    ['style=wait&result=reject', 500, 'text/plain', /^The work failed\.\r\n$/, 'error'],
    ['style=wait&timeout=400', 202, 'text/plain', /^It takes longer/, 'cancel'],
    ['style=wait&timeout=400&result=json', 202, 'application/json', /^\{"text":"It takes longer/, 'cancel'],
    ['style=start&result=buffer', 202, 'text/plain', /^ +The result\.\r\n$/, 'done'],
    ['style=start&result=json', 202, 'application/json', /^ +\{"result":"The result\."\}$/, 'done'],
    ['style=start&initial=5000', 202, 'text/plain', /^The result\.\r\n$/, 'done'],
    ['style=start&timeout=400', 202, 'text/plain', /^ +It takes longer/, 'cancel'],
    ['style=start&initial=5000&result=error', 500, 'text/plain', /^The work failed\.\r\n$/, 'error'],
  ] as const)('with %s', async (query, status, type, content, how) => {
    const server = await running();
    const raw = await asked(server, query);
    await advance(server, 2000);
    const answer = await raw.final();
    expect([answer.status, answer.fields.get('content-type')]).toEqual([status, type]);
    expect(answer.body).toMatch(content);
    expect(await endings(server)).toEqual([expect.objectContaining({ name: 'it', how })]);
  });

  test('whose work fails behind the head breaks off', async () => {
    const server = await running();
    const raw = await asked(server, 'style=start&result=error');
    await advance(server, 2000);
    expect(await raw.ended).toBe('rst');
    expect(await endings(server)).toEqual([{ name: 'it', how: 'error', milliseconds: 1000, polls: 8 }]);
  });

  test('whose client leaves is aborted, and does its work for nobody', async () => {
    const server = await running();
    const raw = await asked(server, 'style=start');
    await advance(server, 300);
    raw.reset();
    await server.until(() => server.board.wires().length === 0);
    await advance(server, 2000);
    expect(await endings(server)).toEqual([{ name: 'it', how: 'abort', milliseconds: 300, polls: 2 }]);
  });

  test.each([
    ['is told that it takes too long', 'after=600000&timeout=1'],
    ['goes between two pieces', 'after=1&result=stream&interval=600000'],
  ])('whose client %s leaves nothing to wait for', async (_what, query) => {
    const server = await running();
    const raw = await asked(server, query);
    while (raw.unread === '') await advance(server, 50);
    raw.reset();
    await server.until(() => server.board.wires().length === 0);
    await until(() => server.clock.pending === 0);
  });

  test.each(['style=start', 'style=wait&timeout=600000'])(
    'to a client that has ended before its turn is aborted: %s',
    async (query) => {
      const server = await running();
      const raw = await server.client();
      const first = message('GET /parallel?work=100');
      raw.send(first + message(`GET /delayed?name=it&after=600000&${query}`));
      raw.socket.end();
      await until(() => server.clock.pending > 0);
      await advance(server, 200);
      await server.until(() => server.board.wires().length === 0);
      expect(server.clock.pending).toBe(0);
      expect(await endings(server)).toEqual([{ name: 'it', how: 'abort', milliseconds: 0, polls: 0 }]);
    },
  );

  test('remembers a hundred ends', async () => {
    const server = await running();
    const raw = await server.client();
    for (let i = 0; i < 105; i++) {
      raw.send(message(`GET /delayed?after=0&timeout=1&result=null&name=n${i}`));
      await until(() => server.clock.pending > 0);
      server.clock.advance(1);
      while (!raw.unread.includes('\r\n\r\n')) {
        server.clock.advance(1);
        await new Promise<void>((resolve) => void setImmediate(resolve));
      }
      await raw.final();
    }
    const all = JSON.parse((await server.ask(message('GET /delayed/ends'))).body) as { name: string }[];
    expect(all.map(({ name }) => name)).toEqual(Array.from({ length: 100 }, (_, i) => `n${i + 5}`));
  });

  test.each([
    ['after=-1', /^after must be a whole number/],
    ['after=600001', /^after/],
    ['interval=0', /^interval/],
    ['style=push', /^style must be one of wait, start/],
    ['result=nothing', /^result must be one of text, json/],
    ['name=../x', /^name must be/],
  ])('refuses %s', async (query, sentence) => {
    const server = await running();
    const answer = await server.ask(message(`GET /delayed?${query}`));
    expect(answer.status).toBe(400);
    expect(answer.body).toMatch(sentence);
  });
});
