// A lock has its name when it says whose it is, not before: whoever finds one could take it for one that nobody has.

import type * as Files from 'node:fs';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { lockFolder } from '../../../../electron/server/files/lock.ts';
import { newRoot } from './fixture.ts';

/** What others see of the disk, and what it cannot do. */
const disk = vi.hoisted(() => ({ look: (): void => {}, links: true }));
vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof Files>();
  return {
    ...fs,
    /** Others have their turn between the making of a file and its first byte. */
    writeFileSync: (path: string, content: string, options: Files.WriteFileOptions) => {
      fs.writeFileSync(path, '', options);
      disk.look();
      fs.writeFileSync(path, content);
    },
    linkSync: (from: string, to: string) => {
      if (!disk.links) throw Object.assign(new Error('EPERM: no links here'), { code: 'EPERM' });
      fs.linkSync(from, to);
    },
  };
});

afterEach(() => {
  disk.look = () => {};
  disk.links = true;
});

test.each(['nothing', 'one whose owner is gone'])(
  'is whole when it appears, in the place of %s',
  (before) => {
    const root = newRoot();
    const path = join(root, 'lock');
    if (before !== 'nothing') writeFileSync(path, '2147483646 1');
    const seen: (string | undefined)[] = [];
    disk.look = () => seen.push(existsSync(path) ? readFileSync(path, 'utf8').split(' ')[0] : 'none');
    const unlock = lockFolder(root, path);
    expect(seen).toEqual([before === 'nothing' ? 'none' : '2147483646']);
    expect(readFileSync(path, 'utf8').split(' ')[0]).toBe(String(process.pid));
    expect(readdirSync(root)).toEqual(['lock']);
    unlock();
    expect(readdirSync(root)).toEqual([]);
  },
);

test('is there as well where the file system has no links, and keeps others away', () => {
  disk.links = false;
  const root = newRoot();
  const path = join(root, 'lock');
  const unlock = lockFolder(root, path);
  expect(() => lockFolder(root, path)).toThrow(/in use by another server/);
  unlock();
  // The parent process runs, and its lock has not begun at another time where that can be known.
  const start = existsSync('/proc') ? startOfParent() : '';
  writeFileSync(path, `${process.ppid} ${start}`);
  expect(() => lockFolder(root, path)).toThrow(`process ${process.ppid}`);
  expect(readdirSync(root)).toEqual(['lock']);
});

/** proc(5): the 22nd value. */
function startOfParent(): string {
  const stat = readFileSync(`/proc/${process.ppid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
