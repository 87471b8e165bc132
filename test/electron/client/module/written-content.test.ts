// Content while it is written: what can be read when, what is kept, and where.

import { createHash } from 'node:crypto';
import type * as FileSystem from 'node:fs/promises';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Delivery } from '../../../../electron/client/module/delivery.ts';
import { WrittenContent } from '../../../../electron/client/module/written-content.ts';

const opened: FileSystem.FileHandle[] = vi.hoisted(() => []);
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof FileSystem>();
  return {
    ...real,
    open: async (...args: Parameters<typeof real.open>) => {
      const handle = await real.open(...args);
      opened.push(handle);
      return handle;
    },
  };
});
beforeEach(() => void opened.splice(0));

const bytesOf = (length: number, from = 0): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (from + i) * 31);

async function all(content: WrittenContent, from = 0): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for (let at = from; at < content.length;) {
    const piece = await content.read(at, content.length);
    pieces.push(piece);
    at += piece.length;
  }
  return Buffer.concat(pieces);
}

describe('written content', () => {
  it('is read while it is written, wherever it is kept', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(40), { maxLength: 20 }),
        fc.nat(300),
        fc.nat(300),
        async (lengths, limit, release) => {
          const total = lengths.reduce((sum, length) => sum + length, 0);
          const content = new WrittenContent(total, limit);
          try {
            const reading = all(content);
            let at = 0;
            for (const length of lengths) {
              await content.write(bytesOf(length, at));
              at += length;
            }
            content.end();
            expect(await reading).toEqual(Buffer.from(bytesOf(total)));
            const upTo = Math.min(release, total);
            content.release(upTo);
            expect(await all(content, upTo)).toEqual(Buffer.from(bytesOf(total)).subarray(upTo));
          } finally {
            await content.close();
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('lets its writer wait until the reader is near', async () => {
    const content = new WrittenContent(10_000_000);
    let taken = 0;
    const writing = (async () => {
      for (let i = 0; i < 10; i++) {
        await content.write(new Uint8Array(100_000));
        taken++;
      }
    })();
    await new Promise((resolve) => setImmediate(resolve));
    expect(taken).toBe(2);
    await content.read(0, 100_000);
    await content.read(100_000, 200_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(taken).toBe(4);
    content.drop();
    await writing;
    expect(taken).toBe(10);
  });

  it('goes to a file beyond what may be in memory, and comes back to memory when that was released', async () => {
    const content = new WrittenContent(null, 100);
    await content.write(bytesOf(100));
    expect(content.spooled).toBe(false);
    await content.write(bytesOf(50, 100));
    expect(content.spooled).toBe(true);
    content.release(100);
    await content.write(bytesOf(60, 150));
    content.end();
    expect(await all(content, 100)).toEqual(Buffer.from(bytesOf(210)).subarray(100));
    await expect(content.read(20, 30)).rejects.toThrow(/not here any more/);
    await content.close();
  });

  it('leaves no file behind', async () => {
    const before = new Set(await readdir(tmpdir()));
    const content = new WrittenContent(null, 0);
    await content.write(bytesOf(10));
    await content.close();
    const left = (await readdir(tmpdir())).filter((name) => name.startsWith('interim-') && !before.has(name));
    // Other tests have folders of their own names there.
    expect(left.filter((name) => /^interim-\w{6}$/.test(name))).toEqual([]);
  });

  it('closes a file that was on its way when it was closed itself', async () => {
    const content = new WrittenContent(null, 0);
    const writing = content.write(bytesOf(10));
    await content.close();
    await writing;
    expect(opened.map(({ fd }) => fd)).toEqual([-1]);
  });

  it.each([
    ['in memory', 10_000],
    ['in a file', 0],
  ])('joins what is written in small pieces %s', async (_where, limit) => {
    const content = new WrittenContent(null, limit);
    for (let at = 0; at < 1000; at++) await content.write(bytesOf(1, at));
    content.end();
    expect(Buffer.from(await content.read(0, 1000))).toEqual(Buffer.from(bytesOf(1000)));
    await content.close();
  });

  it('tells its reader when it fails, and its writer goes on into nothing', async () => {
    const content = new WrittenContent(10);
    const reading = content.read(0, 10);
    content.fail(new Error('Stopped.'));
    await expect(reading).rejects.toThrow('Stopped.');
    await expect(content.read(0, 1)).rejects.toThrow('Stopped.');
    await content.write(bytesOf(5));
    expect(content.written).toBe(5);
  });
});

describe('delivery', () => {
  const text = 'The quick brown fox jumps over the lazy dog.';
  const content = new TextEncoder().encode(text);

  it('hands each byte on once, however often and far it is told', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 6 }), { maxLength: 6 }),
        (tellings) => {
          const delivery = new Delivery();
          let handed = '';
          for (const telling of [...tellings, [content.length]]) {
            delivery.restart();
            let at = 0;
            for (const length of telling) {
              const to = Math.min(content.length, at + length);
              const begin = delivery.take(content, at, to);
              expect(begin).not.toBe('changed');
              handed += Buffer.from(content.subarray(begin as number, to)).toString();
              at = to;
            }
            expect(delivery.caughtUp).toBe(at >= handed.length);
          }
          expect(handed).toBe(text);
        },
      ),
    );
  });

  it('notices other content as soon as it has caught up', () => {
    const delivery = new Delivery();
    delivery.take(content, 0, 10);
    delivery.restart();
    const other = content.slice();
    other[3]! ^= 1;
    expect(delivery.take(other, 0, 5)).toBe(5);
    expect(delivery.take(other, 5, 12)).toBe('changed');
    expect(createHash('sha256').update(content).digest('hex')).toHaveLength(64);
  });
});
