// Commits that cannot be carried out: one that has changed nothing leaves no trace, one that has holds up its own file
// only, and only until another takes its place. A server starts on whatever an earlier one has left.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ContentStores } from '../../../../electron/server/uploads/content-store.ts';
import { AtomicWriting } from '../../../../electron/server/files/atomic.ts';
import { type Disk, realDisk } from '../../../../electron/server/files/disk.ts';
import { FileStore } from '../../../../electron/server/files/store.ts';
import { createManualClock } from '../../../../electron/wire/clock.ts';
import { message, type RawClient } from '../harness.ts';
import { newRoot, serving, type Serving } from './fixture.ts';

/** A PUT whose last byte is still to come. */
async function begunPut(server: Serving, name: string): Promise<RawClient> {
  const raw = await server.client();
  raw.send(message(`PUT /uploads/${name}`, ['Content-Length: 3', 'Expect: 100-continue']));
  expect((await raw.next()).status).toBe(100);
  raw.send('ne');
  return raw;
}

const own = (root: string, ...path: string[]): string => join(root, '.interim', ...path);
const sidecarPath = (root: string, name: string): string =>
  own(root, 'state', `${createHash('sha256').update(name).digest('hex')}.json`);
const move = (from: string, to: string): string =>
  message(`MOVE /uploads/${from}`, [`Destination: /uploads/${to}`]);

/** What a server that starts on the folder has. */
async function again(server: Serving): Promise<Serving> {
  await server.server.close();
  const next = await serving({ root: server.root });
  expect(next.server.leftOver).toEqual([]);
  return next;
}

describe('a change that cannot begin', () => {
  test.each([
    ['a file is where a folder is needed', 'x/y', 'x'],
    ['a folder is where the file is to be', 'z', 'z/y'],
  ])('since %s is refused, and leaves no trace', async (_why, name, other) => {
    const server = await serving();
    const raw = await begunPut(server, name);
    expect((await server.put(other, 'other')).status).toBe(201);
    raw.send('w');
    const refused = await raw.final();
    expect([refused.status, refused.body]).toEqual([409, expect.stringMatching(/in the way/)]);
    expect([(await server.get(name)).status, server.underWay()]).toEqual([404, []]);
    const next = await again(server);
    expect([(await next.get(other)).body, (await next.get(name)).status]).toEqual(['other', 404]);
  });

  test.each<[string, (root: string) => void]>([
    ['its entry cannot be written', (root) => rmdirSync(own(root, 'journal'))],
    ['its bytes were taken away', (root) => rmSync(own(root, 'stage'), { recursive: true })],
  ])('since %s leaves what was there, and never happens later', async (_why, hurt) => {
    const server = await serving();
    await server.put('deep/a', 'old');
    const raw = await begunPut(server, 'deep/a');
    hurt(server.root);
    raw.send('w');
    expect((await raw.final()).status).toBe(500);
    for (const folder of ['journal', 'stage']) mkdirSync(own(server.root, folder), { recursive: true });
    expect([(await server.get('deep/a')).body, server.underWay()]).toEqual(['old', []]);
    expect((await (await again(server)).get('deep/a')).body).toBe('old');
  });

  test('since its file cannot be written to is no promise', async () => {
    const server = await serving();
    await server.put('a', 'old');
    const held = await server.client();
    const part = 'Content-Range: bytes 0-2/*\r\n\r\nnew';
    const fields = [
      'Content-Type: message/byterange',
      `Content-Length: ${part.length}`,
      'Expect: 100-continue',
    ];
    held.send(message('PATCH /uploads/a', fields));
    expect((await held.next()).status).toBe(100);
    rmSync(join(server.root, 'a'));
    mkdirSync(join(server.root, 'a'));
    held.send(part);
    const refused = await held.final();
    expect([refused.status, refused.body]).toEqual([409, expect.not.stringMatching(/accepted/)]);
    expect(server.underWay()).toEqual([]);
  });

  test('leaves both files of a MOVE, and no folder', async () => {
    const server = await serving();
    await server.put('a', 'first');
    rmdirSync(own(server.root, 'journal'));
    expect((await server.ask(move('a', 'new/folder/b'))).status).toBe(500);
    mkdirSync(own(server.root, 'journal'));
    expect([(await server.get('a')).body, (await server.get('new/folder/b')).status]).toEqual(['first', 404]);
    expect(existsSync(join(server.root, 'new'))).toBe(false);
    expect((await server.put('a', 'second')).status).toBe(204);
    const next = await again(server);
    expect([(await next.get('a')).body, (await next.get('new/folder/b')).status]).toEqual(['second', 404]);
  });
});

