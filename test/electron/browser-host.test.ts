import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type BrowserHost, startBrowserHost } from '../../electron/browser-host.ts';
import { type FakeEngine, fakeEngine } from './browser-host/fake-engine.ts';

let folder: string;
let fake: FakeEngine;
let host: BrowserHost;
let port: number;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'interim-host-'));
  mkdirSync(join(folder, 'renderer/assets'), { recursive: true });
  writeFileSync(
    join(folder, 'renderer/index.html'),
    '<!doctype html><html><head><title>x</title></head></html>',
  );
  writeFileSync(join(folder, 'renderer/assets/a.js'), 'let a;');
  writeFileSync(join(folder, 'secret.js'), 'secret');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(async () => {
  fake = fakeEngine();
  host = await startBrowserHost({
    engine: fake.engine,
    rendererDirectory: join(folder, 'renderer'),
    uploadLimit: 1_000_000,
  });
  port = Number(new URL(host.url).port);
});
afterEach(() => host.close());

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

/** A request with the target exactly as given, which `fetch` would tidy. */
function ask(path: string, { method = 'GET', headers = {}, body }: Ask = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => (text += part));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
      response.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

interface Page {
  readonly cookie: string;
  readonly token: string;
  readonly origin: string;
}

/** Opens the printed URL as a browser does. */
async function enter(): Promise<Page> {
  const { status, headers, body } = await ask(host.url.slice(host.url.indexOf('/?')));
  expect(status).toBe(200);
  const cookie = headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  const token = /<meta name="interim-token" content="([^"]+)">/.exec(body)?.[1] ?? '';
  return { cookie, token, origin: `http://127.0.0.1:${port}` };
}

