// The server as its user keeps it, on real loopback: settings that stay, a restart, resources that come and go by requests.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEngine } from '../../../electron/engine.ts';
import type { Engine } from '../../../electron/engine-types.ts';
import { USUAL_SETTINGS } from '../../../electron/server/types.ts';
import type { FinalResponse, ServerState } from '../../../shared/contract.ts';

let folder: string;
let engine: Engine;
const open = (): Promise<Engine> => createEngine({ dataDirectory: folder, port: 0, rate: 0 });
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'interim-engine-'));
  engine = await open();
});
afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

const state = async (): Promise<ServerState> => (await engine.commands.hello({})).server;
const paths = async (): Promise<string[]> => (await state()).resources.map(({ path }) => path);
const base64 = (text: string): string => Buffer.from(text).toString('base64');

async function request(
  method: string,
  path: string,
  fields: [string, string][] = [],
  content: string | null = null,
): Promise<FinalResponse> {
  const url = `${(await state()).url}${path}`;
  const { final, reason } = await engine.commands.send({
    method,
    url,
    fields,
    content: content === null ? null : base64(content),
    strategy: 'plain',
  });
  if (final === null) throw new Error(reason);
  return final;
}

describe('resources', () => {
  it('a file is made from text, is readable, and is deleted', async () => {
    const { path } = await engine.commands.serverCreate({
      kind: 'file',
      name: 'notes/to-do.txt',
      content: base64('hello'),
    });
    expect(path).toBe('/uploads/notes/to-do.txt');
    const { status, content } = await request('GET', path);
    expect([status, Buffer.from(content, 'base64').toString()]).toEqual([200, 'hello']);
    expect(await paths()).toEqual(['/uploads/notes/to-do.txt']);
    await engine.commands.serverDelete({ path });
    expect(await paths()).toEqual([]);
  });

  it('a job is begun, listed with its steps, and deleted when it has ended', async () => {
    const { path } = await engine.commands.serverCreate({ kind: 'job', steps: 1, stepMilliseconds: 60_000 });
    expect((await state()).resources).toEqual([{ path, kind: 'job', label: '0/1', have: 0, length: 1 }]);
    await expect(engine.commands.serverDelete({ path })).rejects.toThrow(/409: The job is not done/);
    const quick = await engine.commands.serverCreate({ kind: 'job', steps: 1, stepMilliseconds: 1 });
    await request('GET', `${quick.path}?wait=60`);
    expect((await state()).resources[0]).toMatchObject({ path: quick.path, label: 'done', have: 1 });
    await engine.commands.serverDelete(quick);
    expect(await paths()).toEqual([path]);
  });

  it.each([
    [
      'tus',
      '/tus',
      [
        ['Tus-Resumable', '1.0.0'],
        ['Upload-Length', '5'],
      ],
      /^\/tus\//,
    ],
    [
      'the IETF',
      '/resumable',
      [
        ['Upload-Complete', '?0'],
        ['Upload-Draft-Interop-Version', '8'],
      ],
      /^\/resumable\//,
    ],
  ] as [string, string, [string, string][], RegExp][])(
    'an upload of %s is listed and deleted',
    async (_, path, fields, listed) => {
      await request('POST', path, fields, '');
      const [first] = await paths();
      expect(first).toMatch(listed);
      await engine.commands.serverDelete({ path: first! });
      expect(await paths()).toEqual([]);
    },
  );

  it('says in one sentence what the server refuses', async () => {
    await expect(engine.commands.serverDelete({ path: '/uploads/none' })).rejects.toThrow(
      /answered DELETE \/uploads\/none with 404: There is no such file/,
    );
    await expect(engine.commands.serverCreate({ kind: 'file', name: '../x', content: '' })).rejects.toThrow(
      /with 4\d\d: /,
    );
  });
});

describe('a restart', () => {
  it('keeps the port and the files, forgets the rest, and says so', async () => {
    const { url } = await state();
    const { path } = await engine.commands.serverCreate({ kind: 'file', name: 'a', content: base64('kept') });
    await engine.commands.serverCreate({ kind: 'job', steps: 1, stepMilliseconds: 60_000 });
    expect(await engine.commands.serverRestart({})).toBe(
      'The server was restarted. Its files and streams live on; its uploads, jobs and responses are forgotten.',
    );
    expect((await state()).url).toBe(url);
    expect(await paths()).toEqual([path]);
    expect(Buffer.from((await request('GET', path)).content, 'base64').toString()).toBe('kept');
    expect(await engine.commands.serverRestart({})).toMatch(/Its files and streams live on\.$/);
  });

  it('is refused while an experiment uses the server', async () => {
    await engine.commands.pace({ rate: 1 });
    await engine.commands.run({ experiment: 'five-steps', parameters: {}, cuts: [] });
    await expect(engine.commands.serverRestart({})).rejects.toThrow(/stop it first/);
    await engine.commands.stop({});
    expect(await engine.commands.serverRestart({})).toMatch(/^The server was restarted\./);
  });
});

describe('settings', () => {
  const settings = { ...USUAL_SETTINGS, incompleteStatus: 206, interimLimit: 3 } as const;

  it('hold at once, and after a restart, and for the next engine', async () => {
    await engine.commands.serverSettings(settings);
    expect((await state()).settings).toEqual(settings);
    await engine.commands.serverRestart({});
    expect((await state()).settings).toEqual(settings);
    await engine.close();
    engine = await open();
    expect((await state()).settings).toEqual(settings);
  });

  it('change what the running server answers', async () => {
    await request(
      'PATCH',
      '/uploads/part',
      [
        ['Content-Type', 'message/byterange'],
        ['Prefer', 'transaction=persist'],
      ],
      'Content-Range: bytes 0-1/4\r\n\r\nab',
    );
    expect((await request('GET', '/uploads/part')).status).toBe(299);
    await engine.commands.serverSettings({ ...USUAL_SETTINGS, incompleteStatus: 250 });
    expect((await request('GET', '/uploads/part')).status).toBe(250);
  });

  it('decide what becomes of a write that breaks off, where its request does not', async () => {
    await engine.commands.serverSettings({ ...USUAL_SETTINGS, transaction: 'persist' });
    const listed = new Promise<ServerState['resources']>((resolve) => {
      engine.attach({
        push: (push) => {
          const found = push.push === 'server' ? push.server.resources : [];
          if (found.some(({ label }) => label === 'incomplete')) resolve(found);
        },
        batch: () => undefined,
      });
    });
    const { hostname, port } = new URL((await state()).url);
    const socket = connect(Number(port), hostname);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined).resume();
    socket.end('PUT /uploads/half HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab');
    expect(await listed).toMatchObject([{ path: '/uploads/half', have: 2, length: 4 }]);
    socket.destroy();
    await closed;
  });

  it.each(['', '{', '{"interimLimit":-1}', JSON.stringify({ ...USUAL_SETTINGS, more: 1 })])(
    'are the usual ones where the file of them says %j',
    async (text) => {
      await engine.close();
      await writeFile(join(folder, 'server.json'), text);
      engine = await open();
      expect((await state()).settings).toEqual(USUAL_SETTINGS);
    },
  );

  it('are written down as a whole', async () => {
    await engine.commands.serverSettings(settings);
    expect(JSON.parse(await readFile(join(folder, 'server.json'), 'utf8'))).toEqual(settings);
  });
});
