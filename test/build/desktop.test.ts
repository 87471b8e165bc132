import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { findDesktop } from '../../build/desktop.mjs';
import * as running from '../../build/run.mjs';

vi.mock('../../build/run.mjs', async (original) => ({ ...(await original<typeof running>()), run: vi.fn() }));
const run = vi.mocked(running.run);

const platform = process.platform;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'interim-desktop-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(() => {
  vi.stubEnv('DISPLAY', ':0');
  vi.stubEnv('WAYLAND_DISPLAY', '');
  vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', join(folder, 'none'));
  vi.spyOn(console, 'log').mockReturnValue();
  Object.defineProperty(process, 'platform', { value: 'linux' });
  vi.spyOn(process as Required<NodeJS.Process>, 'getuid').mockReturnValue(1000);
  run.mockReset();
});
afterEach(() => {
  Object.defineProperty(process, 'platform', { value: platform });
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe('the desktop', () => {
  it('is the runtime that is there, without a fetch', async () => {
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', folder);
    writeFileSync(join(folder, 'electron'), '');
    await expect(findDesktop()).resolves.toEqual({ program: join(folder, 'electron') });
    expect(run).not.toHaveBeenCalled();
  });

  it('is not looked for without a display, nor fetched', async () => {
    vi.stubEnv('DISPLAY', '');
    await expect(findDesktop()).resolves.toEqual({ because: 'there is no display' });
    expect(run).not.toHaveBeenCalled();
  });

  it('is looked for on Wayland', async () => {
    vi.stubEnv('DISPLAY', '');
    vi.stubEnv('WAYLAND_DISPLAY', 'wayland-0');
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', folder);
    writeFileSync(join(folder, 'electron'), '');
    await expect(findDesktop()).resolves.toHaveProperty('program');
  });

  it('never runs without its sandbox, which root has not', async () => {
    vi.spyOn(process as Required<NodeJS.Process>, 'getuid').mockReturnValue(0);
    await expect(findDesktop()).resolves.toEqual({ because: expect.stringContaining('sandbox') });
    expect(run).not.toHaveBeenCalled();
  });

  it('is fetched once, with a line that says how much, in a bounded time', async () => {
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', join(folder, 'fetched'));
    run.mockImplementation(async () => {
      vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', folder);
      writeFileSync(join(folder, 'electron'), '');
      return { code: 0, output: '' };
    });
    await expect(findDesktop()).resolves.toHaveProperty('program');
    expect(console.log).toHaveBeenCalledWith(expect.stringContaining('110 MB'));
    expect(run.mock.calls[0]?.[1][0]).toMatch(/electron[/\\]install\.js$/);
    expect(run.mock.calls[0]?.[2]?.limit).toBeGreaterThan(0);
  });

  it.each([
    [{ code: 1, output: '\nTypeError: fetch failed\n    at x\n' }, 'could not be fetched (fetch failed)'],
    [{ code: 1, output: '' }, 'could not be fetched (exit code 1)'],
    [{ code: 124, output: '' }, 'in five minutes'],
    [{ code: 0, output: '' }, 'could not be fetched'],
  ])('is done without when the fetch ends with %j', async (result, because) => {
    run.mockResolvedValue(result);
    await expect(findDesktop()).resolves.toEqual({ because: expect.stringContaining(because) });
  });
});
