import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { link, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf, holdFile } from '../../../electron/session/hold-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'interim-hold-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('hold file', () => {
  it('lets one writer in at a time, and the next when that has let go', async () => {
    const path = join(folder, 'one.pcapng');
    const release = await holdFile(path);
    await expect(holdFile(path)).rejects.toMatchObject({
      code: 'in-use',
      message: `${path} is being recorded into by another run: choose another name, or end that run first.`,
    });
    await release();
    await (
      await holdFile(path)
    )();
  });

  it('knows the file by every name it has', async () => {
    const path = join(folder, 'named.pcapng');
    const release = await holdFile(path);
    await symlink(path, join(folder, 'symbolic'));
    await link(path, join(folder, 'hard'));
    await expect(holdFile(join(folder, 'symbolic'))).rejects.toMatchObject({ code: 'in-use' });
    await expect(holdFile(join(folder, 'hard'))).rejects.toMatchObject({ code: 'in-use' });
    await release();
  });

  it('leaves what is in the file, and other files alone', async () => {
    const path = join(folder, 'kept.pcapng');
    await writeFile(path, 'kept');
    const releases = [await holdFile(path), await holdFile(join(folder, 'other.pcapng'))];
    expect(await readFile(path, 'utf8')).toBe('kept');
    for (const release of releases) await release();
  });

  it('says why a file cannot be written', async () => {
    await expect(holdFile(folder)).rejects.toMatchObject({ code: 'not-writable' });
    await expect(holdFile(join(folder, 'no', 'where'))).rejects.toThrow(/its folder does not exist/);
  });

  it.skipIf(process.platform === 'win32')('lets devices be shared', async () => {
    const releases = [await holdFile('/dev/null'), await holdFile('/dev/null')];
    for (const release of releases) await release();
  });

  it('is let go of by a process that is killed', async () => {
    const path = join(folder, 'killed.pcapng');
    await writeFile(path, '');
    const address = addressOf(await stat(path, { bigint: true }));
    const script = `require('node:net').createServer().listen(${JSON.stringify(address)}, () => console.log('held'))`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    await expect(holdFile(path)).rejects.toMatchObject({ code: 'in-use' });
    child.kill('SIGKILL');
    await once(child, 'exit');
    await (
      await holdFile(path)
    )();
  });
});
