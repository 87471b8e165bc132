// Disks that fill up, and servers that are killed: at every write, what lies in the folder is what a kill would leave, and
// a server that starts on it must have the old or the new, or exactly what it had told of.

import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ContentStores } from '../../../../electron/server/uploads/content-store.ts';
import { AtomicWriting } from '../../../../electron/server/files/atomic.ts';
import { type Disk, realDisk } from '../../../../electron/server/files/disk.ts';
import { PersistWriting } from '../../../../electron/server/files/persist.ts';
import type { FileResource } from '../../../../electron/server/files/resource.ts';
import { emptyUpload } from '../../../../electron/server/files/state.ts';
import { FileStore } from '../../../../electron/server/files/store.ts';
import type { Writing } from '../../../../electron/server/files/writing.ts';
import { createManualClock } from '../../../../electron/wire/clock.ts';
import { newRoot } from './fixture.ts';

const MEBIBYTE = 1024 * 1024;

function open(root: string, disk: Disk = realDisk, clock = createManualClock()): Promise<FileStore> {
  const stores = new ContentStores();
  return FileStore.open({ root, stores, clock, disk, changed: () => {} });
}

function failing(code: string): Error {
  return Object.assign(new Error(`${code}: the disk says no`), { code });
}

/** A disk that fails at its writes from the n-th on, until `heal`. */
function breakingAt(write: number, code = 'ENOSPC'): Disk & { heal(): void } {
  let count = 0;
  let healed = false;
  return {
    write: (...to) => {
      if (!healed && ++count >= write) throw failing(code);
      return realDisk.write(...to);
    },
    heal: () => void (healed = true),
  };
}

/** Writes one part in pieces; what the writing does is thrown or told. */
function send(writing: Writing, first: number, content: Uint8Array, complete: number | null = null): void {
  const part = {
    range: { first, last: first + content.length - 1, complete },
    length: content.length,
    contentType: '',
  };
  expect(writing.part(part)).toBeNull();
  for (let at = 0; at < content.length; at += MEBIBYTE) {
    writing.body(content, at, Math.min(content.length, at + MEBIBYTE));
  }
  writing.partEnd();
}

function begin(
  Kind: typeof AtomicWriting | typeof PersistWriting,
  store: FileStore,
  resource: FileResource,
): Writing {
  return new Kind({ store, resource, limit: 1024 * MEBIBYTE, overtaken: () => {} });
}

const letters = (letter: string, length: number): Uint8Array =>
  new TextEncoder().encode(letter.repeat(length));
const none = (): null => null;

