// Sessions on disk: written while they happen, opened again, cut short, saved under another name, refused.

import { chmod, copyFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRecorder } from '../../../electron/session/recorder.ts';
import { saveSession } from '../../../electron/session/save.ts';
import { writeExchanges } from '../../bench/big-sessions.ts';
import { openSession } from '../../../electron/session/session-file.ts';
import { fileSink } from '../../../electron/session/sinks.ts';
import type { CaptureRecord } from '../../../shared/capture/records.ts';
import { digested, header, sessions, stored } from '../../shared/capture/session-bytes.ts';

const client = { address: '127.0.0.1', port: 41_000 };
const server = { address: '127.0.0.1', port: 18_080 };
const text = (words: string): Uint8Array => new TextEncoder().encode(words);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'interim-session-'));
});
afterEach(async () => {
  vi.useRealTimers();
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true });
});

/** Writes a session with an upload that was cut; returns its file. */
async function upload(budget?: number): Promise<string> {
  const path = join(folder, 'upload.pcapng');
  let time = 0;
  const recorder = createRecorder({
    sink: fileSink(path),
    header,
    now: () => (time += 1000),
    ...(budget === undefined ? {} : { budget }),
  });
  recorder.opened('client', client, server);
  recorder.opened('server', client, server);
  const content = new Uint8Array(200_000).map((_, i) => i % 251);
  recorder.sent(1, 'client', text('POST / HTTP/1.1\r\n\r\n'));
  recorder.sent(1, 'client', content.subarray(0, 65_536));
  recorder.sent(1, 'client', content.subarray(65_536, 131_072));
  recorder.received(1, 'server', content.subarray(0, 100_000));
  recorder.sent(1, 'server', text('HTTP/1.1 102 Processing\r\n\r\n'));
  recorder.step(1, 'cut-noticed', 'The connection was reset.');
  recorder.closed(1, 'server', { how: 'rst', by: 'fault', sent: 27, received: 100_000 });
  await recorder.close();
  return path;
}

async function readAll(path: string) {
  const session = await openSession(path);
  const records: CaptureRecord[] = [];
  const count = await session.read((record) =>
    records.push(
      'bytes' in record && record.bytes !== null ? { ...record, bytes: record.bytes.slice() } : record,
    ),
  );
  expect(count).toBe(records.length);
  return { session, records };
}

