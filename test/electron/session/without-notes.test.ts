// A session without our own blocks is what a stranger's capture would be: the story must be in the packets.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { main } from '../../../electron/cli.ts';
import { openedView } from '../../../electron/engine/view.ts';
import { Kind, Layer } from '../../../shared/model/events.ts';
import type { Model } from '../../../shared/model/model.ts';
import { report } from '../../../shared/model/report.ts';

const CUSTOM_BLOCKS: readonly number[] = [0x00000bad, 0x40000bad];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'interim-notes-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The file without its custom blocks: type and total length lead each block of a pcapng file. */
function strip(file: Buffer): { bytes: Buffer; removed: number } {
  const kept: Buffer[] = [];
  let removed = 0;
  for (let at = 0; at < file.length;) {
    const type = file.readUInt32LE(at);
    const length = file.readUInt32LE(at + 4);
    if (CUSTOM_BLOCKS.includes(type)) removed++;
    else kept.push(file.subarray(at, at + length));
    at += length;
  }
  return { bytes: Buffer.concat(kept), removed };
}

function story(model: Model): unknown {
  const told = {
    experiment: null,
    outcome: 'completed',
    reason: '',
    checks: [],
    digest: { sent: null, stored: null },
  } as const;
  const { exchanges, bytes, resumes, connections } = report(model, () => [], told);
  return {
    exchanges,
    bytes,
    resumes,
    closed: connections.map(({ closed }) => closed),
    links: Array.from(model.links.values.subarray(0, model.links.length), (row) => {
      const { exchange, a, b } = model.events.row(row);
      return { exchange, from: a, cut: b };
    }),
    operations: model.operations.map(({ title, exchanges: ids, upload }) => ({
      title,
      exchanges: Array.from(ids.values.subarray(0, ids.length)),
      length: upload.lengthAt(),
      sent: upload.ranges(Layer.sent),
      received: upload.ranges(Layer.received),
      acknowledged: upload.ranges(Layer.acknowledged),
      resent: upload.repeated(Layer.sent),
    })),
  };
}

it.each([
  { name: 'the five steps', args: ['run', 'five-steps'] },
  {
    name: 'an upload cut twice',
    args: [
      'run',
      'resumable-request',
      '--cut',
      'server:in:100000:rst',
      '--cut',
      'client:out:content:500000:fin',
    ],
  },
])('tells the same operation, links and coverage of $name from its packets alone', async ({ args }) => {
  const whole = join(folder, 'whole.pcapng');
  const bare = join(folder, 'bare.pcapng');
  const quiet = {
    out: () => undefined,
    talk: () => undefined,
    input: async () => new Uint8Array(),
    pieces: async function* () {},
  };
  expect(await main([...args, '--out', whole], { ...quiet, signal: new AbortController().signal })).toBe(0);
  const { bytes, removed } = strip(await readFile(whole));
  expect(removed).toBeGreaterThan(5);
  await writeFile(bare, bytes);
  const one = await openedView(whole);
  const other = await openedView(bare);
  try {
    expect(story(other.model)).toEqual(story(one.model));
    const faults = (model: Model): number => {
      let count = 0;
      for (let row = 0; row < model.folded; row++) if (model.events.row(row).kind === Kind.fault) count++;
      return count;
    };
    expect(faults(one.model)).toBeGreaterThan(0);
    expect(faults(other.model)).toBe(0);
  } finally {
    await one.close();
    await other.close();
  }
});
