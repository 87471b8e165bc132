// Stored content: what was put in comes out, from memory as from a file; budgets hold; nothing stays behind.

import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ContentStores } from '../../../../electron/server/uploads/content-store.ts';
import { ServerError } from '../../../../electron/server/errors.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'interim-test-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function patterned(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_value, index) => (index * 31 + (index >>> 8)) & 0xff);
}

describe('stored content', () => {
  test('gives back any range of what was appended in any pieces, from memory and from a file', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 30 }),
        fc.integer({ min: 0, max: 20_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (pieces, memory, a, b) => {
          const stores = new ContentStores({ memory }, root);
          const content = stores.create();
          const all = patterned(pieces.reduce((sum, piece) => sum + piece, 0));
          let at = 0;
          for (const piece of pieces) {
            content.append(all, at, at + piece);
            at += piece;
          }
          expect(content.length).toBe(all.length);
          expect(content.spilled).toBe(all.length > memory);
          const from = Math.floor(Math.min(a, b) * all.length);
          const to = Math.ceil(Math.max(a, b) * all.length);
          expect(content.read(from, to)).toEqual(all.slice(from, to));
          stores.close();
        },
      ),
      { numRuns: 60 },
    );
    expect(readdirSync(root)).toEqual([]);
  });

  test('keeps a copy: the bytes may be changed afterwards', () => {
    const content = new ContentStores().create();
    const bytes = patterned(10);
    content.append(bytes, 2, 8);
    bytes.fill(0);
    expect(content.read(0, 6)).toEqual(patterned(10).slice(2, 8));
  });

  test('has the digest of its bytes, wherever they are', async () => {
    const all = patterned(3_000_000);
    for (const memory of [1, 10_000_000]) {
      const stores = new ContentStores({ memory }, root);
      const content = stores.create();
      content.append(all, 0, all.length);
      expect(await content.digest()).toBe(createHash('sha256').update(all).digest('hex'));
      stores.close();
    }
  });

  test('reads nothing outside of what there is', () => {
    const content = new ContentStores().create();
    content.append(patterned(10), 0, 10);
    expect(content.read(5, 11)).toBeNull();
    expect(content.read(-1, 5)).toBeNull();
    expect(content.read(10, 10)).toEqual(new Uint8Array(0));
  });

  test('refuses what is over the budget of all uploads, and keeps what it had', () => {
    const stores = new ContentStores({ total: 100 });
    const first = stores.create();
    const second = stores.create();
    first.append(patterned(60), 0, 60);
    expect(() => second.append(patterned(60), 0, 60)).toThrow(ServerError);
    expect(second.length).toBe(0);
    second.append(patterned(40), 0, 40);
    first.dispose();
    second.append(patterned(60), 0, 60);
    expect(second.read(0, 100)).toEqual(Uint8Array.from([...patterned(40), ...patterned(60)]));
  });

  test('goes to a file at once when all together have their share of memory, until one of them leaves', () => {
    const stores = new ContentStores({ memory: 5000, memoryInAll: 4096 }, root);
    const all = patterned(3000);
    const first = stores.create();
    first.append(all, 0, 3000);
    expect(first.spilled).toBe(false);
    const second = stores.create();
    second.append(all, 0, 1000);
    second.append(all, 1000, 3000);
    expect(second.spilled).toBe(true);
    expect(second.read(0, 3000)).toEqual(all);
    expect(first.read(0, 3000)).toEqual(all);
    first.append(all, 0, 2000);
    expect(first.spilled).toBe(true);
    expect(first.read(2900, 3100)).toEqual(Uint8Array.from([...all.slice(2900), ...all.slice(0, 100)]));
    const third = stores.create();
    third.append(all, 0, 3000);
    expect(third.spilled).toBe(false);
    third.dispose();
    const fourth = stores.create();
    fourth.append(all, 0, 3000);
    expect(fourth.spilled).toBe(false);
    stores.close();
  });

  test('of a thousand uploads has at most 64 MiB in memory', () => {
    const stores = new ContentStores({}, root);
    const mebibyte = new Uint8Array(1024 * 1024);
    const contents = Array.from({ length: 80 }, () => stores.create());
    for (const content of contents) content.append(mebibyte, 0, mebibyte.length);
    const inMemory = contents.filter(({ spilled }) => !spilled).length;
    expect(inMemory).toBeGreaterThan(50);
    expect(inMemory).toBeLessThanOrEqual(64);
    stores.close();
  });

  test('that fits nowhere keeps what it had, and grows when there is room again', () => {
    const stores = new ContentStores({ memoryInAll: 8 * 1024 }, join(root, 'missing'));
    const all = patterned(7000);
    const first = stores.create();
    const second = stores.create();
    first.append(all, 0, 3000);
    second.append(all, 0, 1000);
    expect(() => second.append(all, 1000, 7000)).toThrow(/could not store the upload/);
    expect(second.read(0, 1000)).toEqual(all.slice(0, 1000));
    first.dispose();
    second.append(all, 1000, 7000);
    expect(second.read(0, 7000)).toEqual(all);
    stores.close();
  });

  test('that was thrown away has no bytes, takes none, and leaves no file', async () => {
    const stores = new ContentStores({ memory: 5 }, root);
    const content = stores.create();
    content.append(patterned(10), 0, 10);
    expect(content.spilled).toBe(true);
    content.dispose();
    expect(content.read(0, 1)).toBeNull();
    expect(await content.digest()).toBeNull();
    expect(() => content.append(patterned(1), 0, 1)).toThrow(/deleted/);
    expect(readdirSync(root)).toEqual([]);
  });

  test('says so when the disk refuses, and keeps what it had', () => {
    const stores = new ContentStores({ memory: 5 }, join(root, 'missing'));
    const content = stores.create();
    content.append(patterned(5), 0, 5);
    expect(() => content.append(patterned(1), 0, 1)).toThrow(/could not store the upload/);
    expect(content.read(0, 5)).toEqual(patterned(5));
  });
});
