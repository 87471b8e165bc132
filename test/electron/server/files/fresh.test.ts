// In what order a file that must outlive a power cut gets to the disk: its bytes before its name, its name before anything
// else happens.

import type * as Files from 'node:fs';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { writeDurably } from '../../../../electron/server/files/fresh.ts';
import { newRoot } from './fixture.ts';

const calls = vi.hoisted((): string[] => []);
vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof Files>();
  return {
    ...fs,
    fsyncSync: (descriptor: number) => {
      calls.push(fs.fstatSync(descriptor).isDirectory() ? 'sync folder' : 'sync file');
      fs.fsyncSync(descriptor);
    },
    renameSync: (from: string, to: string) => {
      calls.push('rename');
      fs.renameSync(from, to);
    },
  };
});

test('a file is on the disk before its name is, and both are when it has been written', () => {
  const root = newRoot();
  writeDurably(root, 'one', '{"a":1}');
  // Windows does the last by itself.
  const last = process.platform === 'win32' ? [] : ['sync folder'];
  expect(calls).toEqual(['sync file', 'rename', ...last]);
  expect([readdirSync(root), readFileSync(join(root, 'one'), 'utf8')]).toEqual([['one'], '{"a":1}']);
});
