// The real desktop app, wherever Electron's runtime, a display and a user that is not root are there.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runtime } from '../../build/desktop.mjs';
import { ROOT } from '../../build/paths.mjs';
import type { EngineCommands, Push } from '../../shared/contract.ts';

const program = runtime();
const display =
  process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
const missing =
  program === null
    ? 'Electron’s runtime is not here'
    : !display
      ? 'there is no display'
      : process.platform === 'linux' && process.getuid?.() === 0
        ? 'root has no sandbox'
        : null;
if (missing !== null) console.log(`SKIPPED: the test of the real desktop app: ${missing}.`);

type Bridge = EngineCommands & {
  readonly kind: string;
  onPush(callback: (push: Push) => void): void;
  onBatch(callback: (bytes: Uint8Array) => void): void;
};
declare const window: { readonly interim: Bridge; readonly require?: unknown; readonly process?: unknown };
declare const fetch: (url: string) => Promise<unknown>;

describe.skipIf(missing !== null)('the real desktop app', () => {
  let folder: string;
  let app: ElectronApplication;
  let page: Page;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'interim-electron-'));
    app = await _electron.launch({
      ...(program === null ? {} : { executablePath: program }),
      args: [ROOT, `--user-data-dir=${folder}`],
    });
    page = await app.firstWindow();
    await page.waitForLoadState('load');
  });
  afterAll(async () => {
    await app?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  it('shows the page from its own scheme', async () => {
    expect(page.url()).toBe('app://interim/index.html');
    expect(await page.title()).toContain('Interim');
  });

  it('keeps Node and the network from the page', async () => {
    const seen = await page.evaluate(async () => ({
      kind: window.interim.kind,
      node: [typeof window.require, typeof window.process],
      fetched: await fetch('http://127.0.0.1:9/').then(
        () => true,
        () => false,
      ),
    }));
    expect(seen).toEqual({ kind: 'desktop', node: ['undefined', 'undefined'], fetched: false });
    const window_ = await app.browserWindow(page);
    expect(await window_.evaluate((own) => own.webContents.getLastWebPreferences()?.sandbox)).toBe(true);
  });

  it('goes nowhere else', async () => {
    await page.evaluate("location.href = 'https://github.com/'");
    await page.evaluate("open('https://evil.example/')");
    expect(page.url()).toBe('app://interim/index.html');
    expect(app.windows()).toHaveLength(1);
  });

  it('runs an experiment, and its events arrive as bytes', async () => {
    const run = await page.evaluate(async () => {
      let bytes = 0;
      window.interim.onBatch((batch) => (bytes += batch.byteLength));
      const ended = new Promise<string>((resolve) =>
        window.interim.onPush((push) => {
          if (push.push === 'run' && push.run.state !== 'running' && push.run.state !== 'idle')
            resolve(push.run.state);
        }),
      );
      await window.interim.pace({ rate: 0 });
      await window.interim.run({
        experiment: 'five-steps',
        parameters: { wait: 1, cut: 'rst', patience: 5000 },
        cuts: [],
      });
      return { state: await ended, bytes };
    });
    expect(run.state).toBe('completed');
    expect(run.bytes).toBeGreaterThan(0);
  });

  it('refuses what the contract does not know, with a sentence', async () => {
    const refusal = await page.evaluate(() =>
      window.interim.pace({ rate: -1 }).then(
        () => '',
        (error: Error) => error.message,
      ),
    );
    expect(refusal).toBe('The command pace was given a wrong rate.');
  });
});