describe('a disk that fills up', () => {
  test('under an atomic patch leaves the file as it was', async () => {
    const root = newRoot();
    writeFileSync(join(root, 'a'), letters('a', 3 * MEBIBYTE));
    const store = await open(root, breakingAt(2));
    const resource = store.enter('a');
    const writing = begin(AtomicWriting, store, resource);
    expect(() => send(writing, 0, letters('b', 3 * MEBIBYTE))).toThrow(
      expect.objectContaining({ code: 'store-full', message: expect.stringMatching(/Free some disk space/) }),
    );
    writing.stop();
    expect(readFileSync(join(root, 'a')).equals(letters('a', 3 * MEBIBYTE))).toBe(true);
    expect(readdirSync(join(root, '.interim', 'stage'))).toEqual([]);
    await store.close();
  });

  test('under a patch that persists leaves what came before', async () => {
    const root = newRoot();
    const store = await open(root, breakingAt(3));
    const resource = store.enter('a');
    const writing = begin(PersistWriting, store, resource);
    expect(() => send(writing, 0, letters('b', 3 * MEBIBYTE), 4 * MEBIBYTE)).toThrow(/disk space/);
    writing.stop();
    expect([resource.have, resource.length]).toEqual([2 * MEBIBYTE, 4 * MEBIBYTE]);
    await store.close();
    const again = await open(root);
    expect(await again.list()).toEqual([
      { path: '/uploads/a', length: 4 * MEBIBYTE, complete: false, have: 2 * MEBIBYTE },
    ]);
    await again.close();
  });

  test('under an append does not make the file longer', async () => {
    const root = newRoot();
    writeFileSync(join(root, 'a'), 'abc');
    const halfway: Disk = {
      write: (descriptor, bytes, from, to, at) => {
        if (at > 3) throw failing('ENOSPC');
        return realDisk.write(descriptor, bytes, from, Math.min(to, from + 2), at);
      },
    };
    const store = await open(root, halfway);
    const resource = store.enter('a');
    const writing = begin(PersistWriting, store, resource);
    expect(() => send(writing, 3, letters('d', 10))).toThrow(/disk space/);
    writing.stop();
    expect(readFileSync(join(root, 'a'), 'utf8')).toBe('abc');
    await store.close();
  });

  test.each([
    ['EIO', 'store-failed', /Look at the disk/],
    ['EACCES', 'store-failed', /who may write/],
    ['EDQUOT', 'store-full', /Free some disk space/],
  ])('and other failures (%s) are told apart', async (error, code, message) => {
    const store = await open(newRoot(), breakingAt(1, error));
    const resource = store.enter('a');
    const writing = begin(PersistWriting, store, resource);
    expect(() => send(writing, 0, letters('b', 10), 20)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
    writing.stop();
    await store.close();
  });

  test('under an atomic patch that makes the file longer is found before anything of it is changed', async () => {
    const root = newRoot();
    writeFileSync(join(root, 'a'), letters('a', MEBIBYTE));
    // Two writes into the stage, and one of the two that the file would grow by.
    const store = await open(root, breakingAt(4));
    const resource = store.enter('a');
    const writing = begin(AtomicWriting, store, resource);
    send(writing, MEBIBYTE, letters('b', 2 * MEBIBYTE));
    await expect(writing.commit(none)).rejects.toMatchObject({ code: 'store-full' });
    expect([store.failure('a'), resource.state]).toEqual([null, { kind: 'complete', size: MEBIBYTE }]);
    expect(readFileSync(join(root, 'a')).equals(letters('a', MEBIBYTE))).toBe(true);
    expect(['stage', 'journal'].flatMap((folder) => readdirSync(join(root, '.interim', folder)))).toEqual([]);
    store.leave(resource);
    await store.close();
  });

  test('while a commit is carried out holds the file up until there is room, then it happens', async () => {
    const root = newRoot();
    writeFileSync(join(root, 'a'), letters('a', 4 * MEBIBYTE));
    // Four writes into the stage, and two of those into the file.
    const disk = breakingAt(7);
    const store = await open(root, disk);
    const resource = store.enter('a');
    const writing = begin(AtomicWriting, store, resource);
    send(writing, 0, letters('b', 4 * MEBIBYTE));
    await expect(writing.commit(none)).rejects.toThrow(
      /was accepted, and is not carried out yet: .*disk space/,
    );
    expect(store.failure('a')?.code).toBe('store-full');
    store.leave(resource);
    const waiting = store.enter('a');
    await expect(store.still(waiting, none)).rejects.toMatchObject({ code: 'store-full' });
    store.leave(waiting);
    disk.heal();
    const done = store.enter('a');
    // Nobody who only looks has it carried out: whoever sent it was told that it was not.
    await expect(store.still(done, none)).rejects.toMatchObject({ code: 'store-full' });
    store.retry(done);
    await store.still(done, none);
    expect([store.failure('a'), done.state]).toEqual([null, { kind: 'complete', size: 4 * MEBIBYTE }]);
    expect(readFileSync(join(root, 'a')).equals(letters('b', 4 * MEBIBYTE))).toBe(true);
    store.leave(done);
    expect(['stage', 'journal'].flatMap((folder) => readdirSync(join(root, '.interim', folder)))).toEqual([]);
    await store.close();
  });
});

test('a server that ends has carried out what it had accepted, and writes nothing any more', async () => {
  const root = newRoot();
  const size = 24 * MEBIBYTE;
  writeFileSync(join(root, 'a'), letters('a', size));
  const store = await open(root);
  const resource = store.enter('a');
  const writing = begin(AtomicWriting, store, resource);
  send(writing, 0, letters('b', size));
  void writing.commit(none);
  while (resource.pending === null) await new Promise<void>((resolve) => void setImmediate(resolve));
  await store.close();
  expect(readdirSync(join(root, '.interim', 'journal'))).toEqual([]);
  expect(readFileSync(join(root, 'a')).equals(letters('b', size))).toBe(true);
  const late = begin(PersistWriting, store, resource);
  expect(() => send(late, 0, letters('c', 10))).toThrow(expect.objectContaining({ code: 'store-closed' }));
  late.stop();
});

describe('a server that is killed', () => {
  /** A disk that keeps a copy of the folder as it is at each write. */
  function snapshots(root: string): { disk: Disk; copies: string[]; take(): void } {
    const copies: string[] = [];
    const take = (): void => {
      const copy = newRoot();
      cpSync(root, copy, { recursive: true, preserveTimestamps: true });
      copies.push(copy);
    };
    const disk: Disk = {
      write: (...to) => {
        take();
        return realDisk.write(...to);
      },
    };
    return { disk, copies, take };
  }

  async function read(root: string): Promise<{ bytes: string; complete: boolean; have: number } | null> {
    const store = await open(root);
    const resource = store.enter('a');
    const { have, state } = resource;
    const content = resource.content();
    const bytes = content === null ? null : Buffer.from(content.read(0, have)!).toString('latin1');
    content?.close();
    store.leave(resource);
    expect(['stage', 'journal'].flatMap((folder) => readdirSync(join(root, '.interim', folder)))).toEqual([]);
    await store.close();
    return bytes === null ? null : { bytes, complete: state.kind === 'complete', have };
  }

  test('in an atomic patch has the old file, or, once it is committed, the new one', async () => {
    const root = newRoot();
    const [old, fresh] = ['a'.repeat(3 * MEBIBYTE), 'b'.repeat(2 * MEBIBYTE)];
    writeFileSync(join(root, 'a'), old);
    const { disk, copies, take } = snapshots(root);
    const store = await open(root, disk);
    const resource = store.enter('a');
    const writing = begin(AtomicWriting, store, resource);
    send(writing, MEBIBYTE, new TextEncoder().encode(fresh));
    take();
    const committed = copies.length;
    expect(await writing.commit(none)).toBeNull();
    take();
    await store.close();
    const after = old.slice(0, MEBIBYTE) + fresh;
    for (const [index, copy] of copies.entries()) {
      const now = await read(copy);
      expect([index, now?.bytes === (index < committed ? old : after)]).toEqual([index, true]);
    }
    expect(copies.length).toBeGreaterThan(committed + 2);
  });

  test('in a patch of a new file that is atomic has none, or all of it', async () => {
    const root = newRoot();
    const { disk, copies, take } = snapshots(root);
    const store = await open(root, disk);
    const resource = store.enter('a');
    const writing = begin(AtomicWriting, store, resource);
    send(writing, 0, letters('b', 3 * MEBIBYTE), 3 * MEBIBYTE);
    take();
    expect(await writing.commit(none)).toBeNull();
    take();
    await store.close();
    for (const copy of copies.slice(0, -1)) expect(await read(copy)).toBeNull();
    expect((await read(copies.at(-1)!))?.bytes).toBe('b'.repeat(3 * MEBIBYTE));
  });

  test('in an upload has never less than it told, and never what did not come', async () => {
    const root = newRoot();
    const { disk, copies, take } = snapshots(root);
    const store = await open(root, disk);
    const resource = store.enter('a');
    const writing = begin(PersistWriting, store, resource);
    send(writing, 0, letters('b', 5 * MEBIBYTE), 8 * MEBIBYTE);
    await writing.commit(none);
    take();
    await store.close();
    let least = 0;
    for (const copy of copies.slice(1)) {
      const now = await read(copy);
      expect([now?.complete, now?.bytes]).toEqual([false, 'b'.repeat(now?.have ?? -1)]);
      // No more than a mebibyte is not written down yet.
      expect(now?.have).toBeGreaterThanOrEqual(least);
      least = now?.have ?? 0;
    }
    expect(least).toBe(5 * MEBIBYTE);
  });

  test('while an upload is silent has what had come when the silence began', async () => {
    const root = newRoot();
    const { disk, copies, take } = snapshots(root);
    const clock = createManualClock();
    const store = await open(root, disk, clock);
    const resource = store.enter('a');
    const writing = begin(PersistWriting, store, resource);
    const part = { range: { first: 0, last: 999, complete: 1000 }, length: 1000, contentType: '' };
    expect(writing.part(part)).toBeNull();
    writing.body(letters('b', 900), 0, 900);
    clock.advance(50);
    take();
    expect((await read(copies.at(-1)!))?.bytes).toBe('b'.repeat(900));
    // Nothing is written down any more when there is nothing new.
    expect(clock.pending).toBe(0);
    writing.body(letters('b', 10), 0, 10);
    writing.stop();
    expect(clock.pending).toBe(0);
    store.leave(resource);
    await store.close();
  });

  const sidecar = (upload: unknown): object => ({ name: 'a', contentType: 'text/plain', tag: 'T', upload });

  test('between the steps of a commit takes those that are left', async () => {
    for (const stage of [true, false]) {
      const root = newRoot();
      await (await open(root)).close();
      writeFileSync(join(root, 'a'), stage ? 'old' : 'new');
      if (stage) writeFileSync(join(root, '.interim', 'stage', 'one'), 'new');
      const entry = { kind: 'replace', after: sidecar(null) };
      writeFileSync(join(root, '.interim', 'journal', 'one'), JSON.stringify(entry));
      expect(await read(root)).toEqual({ bytes: 'new', complete: true, have: 3 });
    }
    for (const moved of [true, false]) {
      const root = newRoot();
      await (await open(root)).close();
      mkdirSync(join(root, 'deep'));
      writeFileSync(join(root, moved ? 'a' : 'deep/b'), 'abc');
      const entry = { kind: 'move', from: 'deep/b', after: sidecar({ length: 9, received: [[0, 2]] }) };
      writeFileSync(join(root, '.interim', 'journal', 'one'), JSON.stringify(entry));
      expect(await read(root)).toEqual({ bytes: 'ab', complete: false, have: 2 });
      expect(existsSync(join(root, 'deep/b'))).toBe(false);
    }
  });

  test.each([
    ['that bring bytes', [{ at: 0, length: 3, from: 0 }, { resize: 3 }], 'new'],
    ['that cut and bring bytes', [{ resize: 1 }, { at: 1, length: 2, from: 0 }], 'new'],
    ['that only cut', [{ resize: 2 }], 'ne'],
  ])('when the stage had gone, and not the entry, has taken all steps %s', async (_which, steps, bytes) => {
    const root = newRoot();
    await (await open(root)).close();
    writeFileSync(join(root, 'a'), 'new');
    const entry = { kind: 'apply', after: sidecar(null), steps };
    writeFileSync(join(root, '.interim', 'journal', 'one'), JSON.stringify(entry));
    expect(await read(root)).toEqual({ bytes, complete: true, have: bytes.length });
  });

  test('before a commit was written down whole forgets it', async () => {
    const root = newRoot();
    await (await open(root)).close();
    writeFileSync(join(root, 'a'), 'old');
    writeFileSync(join(root, '.interim', 'stage', 'one'), 'new');
    writeFileSync(join(root, '.interim', 'journal', 'one.new'), '{"kind":"repl');
    expect(await read(root)).toEqual({ bytes: 'old', complete: true, have: 3 });
  });

  test('leaves a lock that holds nobody up', async () => {
    const root = newRoot();
    await (await open(root)).close();
    for (const owner of [`${process.pid} `, '2147483646 1', `${process.ppid} 1`, 'nonsense', '']) {
      writeFileSync(join(root, '.interim', 'lock'), owner);
      await (await open(root)).close();
    }
  });
});

describe('a sidecar', () => {
  test.each([
    '',
    '{',
    '{}',
    '{"name":"b","contentType":"","tag":"","stamp":"","upload":null}',
    '{"name":"a","contentType":"","tag":"","stamp":"","upload":{"length":null,"received":[[5,1]]}}',
    '{"name":"a","contentType":"","tag":"","stamp":"","upload":{"length":-1,"received":[]}}',
  ])('that is damaged (%s) gives no byte away', async (text) => {
    const root = newRoot();
    const store = await open(root);
    const resource = store.enter('a');
    store.replace(resource, store.stage(), { state: emptyUpload(10), contentType: 'text/plain' });
    store.leave(resource);
    const [file = ''] = readdirSync(join(root, '.interim', 'state'));
    writeFileSync(join(root, 'a'), 'secret');
    writeFileSync(join(root, '.interim', 'state', file), text);
    expect(await store.list()).toEqual([{ path: '/uploads/a', length: null, complete: false, have: 0 }]);
    await store.close();
  });

  test('that says more than the file has is not believed', async () => {
    const root = newRoot();
    const store = await open(root);
    const resource = store.enter('a');
    const writing = begin(PersistWriting, store, resource);
    send(writing, 0, letters('b', 10), 20);
    await writing.commit(none);
    store.leave(resource);
    writeFileSync(join(root, 'a'), 'bbbb');
    expect(await store.list()).toEqual([{ path: '/uploads/a', length: 20, complete: false, have: 0 }]);
    await store.close();
  });

  /** An upload that has 10 of 20 bytes, and what is done to its file while no server runs. */
  async function hadTen(change: (path: string, root: string) => void): Promise<number | undefined> {
    const root = newRoot();
    const store = await open(root);
    const resource = store.enter('a');
    const writing = begin(PersistWriting, store, resource);
    send(writing, 0, letters('b', 10), 20);
    await writing.commit(none);
    store.leave(resource);
    await store.close();
    change(join(root, 'a'), root);
    const again = await open(root);
    const [entry] = await again.list();
    await again.close();
    return entry?.have;
  }

  test.each<[string, (path: string) => void]>([
    [
      'another was made in its place',
      (path) => {
        const born = (): bigint => statSync(path, { bigint: true }).birthtimeNs;
        const before = born();
        // Clocks of file systems are coarse.
        do {
          rmSync(path);
          writeFileSync(path, '-'.repeat(15));
        } while (born() === before && born() > 0n);
      },
    ],
    [
      'another was moved to its place',
      (path) => {
        writeFileSync(`${path}2`, '-'.repeat(15));
        renameSync(`${path}2`, path);
      },
    ],
    ['it was cut', (path) => truncateSync(path, 5)],
    ['it is an older one', (path) => utimesSync(path, 1, 1)],
  ])('gives no byte away of a file that is not the one any more: %s', async (_name, change) => {
    expect(await hadTen(change)).toBe(0);
  });

  test.each<[string, (path: string, root: string) => void]>([
    ['nothing was done', () => {}],
    ['a server was killed that had written more', (path) => appendFileSync(path, '-----')],
    [
      'the folder was copied',
      (path) => {
        cpSync(path, `${path}2`, { preserveTimestamps: true });
        renameSync(`${path}2`, path);
      },
    ],
    [
      'an earlier version has stamped it',
      (_path, root) => {
        const [name = ''] = readdirSync(join(root, '.interim', 'state'));
        const sidecar = join(root, '.interim', 'state', name);
        const text = readFileSync(sidecar, 'utf8');
        writeFileSync(sidecar, text.replace(/"stamp":"(\d+:\d+):[^"]*"/, '"stamp":"$1"'));
        appendFileSync(join(root, 'a'), '-----');
      },
    ],
  ])('is believed as far as it goes: %s', async (_name, change) => {
    expect(await hadTen(change)).toBe(10);
  });

  test('that was not written to its end is thrown away at the start', async () => {
    const root = newRoot();
    await (await open(root)).close();
    writeFileSync(join(root, '.interim', 'state', 'x.json.new'), '{"na');
    writeFileSync(join(root, '.interim', 'state', 'x.json'), '{}');
    await (await open(root)).close();
    expect(readdirSync(join(root, '.interim', 'state'))).toEqual(['x.json']);
  });
});

test('bytes that somebody else has opened are not given any more once their file, moved, is written over', async () => {
  const root = newRoot();
  writeFileSync(join(root, 'a'), 'aaaa');
  const store = await open(root);
  const [whole, copied] = [store.open('/uploads/a'), store.open('/uploads/a')];
  const [from, to] = [store.enter('a'), store.enter('b')];
  store.move(from, to);
  for (const left of [from, to]) store.leave(left);
  expect(new TextDecoder().decode(whole?.read(0, 4) ?? undefined)).toBe('aaaa');
  whole?.close();
  const moved = store.enter('b');
  const writing = begin(PersistWriting, store, moved);
  send(writing, 0, letters('b', 4));
  await writing.commit(none);
  expect(copied?.read(0, 4)).toBeNull();
  copied?.close();
  store.leave(moved);
  await store.close();
});

test('a list of many files lets others have their turn while it is made', async () => {
  const root = newRoot();
  const names = Array.from({ length: 350 }, (_value, index) => `f${String(index).padStart(3, '0')}`);
  for (const name of names) writeFileSync(join(root, name), '');
  const store = await open(root);
  const seen = { turns: 0, over: false };
  const listing = store.list().finally(() => (seen.over = true));
  while (!seen.over) {
    await new Promise<void>((resolve) => void setImmediate(resolve));
    seen.turns++;
  }
  expect((await listing).map(({ path }) => path)).toEqual(names.map((name) => `/uploads/${name}`));
  expect(seen.turns).toBeGreaterThanOrEqual(3);
  await store.close();
});