describe('a change that stops half-way', () => {
  test.each([
    ['a PUT', 'PUT /uploads/a', ['Content-Length: 5'], 'fresh'],
    ['a DELETE', 'DELETE /uploads/a', [], ''],
  ])('holds its file up until %s takes its place', async (_name, line, fields, content) => {
    const server = await serving();
    await server.put('other', 'other');
    const raw = await begunPut(server, 'a');
    mkdirSync(sidecarPath(server.root, 'a'));
    raw.send('w');
    const refused = await raw.final();
    expect([refused.status, refused.body]).toEqual([500, expect.stringMatching(/not carried out yet/)]);
    rmdirSync(sidecarPath(server.root, 'a'));
    for (const method of ['GET', 'GET']) {
      expect((await server.ask(message(`${method} /uploads/a`))).status).toBe(500);
    }
    expect((await server.get('other')).body).toBe('other');
    expect((await server.ask(message(line, [...fields, 'If-Match: "x"'], content))).status).toBe(412);
    expect((await server.ask(message(line, fields, content))).status).toBe(204);
    expect(server.underWay()).toEqual([]);
    const got = await (await again(server)).get('a');
    expect([got.status, content === '' ? '' : got.body]).toEqual([content === '' ? 404 : 200, content]);
  });

  test('holds up both names of a MOVE: neither is taken for the other later', async () => {
    const server = await serving();
    await server.put('a', 'moved');
    // Whoever has b in use does not look at its sidecar again.
    const raw = await begunPut(server, 'b');
    mkdirSync(sidecarPath(server.root, 'b'));
    expect((await server.ask(move('a', 'b'))).status).toBe(500);
    rmdirSync(sidecarPath(server.root, 'b'));
    expect([(await server.get('a')).status, (await server.get('b')).status]).toEqual([500, 500]);
    expect((await server.put('a', 'another')).status).toBe(201);
    raw.destroy();
    const next = await again(server);
    expect([(await next.get('a')).body, (await next.get('b')).body]).toEqual(['another', 'moved']);
  });

  /** Four writes into the stage, and two of those into the file. */
  async function halfApplied(root: string): Promise<FileStore> {
    let count = 0;
    const disk: Disk = {
      write: (...to) => {
        if (++count === 7) throw Object.assign(new Error('EIO: the disk says no'), { code: 'EIO' });
        return realDisk.write(...to);
      },
    };
    const size = 4 * 1024 * 1024;
    writeFileSync(join(root, 'a'), 'a'.repeat(size));
    const store = await open(root, disk);
    const resource = store.enter('a');
    const writing = new AtomicWriting({ store, resource, limit: size, overtaken: () => {} });
    const bytes = new TextEncoder().encode('b'.repeat(size));
    const range = { first: 0, last: size - 1, complete: null };
    expect(writing.part({ range, length: size, contentType: '' })).toBeNull();
    for (let at = 0; at < size; at += size / 4) writing.body(bytes, at, at + size / 4);
    writing.partEnd();
    await expect(writing.commit(() => null)).rejects.toThrow(/not carried out yet/);
    store.leave(resource);
    return store;
  }

  function open(root: string, disk?: Disk): Promise<FileStore> {
    const stores = new ContentStores();
    return FileStore.open({ root, stores, clock: createManualClock(), disk, changed: () => {} });
  }

  test.each([true, false])('in the bytes of a file ends with that file (replaced: %s)', async (replaced) => {
    const root = newRoot();
    const store = await halfApplied(root);
    const resource = store.enter('a');
    if (replaced) {
      const stage = store.stage();
      stage.write(new TextEncoder().encode('new'), 0, 3, 0);
      store.replace(resource, stage, { state: { kind: 'complete', size: 3 }, contentType: 'text/plain' });
    } else store.remove(resource);
    expect(store.failure('a')).toBeNull();
    store.leave(resource);
    await store.close();
    expect(['stage', 'journal'].flatMap((folder) => readdirSync(own(root, folder)))).toEqual([]);
    const next = await open(root);
    expect(next.leftOver).toEqual([]);
    const now = replaced ? [{ path: '/uploads/a', length: 3, complete: true, have: 3 }] : [];
    expect(await next.list()).toEqual(now);
    await next.close();
  });

  test('is not carried out behind the one that took its place, whenever the end comes', async () => {
    const root = newRoot();
    await (await halfApplied(root)).close();
    const [old = ''] = readdirSync(own(root, 'journal'));
    const after = { name: 'a', contentType: 'text/plain', tag: 'T', upload: null };
    writeFileSync(own(root, 'stage', 'newer'), 'new');
    writeFileSync(own(root, 'journal', 'newer'), JSON.stringify({ kind: 'replace', after, instead: [old] }));
    await (await open(root)).close();
    expect([readFileSync(join(root, 'a'), 'utf8'), readdirSync(own(root, 'journal'))]).toEqual(['new', []]);
  });
});