describe('a session file', () => {
  it('tells how far it has come, and of each part what was found in it', async () => {
    const path = join(folder, 'long.pcapng');
    await writeExchanges(path, 2000);
    const session = await openSession(path);
    const told: { share: number; records: number; keptBytes: number }[] = [];
    let records = 0;
    const count = await session.read(
      () => records++,
      (share) => told.push({ share, records, keptBytes: session.keptBytes }),
    );
    expect(told.length).toBeGreaterThan(2);
    told.reduce((before, now) => {
      expect(now.share).toBeGreaterThan(before.share);
      expect(now.records).toBeGreaterThan(before.records);
      expect(now.keptBytes).toBeGreaterThan(before.keptBytes);
      return now;
    });
    expect(told.at(-1)).toEqual({ share: 1, records: count, keptBytes: session.keptBytes });
    await session.close();
  });

  it('says so when it is closed while it is being read', async () => {
    const path = join(folder, 'long.pcapng');
    await writeExchanges(path, 2000);
    const session = await openSession(path);
    let closing: Promise<void> | undefined;
    await expect(session.read(() => (closing ??= session.close()))).rejects.toThrow(/closed meanwhile/);
    await closing;
  });

  it('holds what was recorded', async () => {
    await fc.assert(
      fc.asyncProperty(sessions, async (list) => {
        const path = join(folder, 'any.pcapng');
        const sink = fileSink(path);
        sink.begin(header);
        for (const { record, keep } of list) sink.append(record, keep);
        await sink.close();
        const { session, records } = await readAll(path);
        await session.close();
        expect(records.map(digested)).toEqual(list.map((entry) => digested(stored(entry))));
        expect([session.warning, session.foreign, session.header, session.name]).toEqual([
          null,
          false,
          header,
          'any',
        ]);
      }),
      { numRuns: 30 },
    );
  });

  it('gives the bytes of a stream by range, live and opened alike', async () => {
    const path = join(folder, 'live.pcapng');
    const recorder = createRecorder({ sink: fileSink(path), header, now: () => 7 });
    recorder.opened('client', client, server);
    const slab = new Uint8Array(100_000).map((_, i) => i % 253);
    const expected = slab.slice();
    expect(recorder.received(1, 'client', slab)).toBe(false);
    slab.fill(0);
    const live = await recorder.bytes(1, 'response', 65_400, 65_600);
    expect(live).toEqual({ bytes: expected.subarray(65_400, 65_600), kept: true });
    await recorder.close();
    const { session } = await readAll(path);
    expect(await session.bytes(1, 'response', 65_400, 65_600)).toEqual(live);
    expect(await session.bytes(1, 'response', 99_999, 200_000)).toEqual({
      bytes: expected.subarray(99_999),
      kept: true,
    });
    expect(await session.bytes(1, 'request', 0, 10)).toEqual({ bytes: new Uint8Array(0), kept: true });
    await session.close();
  });

  it('counts what is over budget, and says that it was not kept', async () => {
    const { session } = await readAll(await upload(66_000));
    expect([session.keptBytes, session.leftOutBytes]).toEqual([19 + 65_536, 65_536 + 27]);
    expect((await session.bytes(1, 'request', 65_000, 70_000)).kept).toBe(false);
    expect((await session.bytes(1, 'request', 65_000, 65_555)).bytes.length).toBe(555);
    await session.close();
  });

  it('is readable while it is written, after a tenth of a second at the latest', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const path = join(folder, 'live.pcapng');
    const recorder = createRecorder({ sink: fileSink(path), header, now: () => 7 });
    recorder.opened('client', client, server);
    recorder.sent(1, 'client', text('GET / HTTP/1.1\r\n\r\n'));
    vi.advanceTimersByTime(100);
    vi.useRealTimers();
    const there = async () => {
      const { session, records } = await readAll(path);
      await session.close();
      return [records.length, session.warning];
    };
    await expect.poll(there).toEqual([2, null]);
    await recorder.close();
  });

  it('opens to its last whole record with a warning, wherever it was cut short', async () => {
    const whole = await upload(100);
    const { session, records } = await readAll(whole);
    await session.close();
    const { length } = await readFile(whole);
    const path = join(folder, 'short.pcapng');
    await copyFile(whole, path);
    let warned = 0;
    for (let end = length; end > 0; end--) {
      await truncate(path, end);
      const short = await readAll(path);
      await short.session.close();
      const last = short.records.length - 1;
      expect(short.records.slice(0, last)).toEqual(records.slice(0, Math.max(last, 0)));
      // Of a record that takes two packets the first may be all there is.
      const { length, ...same } = { length: 0, ...short.records[last] };
      if (last >= 0) expect(records[last]).toMatchObject(same);
      expect([
        65_495,
        0,
        undefined,
        ...records.map((record) => ('length' in record ? record.length : 0)),
      ]).toContain(length);
      if (short.session.warning === null) continue;
      warned++;
      expect(short.session.warning).toMatch(
        /^The file was cut short: its last \d+ of \d+ bytes are no whole record/,
      );
    }
    // Only ends of blocks go without one: the section, 4 interfaces, 12 packets and 2 custom blocks.
    expect(length - warned).toBe(19);
  });

  it('says what is damaged, and keeps what came before', async () => {
    const path = await upload();
    const { session, records } = await readAll(path);
    await session.close();
    const bytes = await readFile(path);
    bytes.fill(0xff, 100_000, 100_100);
    // The payload may hold anything; the block behind it is what breaks.
    bytes.fill(0xff, bytes.length - 400);
    await writeFile(path, bytes);
    const damaged = await readAll(path);
    await damaged.session.close();
    expect(damaged.session.warning).toMatch(
      /^The file is damaged: .*\. What comes after that was left out\.$/,
    );
    expect(damaged.records.length).toBeGreaterThan(3);
    expect(damaged.records.slice(0, 3)).toEqual(records.slice(0, 3));
  });

  it('says that times are damaged, and keeps every record', async () => {
    const path = await upload();
    const { session, records } = await readAll(path);
    await session.close();
    const bytes = await readFile(path);
    // A packet block: type, length, interface, the upper half of the time.
    let at = 0;
    let found = 0;
    for (; at < bytes.length; at += bytes.readUInt32LE(at + 4)) if (bytes.readUInt32LE(at) === 6) found = at;
    bytes.writeUInt32LE(0xffff_ffff, found + 12);
    await writeFile(path, bytes);
    const damaged = await readAll(path);
    await damaged.session.close();
    expect(damaged.session.warning).toBe(
      'The file is damaged: 1 of its times cannot be right; the time before was taken instead.',
    );
    expect(damaged.records.map(({ kind }) => kind)).toEqual(records.map(({ kind }) => kind));
  });

  it.each([
    ['a pcap header', 'd4c3b2a1020004000000000000000000ffff000001000000'],
    ['a section header', '0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000'],
  ])('says that a capture holds no connection that is %s and nothing else', async (_, hex) => {
    const path = join(folder, 'nothing.pcap');
    await writeFile(path, Buffer.from(hex, 'hex'));
    const { session, records } = await readAll(path);
    await session.close();
    expect(records).toEqual([]);
    expect(session.warning).toBe('The capture holds no TCP connection: it has no packets.');
  });
});

