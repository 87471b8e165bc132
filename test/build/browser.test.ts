import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findBrowser } from '../../build/browser.mjs';
import * as running from '../../build/run.mjs';
import type * as fs from 'node:fs';

vi.mock('../../build/run.mjs', async (original) => ({ ...(await original<typeof running>()), run: vi.fn() }));
vi.mock('node:fs', async (original) => ({ ...(await original<typeof fs>()), existsSync: vi.fn() }));
const run = vi.mocked(running.run);
const there = new Set<string>();

const platform = process.platform;
const system = (value: NodeJS.Platform): void => {
  Object.defineProperty(process, 'platform', { value });
};

beforeEach(() => {
  there.clear();
  vi.mocked(existsSync).mockImplementation((file) => there.has(String(file)));
  vi.stubEnv('CHROME_PATH', '');
  vi.stubEnv('PATH', '/opt/bin:/usr/bin');
  vi.spyOn(console, 'log').mockReturnValue();
  vi.spyOn(process as Required<NodeJS.Process>, 'getuid').mockReturnValue(1000);
  run.mockReset();
  system('linux');
});
afterEach(() => {
  system(platform);
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe('the browser of the end-to-end tests', () => {
  it('is the one that CHROME_PATH names', async () => {
    vi.stubEnv('CHROME_PATH', '/my/chrome');
    there.add('/my/chrome').add('/usr/bin/chromium');
    await expect(findBrowser()).resolves.toEqual({ path: '/my/chrome' });
  });

  it('is no other when that one does not exist', async () => {
    vi.stubEnv('CHROME_PATH', '/my/chrome');
    there.add('/usr/bin/chromium');
    await expect(findBrowser()).resolves.toEqual({
      problem: expect.stringContaining('/my/chrome, which does not exist'),
    });
  });

  it.each<[NodeJS.Platform, string]>([
    ['linux', '/opt/bin/google-chrome'],
    ['linux', '/snap/bin/chromium'],
    ['darwin', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
    ['darwin', '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge'],
    ['win32', 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe'],
  ])('is found on %s at %s', async (name, file) => {
    system(name);
    vi.stubEnv('PROGRAMFILES', 'C:\\Program Files');
    vi.stubEnv('PROGRAMFILES(X86)', 'C:\\Program Files (x86)');
    vi.stubEnv('LOCALAPPDATA', 'C:\\Users\\a');
    there.add(file);
    await expect(findBrowser()).resolves.toEqual({ path: file });
    expect(run).not.toHaveBeenCalled();
  });

  it('is installed from Debian, by root', async () => {
    there.add('/etc/debian_version');
    vi.spyOn(process as Required<NodeJS.Process>, 'getuid').mockReturnValue(0);
    run.mockImplementation(async (command, args) => {
      if (args[0] === 'install') there.add(join('/usr/bin', 'chromium'));
      return { code: 0, output: command };
    });
    await expect(findBrowser()).resolves.toEqual({ path: '/usr/bin/chromium' });
    expect(run.mock.calls.map(([command, args]) => [command, args[0]])).toEqual([
      ['apt-get', 'update'],
      ['apt-get', 'install'],
    ]);
  });

  it.each([
    ['who is not root', 1000, '/etc/debian_version'],
    ['on another system', 0, '/etc/fedora-release'],
  ])('is never installed for one %s: a sentence says what to do', async (_what, user, release) => {
    there.add(release);
    vi.spyOn(process as Required<NodeJS.Process>, 'getuid').mockReturnValue(user);
    const found = await findBrowser();
    expect(found).toEqual({ problem: expect.stringContaining('install one, or set CHROME_PATH') });
    expect(run).not.toHaveBeenCalled();
  });

  it('is asked for when Debian has none to give', async () => {
    there.add('/etc/debian_version');
    vi.spyOn(process as Required<NodeJS.Process>, 'getuid').mockReturnValue(0);
    run.mockResolvedValue({ code: 100, output: '' });
    await expect(findBrowser()).resolves.toHaveProperty('problem');
  });
});
