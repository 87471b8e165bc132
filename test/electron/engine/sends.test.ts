import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
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
    ['https', { url: 'https://127.0.0.1/' }, /https is not yet supported/],
    ['another scheme', { url: 'ftp://127.0.0.1/' }, /is not http/],
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
});