describe('opening a file that is no session', () => {
  const cases: [string, string | Uint8Array, string, RegExp][] = [
    ['an empty one', '', 'empty', /is empty: nothing was recorded into it\. Open another file\.$/],
    [
      'a text',
      'Hello, world',
      'not-a-capture',
      /is no session and no capture\. Interim opens \.pcapng and \.pcap files\.$/,
    ],
    ['a HAR file', '{\n "log": {}}', 'not-a-capture', /is a HAR file, not a session/],
    [
      'a compressed one',
      new Uint8Array([0x1f, 0x8b, 8, 0]),
      'not-a-capture',
      /is compressed \(gzip\): unpack it first/,
    ],
  ];
  it.each(cases)('refuses %s in a sentence', async (_, content, code, message) => {
    const path = join(folder, 'file');
    await writeFile(path, content);
    await expect(openSession(path)).rejects.toMatchObject({
      name: 'SessionError',
      code,
      message: expect.stringMatching(message),
    });
  });

  it('refuses a name without a file, and a folder', async () => {
    await expect(openSession(join(folder, 'none'))).rejects.toMatchObject({
      code: 'not-found',
      message: `There is no file ${join(folder, 'none')}. Check its name and folder.`,
    });
    await expect(openSession(folder)).rejects.toMatchObject({
      code: 'not-readable',
      message: `${folder} cannot be read: it is a folder.`,
    });
  });
});

describe('a file that cannot be written', () => {
  it('is refused at once', () => {
    expect(() => fileSink(join(folder, 'none', 'x.pcapng'))).toThrow(
      /x\.pcapng cannot be written: its folder does not exist\. Choose another place\.$/,
    );
  });

  // /dev/full takes nothing: every write fails with ENOSPC.
  it.skipIf(process.platform !== 'linux')(
    'ends with one sentence when the disk is full; counting goes on',
    async () => {
      const problems: string[] = [];
      const sink = fileSink('/dev/full', { onProblem: (message) => problems.push(message) });
      const recorder = createRecorder({ sink, header, now: () => 1 });
      recorder.opened('client', client, server);
      recorder.sent(1, 'client', text('lost'));
      await recorder.flush();
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatch(
        /^\/dev\/full could not be written further: the disk is full\. .* Make room and begin a new session\.$/,
      );
      recorder.sent(1, 'client', text('counted'));
      await recorder.flush();
      expect([recorder.records, recorder.keptBytes, recorder.leftOutBytes]).toEqual([3, 4, 7]);
      expect(problems).toHaveLength(1);
      await recorder.close();
    },
  );
});

describe('saving', () => {
  it('copies the file under the chosen name, in place of an older one', async () => {
    const path = await upload();
    const copy = join(folder, 'copy.pcapng');
    await writeFile(copy, 'older');
    await saveSession(path, copy);
    expect(await readFile(copy)).toEqual(await readFile(path));
    expect((await readdir(folder)).sort()).toEqual(['copy.pcapng', 'upload.pcapng']);
  });

  it('leaves behind what is no whole block yet', async () => {
    const path = await upload();
    const whole = await readFile(path);
    await truncate(path, whole.length - 1);
    const copy = join(folder, 'copy.pcapng');
    await saveSession(path, copy);
    const { session } = await readAll(copy);
    await session.close();
    expect(session.warning).toBe(null);
  });

  it('leaves a file alone that is saved as itself', async () => {
    const path = await upload();
    const before = await readFile(path);
    await saveSession(path, path);
    expect(await readFile(path)).toEqual(before);
  });

  it('refuses a folder that is not there, and leaves nothing behind', async () => {
    const path = await upload();
    await expect(saveSession(path, join(folder, 'none', 'copy.pcapng'))).rejects.toMatchObject({
      code: 'not-writable',
      message: expect.stringMatching(
        /copy\.pcapng cannot be written: its folder does not exist\. Choose another place\.$/,
      ),
    });
    await expect(saveSession(path, folder)).rejects.toMatchObject({ code: 'not-writable' });
    await expect(saveSession(join(folder, 'gone'), join(folder, 'x'))).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(await readdir(folder)).toEqual(['upload.pcapng']);
  });
});

it('waits for a slow disk instead of filling the memory, and loses nothing', async () => {
  const path = join(folder, 'fast.pcapng');
  const recorder = createRecorder({ sink: fileSink(path), header, now: () => 1 });
  recorder.opened('client', client, server);
  const slice = new Uint8Array(65_536).map((_, i) => i % 255);
  // 40 MiB without one turn of the event loop: no write can come back in between.
  for (let i = 0; i < 640; i++) recorder.sent(1, 'client', slice);
  await recorder.close();
  const session = await openSession(path);
  let expected = 0;
  await session.read((record) => {
    if (record.kind !== 'sent') return;
    expect([record.offset, record.bytes?.length]).toEqual([expected, 65_536]);
    expected += record.length;
  });
  expect([expected, session.warning]).toEqual([640 * 65_536, null]);
  expect((await session.bytes(1, 'request', expected - 300, expected)).bytes).toEqual(slice.subarray(-300));
  await session.close();
});
