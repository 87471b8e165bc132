// Notes through the engine: on a live session and on an opened one, saved elsewhere or in place, and never lost.

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEngine } from '../../../electron/engine.ts';
import type { Engine } from '../../../electron/engine-types.ts';
import { openedView } from '../../../electron/engine/view.ts';
import { createRecorder } from '../../../electron/session/recorder.ts';
import { fileSink } from '../../../electron/session/sinks.ts';
import type { CommandArgs, Push } from '../../../shared/contract.ts';

const NOTE: CommandArgs<'remark'> = {
  id: null,
  connection: 1,
  beside: { event: 'exchange', time: 3_000_000, position: 0 },
  text: 'Why here?',
};

describe('notes on a session', () => {
  let folder: string;
  let engine: Engine;
  let pushes: Push[];
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'interim-remarks-'));
    engine = await createEngine({ dataDirectory: folder, port: 0 });
    pushes = [];
    engine.attach({ push: (push) => void pushes.push(push), batch: () => undefined });
    path = join(folder, 'one.pcapng');
    let time = 0;
    const recorder = createRecorder({ sink: fileSink(path), now: () => (time += 1_000_000) });
    const at = (port: number) => ({ address: '127.0.0.1', port });
    recorder.opened('client', at(4000), at(80));
    recorder.sent(1, 'client', new TextEncoder().encode('GET / HTTP/1.1\r\nHost: a\r\n\r\n'));
    await recorder.close();
  });
  afterEach(async () => {
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  });

  const saved = async (): Promise<boolean> => (await engine.commands.hello({})).session.saved;

  /** The notes of a file, as they stand. */
  async function notesOf(file: string): Promise<string[]> {
    const view = await openedView(file);
    const texts = view.model.remarks.list().map(({ text }) => text);
    await view.close();
    return texts;
  }

  it('are recorded with what is live', async () => {
    expect(await engine.commands.remark({ ...NOTE, connection: 0 })).toEqual({ id: 1 });
    expect(await engine.commands.remark({ ...NOTE, id: 1, connection: 0, text: 'Changed.' })).toEqual({
      id: 1,
    });
    const copy = join(folder, 'copy.pcapng');
    await engine.commands.saveSession({ path: copy });
    expect(await notesOf(copy)).toEqual(['Changed.']);
  });

  it('make an opened session unsaved until they are saved, elsewhere or in its own place', async () => {
    await engine.commands.openSession({ path });
    const before = await readFile(path);
    expect(await saved()).toBe(true);
    await engine.commands.remark(NOTE);
    expect(await saved()).toBe(false);
    expect(await readFile(path)).toEqual(before);
    const copy = join(folder, 'copy.pcapng');
    await engine.commands.saveSession({ path: copy });
    expect([await saved(), await notesOf(copy), await notesOf(path)]).toEqual([true, ['Why here?'], []]);
    await engine.commands.remark({ ...NOTE, text: 'Another.' });
    await engine.commands.saveSession({ path });
    expect([await saved(), await notesOf(path)]).toEqual([true, ['Why here?', 'Another.']]);
    const earlier = await readFile(path);
    await engine.commands.remark({ ...NOTE, id: 2, text: '' });
    await engine.commands.saveSession({ path });
    expect(await notesOf(path)).toEqual(['Why here?']);
    // What was taken back is told behind what there was.
    expect((await readFile(path)).subarray(0, earlier.length)).toEqual(earlier);
    // What it is made of can still be read.
    const { bytes } = await engine.commands.bytes({ connection: 1, stream: 'request', start: 0, end: 5 });
    expect(new TextDecoder().decode(bytes)).toBe('GET /');
  });

  it('are not taken for saved when they are written while the session is being saved', async () => {
    await engine.commands.openSession({ path });
    await engine.commands.remark(NOTE);
    const copy = join(folder, 'copy.pcapng');
    const saving = engine.commands.saveSession({ path: copy });
    // By now it is known what will be saved.
    await new Promise((resolve) => setImmediate(resolve));
    await engine.commands.remark({ ...NOTE, text: 'Another.' });
    await saving;
    expect([await saved(), await notesOf(copy)]).toEqual([false, ['Why here?']]);
    await engine.commands.saveSession({ path: copy });
    expect([await saved(), await notesOf(copy)]).toEqual([true, ['Why here?', 'Another.']]);
  });

  it('are in what a browser downloads', async () => {
    await engine.commands.openSession({ path });
    await engine.commands.remark(NOTE);
    const { body } = await engine.download('pcapng');
    const copy = join(folder, 'downloaded.pcapng');
    await writeFile(copy, body);
    expect([await saved(), await notesOf(copy)]).toEqual([true, ['Why here?']]);
    // Once they are in the file itself, they come with it.
    await engine.commands.saveSession({ path });
    await writeFile(copy, (await engine.download('pcapng')).body);
    expect(await notesOf(copy)).toEqual(['Why here?']);
  });

  it('are kept in a copy when the session is left without saving', async () => {
    await engine.commands.openSession({ path });
    await engine.commands.remark(NOTE);
    await engine.commands.remark({ ...NOTE, id: 1, text: 'Better words.' });
    await engine.commands.newSession({});
    expect(pushes.findLast(({ push }) => push === 'news')).toMatchObject({
      message: 'Your notes on “one” were not saved: a copy with them is among the sessions.',
    });
    const names = (await readdir(join(folder, 'recordings'))).filter((name) => name.includes('with notes'));
    expect(names).toHaveLength(1);
    const copy = join(folder, 'recordings', names[0]!);
    expect(await notesOf(copy)).toEqual(['Better words.']);
    expect((await readFile(copy)).includes('Why here?')).toBe(false);
    expect(await notesOf(path)).toEqual([]);
  });

  it('are appended behind a file that was cut short, not into its last block', async () => {
    const whole = await readFile(path);
    await writeFile(path, whole.subarray(0, whole.length - 10));
    await engine.commands.openSession({ path });
    await engine.commands.remark({ ...NOTE, beside: { event: 'connectionOpened', time: 1_000_000 } });
    const { body } = await engine.download('pcapng');
    const copy = join(folder, 'downloaded.pcapng');
    await writeFile(copy, body);
    expect(await notesOf(copy)).toEqual(['Why here?']);
  });

  it.each<[string, Partial<CommandArgs<'remark'>>, RegExp]>([
    ['no words', { text: ' \n' }, /^A note needs words: write some, or close it\.$/],
    ['too many', { text: 'x'.repeat(4001) }, /^A note has 4,000 characters at most; this one has 4,001\.$/],
    ['a control character', { text: '\u001b[31m' }, /U\+001B at position 1/],
    ['a number that none has', { id: 7 }, /^That note is of another session: write it anew\.$/],
  ])('are refused with %s', async (_, change, sentence) => {
    await expect(engine.commands.remark({ ...NOTE, ...change })).rejects.toThrow(sentence);
  });

  it('cannot be added to the older pcap, which says what to do', async () => {
    const older = Buffer.alloc(24);
    older.writeUInt32LE(0xa1b2c3d4, 0);
    older.writeUInt32LE(101, 20);
    const pcap = join(folder, 'older.pcap');
    await writeFile(pcap, older);
    await engine.commands.openSession({ path: pcap });
    await expect(engine.commands.remark(NOTE)).rejects.toThrow(
      'A .pcap file has no place for notes: convert it to .pcapng first, with Wireshark or editcap.',
    );
  });
});