/** Opens a WebSocket; resolves with it, or with the status that it was turned away with. */
async function dial(
  page: Page,
  change: { path?: string; token?: string; headers?: Record<string, string | undefined> } = {},
): Promise<WebSocket | number> {
  const all: Record<string, string | undefined> = {
    Cookie: page.cookie,
    Origin: page.origin,
    ...change.headers,
  };
  const headers = Object.fromEntries(
    Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
  const path = change.path ?? `/engine?token=${change.token ?? page.token}`;
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
  return new Promise((resolve) => {
    socket.on('open', () => resolve(socket));
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    socket.on('error', () => undefined);
  });
}

async function open(page: Page): Promise<WebSocket> {
  const socket = await dial(page);
  if (typeof socket === 'number') throw new Error(`turned away with ${socket}`);
  return socket;
}

async function call(socket: WebSocket, frame: unknown): Promise<unknown> {
  const answer = once(socket, 'message');
  socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  const [data, binary] = (await answer) as [Buffer, boolean];
  return binary ? data : JSON.parse(String(data));
}

describe('entering', () => {
  it('trades the printed token for a cookie and a page with a token of its own', async () => {
    const { status, headers, body } = await ask(host.url.slice(host.url.indexOf('/?')));
    expect(status).toBe(200);
    expect(headers['set-cookie']?.[0]).toMatch(/^interim-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(body).toMatch(/<head><meta name="interim-token" content="[\w-]{43}">/);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain(`connect-src 'self' ws://127.0.0.1:${port}`);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cache-control']).toBe('no-store');
  });

  it('prints a token of 256 bits', () => {
    expect(new URL(host.url).searchParams.get('token')).toMatch(/^[\w-]{43}$/);
    expect(new URL(host.url).hostname).toBe('127.0.0.1');
  });

  it('lets the token be used once', async () => {
    await enter();
    const second = await ask(host.url.slice(host.url.indexOf('/?')));
    expect(second.status).toBe(403);
    expect(second.body).toContain('used already');
    expect(second.headers['set-cookie']).toBeUndefined();
  });

  it('does not use the token up for a HEAD', async () => {
    expect((await ask(host.url.slice(host.url.indexOf('/?')), { method: 'HEAD' })).status).toBe(403);
    await enter();
  });

  it('opens again for the browser that was let in, a second tab too', async () => {
    const { cookie } = await enter();
    expect((await ask('/', { headers: { Cookie: `other=1; ${cookie}` } })).status).toBe(200);
    expect((await ask(host.url.slice(host.url.indexOf('/?')), { headers: { Cookie: cookie } })).status).toBe(
      200,
    );
    expect((await ask('/assets/a.js', { headers: { Cookie: cookie } })).body).toBe('let a;');
  });

  it.each([
    ['no token', '/', {}],
    ['an empty token', '/?token=', {}],
    ['a wrong token', `/?token=${'A'.repeat(43)}`, {}],
    ['a wrong cookie', '/', { Cookie: 'interim=x' }],
    ['a file without a cookie', '/assets/a.js', {}],
  ])('refuses %s', async (_what, path, headers) => {
    const answer = await ask(path, { headers });
    expect(answer.status).toBe(403);
    expect(answer.body.trim().split('\n')).toHaveLength(1);
  });
});

describe('names and origins', () => {
  it.each(['evil.example', 'evil.example:PORT', '127.0.0.1', '127.0.0.1:1', '[::1]:PORT', '0.0.0.0:PORT'])(
    'refuses the host %j, even with the right token',
    async (name) => {
      const answer = await ask(host.url.slice(host.url.indexOf('/?')), {
        headers: { Host: name.replace('PORT', String(port)) },
      });
      expect(answer.status).toBe(403);
      await enter();
    },
  );

  it('answers as localhost too', async () => {
    const answer = await ask(host.url.slice(host.url.indexOf('/?')), {
      headers: { Host: `localhost:${port}` },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-security-policy']).toContain(`ws://localhost:${port}`);
  });

  it('listens on the loopback address only', async () => {
    const socket = createConnection({ host: '127.0.0.2', port });
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });

  it.each<[string, Parameters<typeof dial>[1]]>([
    ['another origin', { headers: { Origin: 'http://evil.example' } }],
    ['another port of ours', { headers: { Origin: 'http://127.0.0.1:1' } }],
    ['no origin', { headers: { Origin: undefined } }],
    ['the origin null', { headers: { Origin: 'null' } }],
    ['another site', { headers: { 'Sec-Fetch-Site': 'cross-site' } }],
    ['the same site, another origin', { headers: { 'Sec-Fetch-Site': 'same-site' } }],
    ['another host', { headers: { Host: 'evil.example', Origin: 'http://evil.example' } }],
    ['no cookie', { headers: { Cookie: undefined } }],
    ['a wrong page token', { token: 'A'.repeat(43) }],
    ['no page token', { path: '/engine' }],
    ['another path', { path: '/other' }],
  ])('turns a WebSocket away: %s', async (_what, change) => {
    const page = await enter();
    expect(await dial(page, change)).toBe(403);
    expect(fake.uis.size).toBe(0);
  });

  it('takes the one-time token for no page token', async () => {
    const page = await enter();
    const oneTime = new URL(host.url).searchParams.get('token') ?? '';
    expect(await dial(page, { token: oneTime })).toBe(403);
  });
});

describe('files', () => {
  it.each([
    '/../secret.js',
    '/assets/../../secret.js',
    '/%2e%2e/secret.js',
    '/..%2fsecret.js',
    '/assets/..%5c..%5csecret.js',
    '/assets/%00a.js',
    '//etc/passwd',
    '/assets',
    '/index.html/',
  ])('does not know %s', async (path) => {
    const { cookie } = await enter();
    const answer = await ask(path, { headers: { Cookie: cookie } });
    expect([400, 404]).toContain(answer.status);
    expect(answer.body).not.toContain('secret');
  });

  it('answers HEAD without content and other methods not at all', async () => {
    const { cookie } = await enter();
    const head = await ask('/assets/a.js', { method: 'HEAD', headers: { Cookie: cookie } });
    expect([head.status, head.body]).toEqual([200, '']);
    expect((await ask('/', { method: 'PUT', headers: { Cookie: cookie } })).status).toBe(405);
  });
});

describe('commands', () => {
  it('answers by id, with the result or a sentence', async () => {
    const socket = await open(await enter());
    fake.answers.arm = { id: 7 };
    fake.answers.stop = () => Promise.reject(new Error('Nothing is running.'));
    const cut = { end: 'client', direction: 'out', at: 5, content: false, cut: 'rst' };
    expect(await call(socket, { id: 1, command: 'arm', args: cut })).toEqual({ id: 1, result: { id: 7 } });
    expect(await call(socket, { id: 2, command: 'stop', args: {} })).toEqual({
      id: 2,
      error: 'Nothing is running.',
    });
    expect(fake.calls).toEqual([
      { name: 'arm', args: cut },
      { name: 'stop', args: {} },
    ]);
    socket.close();
  });

  it.each([
    ['an unknown command', { id: 1, command: 'shutdown', args: {} }],
    ['a command of every object', { id: 1, command: 'toString', args: {} }],
    ['malformed arguments', { id: 1, command: 'pace', args: { rate: 'x' } }],
    ['missing arguments', { id: 1, command: 'pace' }],
    ['a path that nobody chose', { id: 1, command: 'openSession', args: { path: '/etc/passwd' } }],
    ['a path to write to', { id: 1, command: 'saveSession', args: { path: '/tmp/x' } }],
    ['a path to export to', { id: 1, command: 'exportSession', args: { as: 'har', path: '/tmp/x' } }],
  ])('refuses %s with a sentence and goes on', async (_what, frame) => {
    const socket = await open(await enter());
    const answer = (await call(socket, frame)) as { id: number; error: string };
    expect(answer.id).toBe(1);
    expect(answer.error).toMatch(/\.$/);
    expect(fake.calls).toEqual([]);
    expect(await call(socket, { id: 2, command: 'pace', args: { rate: 0 } })).toEqual({
      id: 2,
      result: null,
    });
    socket.close();
  });

  it.each([
    ['text that is no JSON', '{'],
    ['JSON that is no command', '[]'],
    ['no id', '{"command":"stop","args":{}}'],
    ['an id that does not fit', '{"id":-1,"command":"stop","args":{}}'],
    ['null', 'null'],
    ['bytes', Buffer.from([1, 2, 3])],
  ])('ends a connection that sends %s', async (_what, frame) => {
    const socket = await open(await enter());
    socket.send(frame);
    expect((await once(socket, 'close'))[0]).toBe(1008);
    expect(fake.calls).toEqual([]);
    expect(fake.uis.size).toBe(0);
  });

  it('ends a connection that sends an oversized frame', async () => {
    const socket = await open(await enter());
    socket.send(JSON.stringify({ id: 1, command: 'stop', args: { x: 'x'.repeat(9 * 1024 * 1024) } }));
    await once(socket, 'close');
    expect(fake.calls).toEqual([]);
    expect(fake.uis.size).toBe(0);
  });

  it('returns bytes in a binary frame with the id and whether they were kept', async () => {
    const socket = await open(await enter());
    fake.answers.bytes = { bytes: new Uint8Array([9, 8, 7]), kept: true };
    const args = { connection: 1, stream: 'request', start: 0, end: 3 };
    expect(await call(socket, { id: 0x01020304, command: 'bytes', args })).toEqual(
      Buffer.from([2, 4, 3, 2, 1, 1, 9, 8, 7]),
    );
    fake.answers.bytes = { bytes: new Uint8Array(0), kept: false };
    expect(await call(socket, { id: 5, command: 'bytes', args })).toEqual(Buffer.from([2, 5, 0, 0, 0, 0]));
    socket.close();
  });

  it('refuses commands beyond those that may be at work at once', async () => {
    const socket = await open(await enter());
    fake.answers.stop = () => new Promise(() => undefined);
    for (let id = 0; id < 256; id++) socket.send(JSON.stringify({ id, command: 'stop', args: {} }));
    expect(await call(socket, { id: 999, command: 'pace', args: { rate: 0 } })).toEqual({
      id: 999,
      error: 'Too much at once: wait for the answers.',
    });
    socket.terminate();
  });
});

describe('pushes and batches', () => {
  it('reach every tab, batches as bytes behind a 1', async () => {
    const page = await enter();
    const tabs = [await open(page), await open(page)];
    const told = tabs.map((tab) => once(tab, 'message'));
    fake.push({ push: 'problem', message: 'The disk is full.' });
    for (const [data] of await Promise.all(told))
      expect(JSON.parse(String(data))).toEqual({ push: 'problem', message: 'The disk is full.' });
    const sent = tabs.map((tab) => once(tab, 'message'));
    fake.batch(new Uint8Array([5, 6]));
    for (const [data, binary] of await Promise.all(sent))
      expect([binary, data]).toEqual([true, Buffer.from([1, 5, 6])]);
    const [first, second] = tabs;
    first?.close();
    await once(first!, 'close');
    expect(await call(second!, { id: 1, command: 'stop', args: {} })).toEqual({ id: 1, result: null });
    expect(fake.uis.size).toBe(1);
    second?.close();
  });

  it('let go an interface that has stopped reading, and only that one', async () => {
    const page = await enter();
    const [slow, other] = [await open(page), await open(page)];
    const ended = once(slow, 'close');
    slow.pause();
    other.on('message', () => undefined);
    const [ui] = fake.uis;
    const part = new Uint8Array(8 * 1024 * 1024);
    for (let i = 0; i < 12; i++) ui?.batch(part);
    slow.resume();
    expect((await ended)[0]).toBe(1013);
    expect(await call(other, { id: 1, command: 'stop', args: {} })).toEqual({ id: 1, result: null });
    other.close();
  });

  it('make recent sessions ones that may be opened', async () => {
    const socket = await open(await enter());
    const recent = { path: '/recordings/one.pcapng', name: 'one', modifiedAt: 1, bytes: 2 };
    const frame = { id: 1, command: 'openSession', args: { path: recent.path } };
    expect(await call(socket, frame)).toHaveProperty('error');
    fake.answers.hello = { recents: [recent] };
    await call(socket, { id: 2, command: 'hello', args: {} });
    fake.answers.openSession = true;
    expect(await call(socket, frame)).toEqual({ id: 1, result: true });
    socket.close();
  });
});

describe('uploads', () => {
  const upload = (page: Page, more: Ask = {}, name = 'mine.pcapng') =>
    ask(`/upload?token=${page.token}&name=${encodeURIComponent(name)}`, {
      method: 'POST',
      body: 'the file',
      ...more,
      headers: { Cookie: page.cookie, Origin: page.origin, ...more.headers },
    });

  it('are handed to the engine, and may then be opened', async () => {
    const page = await enter();
    const answer = await upload(page, {}, 'Ü & b.pcapng');
    expect(JSON.parse(answer.body)).toEqual({ path: '/uploads/Ü & b.pcapng' });
    expect(fake.received).toEqual([{ name: 'Ü & b.pcapng', bytes: Buffer.from('the file') }]);
    const socket = await open(page);
    fake.answers.openSession = true;
    const frame = { id: 1, command: 'openSession', args: { path: '/uploads/Ü & b.pcapng' } };
    expect(await call(socket, frame)).toEqual({ id: 1, result: true });
    socket.close();
  });

  it.each<[string, Ask]>([
    ['another origin', { headers: { Origin: 'http://evil.example' } }],
    ['no cookie', { headers: { Cookie: '' } }],
    ['another site', { headers: { 'Sec-Fetch-Site': 'cross-site' } }],
  ])('are refused from %s', async (_what, more) => {
    const page = await enter();
    expect((await upload(page, more)).status).toBe(403);
    expect(fake.received).toEqual([]);
  });

  it('are refused without origin, name, or with the wrong token or method', async () => {
    const page = await enter();
    const headers = { Cookie: page.cookie };
    const target = `/upload?token=${page.token}&name=a`;
    expect((await ask(target, { method: 'POST', headers, body: 'x' })).status).toBe(403);
    expect((await upload({ ...page, token: 'x' })).status).toBe(403);
    expect((await upload(page, {}, '')).status).toBe(400);
    expect((await upload(page, {}, 'n'.repeat(256))).status).toBe(400);
    expect((await ask(target, { headers })).status).toBe(405);
    expect(fake.received).toEqual([]);
  });

  it.each<[string, Record<string, string>]>([
    ['that says its length', { 'Content-Length': '1000001' }],
    ['that does not', { 'Transfer-Encoding': 'chunked' }],
  ])('over the limit are answered with a sentence: a body %s', async (_what, headers) => {
    const page = await enter();
    const answer = await upload(page, { headers, body: Buffer.alloc(1_000_001) });
    expect(answer.status).toBe(413);
    expect(answer.body).toContain('larger than');
    expect(fake.received).toEqual([]);
  });
});

describe('downloads', () => {
  it('come as attachments under the session’s name', async () => {
    const page = await enter();
    const answer = await ask(`/download?as=pcapng&token=${page.token}`, { headers: { Cookie: page.cookie } });
    expect(answer.body).toBe('first second');
    expect(answer.headers['content-type']).toBe('application/x-pcapng');
    expect(answer.headers['content-disposition']).toBe(
      `attachment; filename="F_nf _Schritte_.pcapng"; filename*=UTF-8''F%C3%BCnf%20%22Schritte%22.pcapng`,
    );
  });

  it.each<[string, string, Record<string, string>, number]>([
    ['a format that is none', 'as=exe', {}, 400],
    ['another site', 'as=har', { 'Sec-Fetch-Site': 'cross-site' }, 403],
    ['no cookie', 'as=har', { Cookie: '' }, 403],
  ])('are refused for %s', async (_what, query, headers, status) => {
    const page = await enter();
    const answer = await ask(`/download?${query}&token=${page.token}`, {
      headers: { Cookie: page.cookie, ...headers },
    });
    expect(answer.status).toBe(status);
  });
});

describe('starting and ending', () => {
  it('says what to do about a busy port', async () => {
    const second = startBrowserHost({
      engine: fake.engine,
      rendererDirectory: join(folder, 'renderer'),
      port,
    });
    await expect(second).rejects.toThrow(`Port ${port} is in use`);
  });

  it('says what to do without a built interface', async () => {
    const second = startBrowserHost({ engine: fake.engine, rendererDirectory: join(folder, 'nothing') });
    await expect(second).rejects.toThrow('run npm run build');
  });

  it('ends every connection when closed, and leaves the engine to its owner', async () => {
    const socket = await open(await enter());
    const ended = once(socket, 'close');
    await host.close();
    await ended;
    expect(fake.uis.size).toBe(0);
    expect(fake.closed).toBe(false);
    host = await startBrowserHost({ engine: fake.engine, rendererDirectory: join(folder, 'renderer') });
  });
});
