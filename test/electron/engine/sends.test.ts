import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEngine } from '../../../electron/engine.ts';
import type { Engine } from '../../../electron/engine-types.ts';
import { STRATEGY_NAMES } from '../../../electron/client/run-strategy.ts';
import {
  type CommandArgs,
  commands,
  type Push,
  type RunState,
  strategyName,
} from '../../../shared/contract.ts';
import { response, type ScriptedServer, scriptedServer, type Turn } from '../client/scripted-server.ts';

type SendArgs = CommandArgs<'send'>;

/** A server of the user's own: keeps what came, and answers when it is told to. */
class Other {
  readonly server: Server = createServer((request, response) => void this.#take(request, response));
  readonly came: { head: string; body: Buffer }[] = [];
  answer: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) =>
    response.writeHead(200, { ETag: '"2"' }).end('done');

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const lines: string[] = [];
    for (let i = 0; i < request.rawHeaders.length; i += 2)
      lines.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`);
    this.came.push({
      head: [`${request.method} ${request.url}`, ...lines].join('\n'),
      body: Buffer.concat(parts),
    });
    this.answer(request, response);
    this.server.emit('taken');
  }
}

describe('a request of the user’s own', () => {
  let folder: string;
  let engine: Engine;
  let other: Other;
  const pushes: Push[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'interim-sends-'));
    engine = await createEngine({ dataDirectory: folder, port: 0, rate: 0 });
    pushes.length = 0;
    engine.attach({ push: (push) => pushes.push(push), batch: () => undefined });
    other = new Other();
    await new Promise<void>((resolve) => other.server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    await engine.close();
    other.server.closeAllConnections();
    other.server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const send = (over: Partial<SendArgs> = {}) =>
    engine.commands.send({
      method: 'PATCH',
      url: `${other.url}/a?b`,
      fields: [],
      content: null,
      strategy: 'plain',
      ...over,
    });
  const session = async () => (await engine.commands.hello({})).session;

  it('goes out as it was given, and its answer comes back whole', async () => {
    const result = await send({
      fields: [
        ['Host', 'example.test'],
        ['Content-Type', 'message/byterange'],
        ['X', ''],
      ],
      content: Buffer.from('ab\0c').toString('base64'),
    });
    expect(other.came).toEqual([
      {
        head: 'PATCH /a?b\nHost: example.test\nContent-Type: message/byterange\nX: \nContent-Length: 4',
        body: Buffer.from('ab\0c'),
      },
    ]);
    expect(commands.send.result.parse(result)).toEqual(result);
    expect(result).toMatchObject({ outcome: 'completed', final: { status: 200, reason: 'OK' } });
    expect(result.final?.fields).toContainEqual(['ETag', '"2"']);
    expect(Buffer.from(result.final!.content, 'base64').toString()).toBe('done');
    expect((await session()).records).toBeGreaterThan(0);
  });

  it('hands on what the server refuses, and that there was no answer', async () => {
    other.answer = (_request, response) => response.writeHead(412).end();
    expect(await send()).toMatchObject({ outcome: 'refused', final: { status: 412, content: '' } });
    other.answer = (_request, response) => response.destroy();
    expect(await send()).toMatchObject({ outcome: 'failed', final: null });
    expect(await send({ url: 'http://127.0.0.1:1/' })).toMatchObject({ outcome: 'refused', final: null });
  });

  it.each<[string, Partial<SendArgs>, RegExp]>([
    ['a relative URL', { url: '/a' }, /not an absolute URL/],
    ['another scheme', { url: 'ftp://127.0.0.1/' }, /is neither http nor https/],
    ['a method with a blank', { method: 'P T' }, /method is a token/],
    ['no method', { method: '' }, /method is a token/],
    ['a field name that is none', { fields: [['a b', 'c']] }, /field name is a token/],
    ['a value of two lines', { fields: [['A', 'b\r\nC: d']] }, /one line/],
  ])('is refused with a sentence and opens nothing: %s', async (_what, over, sentence) => {
    const before = (await session()).records;
    await expect(send(over)).rejects.toThrow(sentence);
    expect((await session()).records).toBe(before);
    expect(other.came).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['content that is no base64', { content: 'a?==' }],
    ['content whose padding is missing', { content: 'YQ' }],
    ['content over 4 MiB', { content: 'A'.repeat(Math.ceil((4 * 1024 * 1024) / 3) * 4 + 4) }],
    ['a strategy that is none', { strategy: 'magic' }],
    ['more than 100 fields', { fields: Array.from({ length: 101 }, () => ['A', 'b']) }],
  ])('never gets so far: %s', (_what, over) => {
    const args = { method: 'PUT', url: 'http://a/', fields: [], content: null, strategy: 'plain' };
    expect(commands.send.args.safeParse(args).success).toBe(true);
    expect(commands.send.args.safeParse({ ...args, ...(over as object) }).success).toBe(false);
  });

  it('can be carried out by every strategy of the client', () => {
    expect(strategyName.options.toSorted()).toEqual(STRATEGY_NAMES.toSorted());
  });

  it('is ended by stop, with all that is open', async () => {
    other.answer = () => undefined;
    const taken = once(other.server, 'taken');
    const result = send();
    await taken;
    await engine.commands.stop({});
    expect(await result).toMatchObject({ outcome: 'failed', reason: 'It was stopped.', final: null });
  });

  it('runs beside an experiment, and leaves its run alone', async () => {
    const ended = new Promise<RunState>((resolve) =>
      engine.attach({
        push: (push) => {
          if (push.push === 'run' && push.run.state !== 'running') resolve(push.run);
        },
        batch: () => undefined,
      }),
    );
    await engine.commands.run({ experiment: 'five-steps', parameters: {}, cuts: [] });
    expect(await send()).toMatchObject({ outcome: 'completed' });
    expect(await ended).toMatchObject({ experiment: 'five-steps', state: 'completed' });
  });

  it('takes the place of a recording that is looked at, in the session that is live', async () => {
    await send();
    const file = join(folder, 'kept.pcapng');
    await engine.commands.saveSession({ path: file });
    const { records } = await session();
    await engine.commands.openSession({ path: file });
    expect((await session()).live).toBe(false);
    await send();
    const now = await session();
    expect(now.live).toBe(true);
    expect(now.records).toBeGreaterThan(records);
  });

  it('is refused while eight others are under way', async () => {
    other.answer = () => undefined;
    let taken = 0;
    const all = new Promise<void>((resolve) =>
      other.server.on('taken', () => {
        if (++taken === 8) resolve();
      }),
    );
    const others = Array.from({ length: 8 }, () => send());
    await all;
    await expect(send()).rejects.toThrow(/being sent already/);
    await engine.commands.stop({});
    expect((await Promise.all(others)).map(({ outcome }) => outcome)).toEqual(Array(8).fill('failed'));
  });

  it('carries numbered lines of any length, or a file, and their digests are those of the whole', async () => {
    await send({ method: 'PUT', content: { generated: 25 } });
    const file = join(folder, 'content');
    await writeFile(file, 'from a file');
    await send({ method: 'PUT', content: { file } });
    expect(other.came.map(({ body }) => body.toString())).toEqual([
      '00000000\r\n00000001\r\n00000',
      'from a file',
    ]);
    await expect(send({ content: { file: join(folder, 'none') } })).rejects.toThrow(/There is no file/);
  });

  it('is told how by its options, and says which of them make no sense', async () => {
    await send({ options: { preferences: ['wait=1'], patience: 1000 }, strategy: 'repeat', method: 'PUT' });
    expect(other.came[0]?.head).toContain('Prefer: wait=1');
    await expect(send({ options: { metadata: { 'a b': 'c' } } })).rejects.toThrow(/metadata is an object/);
  });

  it('is cut where it was asked to be, and nothing else is', async () => {
    const content = { generated: 100_000 };
    const cut = { end: 'client', direction: 'out', at: 50_000, content: false, cut: 'rst' } as const;
    const { server } = await engine.commands.hello({});
    const url = `${server.url}/print`;
    const request = { method: 'POST', url, content, strategy: 'resumable-request' } as const;
    const broken = await send({ ...request, cuts: [cut, { ...cut, end: 'server', direction: 'in' }] });
    expect(broken).toMatchObject({ outcome: 'completed', final: { status: 200 } });
    const { faults } = await engine.commands.hello({});
    expect(faults.armed.map(({ spec, fired }) => [spec.end, fired])).toEqual([
      ['client', true],
      ['server', true],
    ]);
    const never = await send({ ...request, cuts: [{ ...cut, at: 900_000 }] });
    expect(never.reason).toMatch(/200 OK\. The cut at byte 900000 \(client, out\) was never reached\.$/);
    expect((await engine.commands.hello({})).faults.armed.length).toBe(2);
  });
});

describe('bytes of the user’s own', () => {
  let folder: string;
  let engine: Engine;
  let server: ScriptedServer;
  afterEach(async () => {
    await engine.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });
  const begin = async (turns: readonly Turn[]): Promise<void> => {
    folder = await mkdtemp(join(tmpdir(), 'interim-raw-'));
    engine = await createEngine({ dataDirectory: folder, port: 0, rate: 0 });
    server = await scriptedServer([turns]);
  };
  const raw = async (text: string, patience = 10_000) => {
    const bytes = Buffer.from(text, 'latin1').toString('base64');
    const { responses, ...result } = await engine.commands.sendRaw({ url: server.url, bytes, patience });
    return {
      ...result,
      responses: responses.map(({ status, content }) => [status, Buffer.from(content, 'base64').toString()]),
    };
  };
  const OK = response('200 OK', ['Content-Length: 2'], 'ok');

  it('go out as they are, whatever they are', async () => {
    await begin([{ on: /\n\n/, send: response('400 Bad Request', ['Content-Length: 3'], 'no.') }]);
    expect(await raw('gEt  /\n\u00ff: x\n\n')).toEqual({
      outcome: 'refused',
      reason: 'The server answered 400 Bad Request.',
      responses: [[400, 'no.']],
    });
    expect(server.received).toEqual(['gEt  /\n\u00ff: x\n\n']);
  });

  it.each<[string, string, Turn, unknown]>([
    [
      'one request, with interim responses',
      'GET / HTTP/1.1\r\n\r\n',
      { send: response('102 Processing') + OK },
      {
        outcome: 'completed',
        reason: 'The server answered 200 OK.',
        responses: [
          [102, ''],
          [200, 'ok'],
        ],
      },
    ],
    [
      'two, of which one is a HEAD',
      'HEAD /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n',
      { on: /b HTTP/, send: response('200 OK', ['Content-Length: 2']) + OK },
      {
        outcome: 'completed',
        reason: 'The server answered 2 requests, the last with 200 OK.',
        responses: [
          [200, ''],
          [200, 'ok'],
        ],
      },
    ],
    [
      'content that is delimited by the close',
      'GET / HTTP/1.0\r\n\r\n',
      { send: response('200 OK', [], 'all'), close: 'fin' },
      { outcome: 'completed', reason: 'The server answered 200 OK.', responses: [[200, 'all']] },
    ],
    [
      'an upgrade',
      'GET / HTTP/1.1\r\nUpgrade: x\r\n\r\n',
      { send: `${response('101 Switching Protocols', ['Upgrade: x'])}xyz` },
      {
        outcome: 'completed',
        reason: 'The server answered 101 Switching Protocols.',
        responses: [[101, '']],
      },
    ],
    [
      'an answer that breaks off',
      'GET / HTTP/1.1\r\n\r\n',
      { send: response('200 OK', ['Content-Length: 5'], 'ok'), close: 'fin' },
      {
        outcome: 'failed',
        reason: 'The connection ended. The answer broke off.',
        responses: [[200, 'ok']],
      },
    ],
    [
      'no answer',
      'GET / HTTP/1.1\r\n\r\n',
      { close: 'rst' },
      { outcome: 'failed', reason: 'The connection was reset. There was no answer.', responses: [] },
    ],
    [
      'one answer to two',
      'GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n',
      { send: OK, close: 'fin' },
      {
        outcome: 'failed',
        reason: 'The connection ended. 1 of 2 requests were answered.',
        responses: [[200, 'ok']],
      },
    ],
    [
      'what is no HTTP',
      'GET / HTTP/1.1\r\n\r\n',
      { send: 'SSH-2.0-x\r\n\r\n' },
      { outcome: 'failed', reason: expect.stringMatching(/is not HTTP\/1\.1/), responses: [] },
    ],
  ])('are answered: %s', async (_what, bytes, turn, expected) => {
    await begin([turn]);
    expect(await raw(bytes)).toEqual(expected);
  });

  it('are given up when nothing moves any more', async () => {
    await begin([{ send: response('103 Early Hints') }]);
    expect(await raw('GET / HTTP/1.1\r\n\r\n', 50)).toEqual({
      outcome: 'failed',
      reason: 'There was no answer. No byte came or went for 50 ms.',
      responses: [[103, '']],
    });
  });

  it('are ended by stop, and refused where nothing listens or there are none', async () => {
    await begin([{}]);
    const result = raw('GET / HTTP/1.1\r\n\r\n');
    await server.turned(0, 1);
    await engine.commands.stop({});
    expect(await result).toEqual({ outcome: 'failed', reason: 'It was stopped.', responses: [] });
    await expect(raw('')).rejects.toThrow('There are no bytes to send');
    const bytes = 'YQ==';
    expect(await engine.commands.sendRaw({ url: 'http://127.0.0.1:1', bytes, patience: 1 })).toMatchObject({
      outcome: 'refused',
      reason: expect.stringMatching(/^Nothing listens on 127\.0\.0\.1:1/),
    });
  });

  const batch = async (...targets: string[]) => {
    const { answers, ...result } = await engine.commands.sendBatch({
      url: server.url,
      requests: targets.map((target) => ({
        method: target === '/put' ? 'PUT' : 'GET',
        target,
        fields: target === '/put' ? [['Host', 'h']] : [],
        content: target === '/put' ? 'YWJj' : null,
      })),
      patience: 10_000,
    });
    return { ...result, answers: answers.map((answer) => answer && answer.status) };
  };

  it('may be several requests on one connection, with content, answered in order', async () => {
    await begin([{ on: /last HTTP/, send: OK + response('404 Not Found', ['Content-Length: 0']) + OK }]);
    expect(await batch('/put', '/b', '/last')).toEqual({
      outcome: 'refused',
      reason: 'The server answered 3 requests in order, 1 of them with an error status.',
      answers: [200, 404, 200],
    });
    const host = new URL(server.url).host;
    expect(server.received).toEqual([
      'PUT /put HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc' +
        `GET /b HTTP/1.1\r\nHost: ${host}\r\n\r\nGET /last HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    ]);
  });

  it('of which some are not answered, says how many', async () => {
    await begin([{ on: /b HTTP/, send: OK, close: 'fin' }]);
    expect(await batch('/a', '/b')).toEqual({
      outcome: 'failed',
      reason: '1 of 2 requests were answered: the connection ended.',
      answers: [200, null],
    });
    await expect(batch('/a', '/b c')).rejects.toThrow(/percent-encode/);
  });
});
