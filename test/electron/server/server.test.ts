// The server as a whole: where it listens, what it says of itself, what it leaves behind.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { listenOnDefaultPort } from '../../../electron/server/default-port.ts';
import { createTestServer } from '../../../electron/server/server.ts';
import { WireError } from '../../../electron/wire/types.ts';
import { message, resumable, running } from './harness.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'interim-test-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

describe('the test server', () => {
  test('listens on 18080, or the next port that is free', async () => {
    const first = await running({ port: 'default' });
    expect(first.server.port).toBeGreaterThanOrEqual(18080);
    const second = await running({ port: 'default' });
    expect(second.server.port).toBeGreaterThan(first.server.port);
    expect(second.server.url).toBe(`http://127.0.0.1:${second.server.port}`);
    expect((await second.ask(message('GET /'))).status).toBe(200);
  });

  test('says so when none of a hundred ports is free', async () => {
    const tried: number[] = [];
    const inUse = (port: number): Promise<never> => {
      tried.push(port);
      return Promise.reject(new WireError('port-in-use', 'taken'));
    };
    await expect(listenOnDefaultPort('127.0.0.1', inUse)).rejects.toThrow(
      /All ports from 18080 to 18179 of 127\.0\.0\.1 are in use: name another one\./,
    );
    expect(tried).toEqual(Array.from({ length: 100 }, (_value, index) => 18080 + index));
  });

  test('tries no other port when the first fails for another reason', async () => {
    const refuse = (): Promise<never> => Promise.reject(new WireError('other', 'No.'));
    await expect(listenOnDefaultPort('127.0.0.1', refuse)).rejects.toThrow('No.');
  });

  test('passes on why it cannot listen where it was told to', async () => {
    const { server } = await running();
    const { context } = await contextOf();
    await expect(createTestServer({ context, port: server.port })).rejects.toThrow(WireError);
    await expect(createTestServer({ context, port: 0, host: '192.0.2.1' })).rejects.toThrow(/loopback/);
  });

  test.each([199, 300, 299.5])('cannot say %d of what is not complete', async (incompleteStatus) => {
    const { context } = await contextOf();
    await expect(createTestServer({ context, port: 0, incompleteStatus })).rejects.toThrow(
      /choose one of 200 to 299/,
    );
  });

  test('lists at / what can be tried, for curl', async () => {
    const { ask } = await running();
    const index = await ask(message('GET /'));
    expect(index.fields.get('content-type')).toBe('text/plain');
    for (const path of ['/print', '/capture', '/collection', '/test/0', '/test/data'])
      expect(index.body).toContain(path);
    expect((await ask(message('HEAD /'))).fields.get('content-length')).toBe(String(index.body.length));
  });

  test('tells of changes once a turn, however many there were', async () => {
    const { server, client, until } = await running();
    let changes = 0;
    const raw = await client();
    raw.send(message('POST /print', resumable(5000)));
    await until(() => server.state().resources.length === 1);
    await new Promise<void>((resolve) => {
      server.changed = () => {
        changes++;
        resolve();
      };
      // One read of many small chunks' worth would be one change; these are one read.
      raw.send('x'.repeat(4000));
    });
    expect(changes).toBe(1);
    expect(server.state().resources[0]).toEqual({
      path: '/job/0.req',
      kind: 'upload',
      label: 'receiving',
      have: 4000,
      length: 5000,
    });
  });

  test('names its newest resources, twenty at most', async () => {
    const { server, ask } = await running({ stepMilliseconds: 0 });
    for (let index = 0; index < 12; index++) await ask(message('POST /print', resumable(1), 'x'));
    const { resources } = server.state();
    expect(resources).toHaveLength(20);
    expect(resources[0]?.path).toBe('/job/11.req');
  });

  test('has no digest for what it does not store', async () => {
    const { server } = await running();
    for (const path of ['/job/0.req', '/items/1', '/test/data', 'nonsense']) {
      expect(await server.digest(path)).toBeNull();
    }
  });

  test('stores large uploads in a file, serves them from there, and leaves none behind', async () => {
    for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, root);
    const { server, client, ask } = await running({ stepMilliseconds: 0, memoryLimit: 100_000 });
    const content = Array.from(
      { length: 30_000 },
      (_value, line) => `${String(line).padStart(8, '0')}\r\n`,
    ).join('');
    const raw = await client();
    raw.send(message('POST /collection', resumable(content.length), content));
    expect((await raw.final()).status).toBe(201);
    expect((await ask(message('GET /items/1'))).body).toBe(content);
    expect((await ask(message('GET /items/1', ['Range: bytes=150000-150009']))).body).toBe('00015000\r\n');
    expect(readdirSync(root)).toHaveLength(process.platform === 'win32' ? 1 : 0);
    await server.close();
    expect(readdirSync(root)).toEqual([]);
    expect(await raw.ended).toBe('rst');
  });

  test('keeps files in a temporary folder, which goes with it, where it was given none', async () => {
    for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, root);
    const { server, ask } = await running();
    expect((await ask(message('GET /uploads/a'))).status).toBe(404);
    expect((await ask(message('GET /uploads/'))).body).toBe('[]\n');
    expect(readdirSync(root)).toEqual([]);
    await ask(message('PUT /uploads/a', ['Content-Length: 3'], 'abc'));
    const [folder = ''] = readdirSync(root);
    expect(readFileSync(join(root, folder, 'a'), 'utf8')).toBe('abc');
    await server.close();
    expect(readdirSync(root)).toEqual([]);
  });

  test('has its folder of files to itself, and says so where it cannot have it', async () => {
    const { context } = await contextOf();
    const first = await createTestServer({ context, port: 0, root });
    await expect(createTestServer({ context, port: 0, root })).rejects.toMatchObject({
      code: 'bad-option',
      message: expect.stringMatching(/in use by another server \(process \d+\): end that one/),
    });
    await first.close();
    const second = await createTestServer({ context, port: 0, root });
    // A server that could not listen leaves the folder free.
    await expect(createTestServer({ context, port: second.port, root: `${root}/other` })).rejects.toThrow(
      WireError,
    );
    await (await createTestServer({ context, port: 0, root: `${root}/other` })).close();
    await second.close();
    writeFileSync(join(root, 'file'), '');
    await expect(createTestServer({ context, port: 0, root: join(root, 'file') })).rejects.toMatchObject({
      code: 'bad-option',
      message: expect.stringMatching(/cannot be used for uploads: .* Choose another one/),
    });
  });

  test('answers 507 when it can store no more, and keeps what it has', async () => {
    const { ask } = await running({ storeLimit: 100_000 });
    const fields = ['Expect: 100-continue', 'Prefer: resume', 'Transfer-Encoding: chunked'];
    const chunks = `186a0\r\n${'x'.repeat(100_000)}\r\n1\r\nx\r\n0\r\n\r\n`;
    const response = await ask(message('POST /print', fields, chunks));
    expect(response.status).toBe(507);
    expect(response.body).toMatch(/keeps 100000 bytes of uploads in all: DELETE/);
    expect(Number((await ask(message('HEAD /job/0.req'))).fields.get('content-length'))).toBeLessThanOrEqual(
      100_000,
    );
  });

  test('leaves no timer behind when it closes in the middle of everything', async () => {
    const { server, client, clock, until } = await running();
    const raw = await client();
    raw.send(message('POST /collection', resumable(2, 'resume, processing, respond-async, wait=5'), 'ab'));
    await raw.next();
    await raw.next();
    const follower = await client();
    follower.send(message('GET /job/0.job', ['Prefer: processing']));
    await follower.next();
    (await client()).send(message('POST /print', resumable(10), 'abc'));
    await until(() => server.state().resources.length === 3);
    await server.close();
    await raw.ended;
    await follower.ended;
    expect(clock.pending).toBe(0);
  });
});

async function contextOf(): Promise<Pick<Parameters<typeof createTestServer>[0], 'context'>> {
  const { board, clock, notes } = await running();
  return { context: { board, clock, recorder: notes } };
}