describe('a server that starts', () => {
  const after = { name: 'a', contentType: 'text/plain', tag: 'T', upload: null };

  test.each([
    ['', null],
    ['{', null],
    ['{}', null],
    ['{"kind":"unknown"}', null],
    [JSON.stringify({ kind: 'replace', after: { ...after, name: '../a' } }), null],
    [JSON.stringify({ kind: 'unknown', after }), 'a'],
    [JSON.stringify({ kind: 'move', after, from: '../b' }), 'a'],
  ])('on an entry that it cannot read (%s) says so, and serves the rest', async (entry, name) => {
    const root = newRoot();
    await (await serving({ root })).server.close();
    writeFileSync(join(root, 'a'), 'a');
    writeFileSync(join(root, 'b'), 'b');
    writeFileSync(own(root, 'journal', 'one'), entry);
    writeFileSync(own(root, 'stage', 'one'), 'kept');
    const server = await serving({ root });
    expect(server.server.leftOver).toEqual([expect.stringMatching(/journal cannot be read/)]);
    expect((await server.get('b')).body).toBe('b');
    const got = await server.get('a');
    expect([got.status, server.underWay()]).toEqual([name === null ? 200 : 500, ['one', 'one']]);
    const row = server.server.state().resources.find(({ path }) => path === '/uploads/a');
    expect(row?.label).toBe(name === null ? 'complete' : 'failed');
    if (name === null) return;
    expect((await server.patch('a', 'bytes 0-0/*', 'x')).status).toBe(500);
    expect((await server.put('a', 'new')).status).toBe(204);
    expect((await (await again(server)).get('a')).body).toBe('new');
  });

  test('on two about one file that it cannot carry out ends both by a PUT', async () => {
    const root = newRoot();
    await (await serving({ root })).server.close();
    writeFileSync(join(root, 'a'), 'a');
    for (const id of ['one', 'two'])
      writeFileSync(own(root, 'journal', id), JSON.stringify({ kind: id, after }));
    const server = await serving({ root });
    expect(server.server.leftOver).toHaveLength(2);
    expect((await server.get('a')).status).toBe(500);
    expect((await server.put('a', 'new')).status).toBe(204);
    expect(server.underWay()).toEqual([]);
    expect((await (await again(server)).get('a')).body).toBe('new');
  });

  test('on one that cannot be carried out says so, and serves the rest', async () => {
    const root = newRoot();
    await (await serving({ root })).server.close();
    mkdirSync(join(root, 'a', 'folder'), { recursive: true });
    mkdirSync(own(root, 'stage', 'a folder'));
    writeFileSync(join(root, 'b'), 'b');
    writeFileSync(own(root, 'stage', 'one'), 'new');
    writeFileSync(own(root, 'journal', 'one'), JSON.stringify({ kind: 'replace', after }));
    const server = await serving({ root });
    expect(server.server.leftOver).toEqual([expect.stringMatching(/change of a was accepted.*in the way/)]);
    expect([(await server.get('a')).status, (await server.get('b')).body]).toEqual([500, 'b']);
    await server.server.close();
    rmSync(join(root, 'a'), { recursive: true });
    const next = await serving({ root });
    expect([(await next.get('a')).body, next.server.leftOver, next.underWay()]).toEqual(['new', [], []]);
  });

  test('on one about a file that is gone forgets it', async () => {
    const root = newRoot();
    await (await serving({ root })).server.close();
    for (const [id, entry] of Object.entries({
      one: { kind: 'apply', after, steps: [{ resize: 1 }] },
      two: { kind: 'replace', after },
      three: { kind: 'move', after, from: 'b' },
    })) {
      writeFileSync(own(root, 'journal', id), JSON.stringify(entry));
    }
    const server = await serving({ root });
    expect([server.server.leftOver, server.underWay(), (await server.get('a')).status]).toEqual([
      [],
      [],
      404,
    ]);
  });
});
