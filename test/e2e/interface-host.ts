// The built interface in a real browser: starts the browser host as a user would, and opens its address.

import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** Where the pictures go. */
const PICTURES = join(import.meta.dirname, '../../test-results');
/** The README's pictures: made anew, and then to be committed, with UPDATE_SCREENSHOTS=1. */
const SHOWN = join(import.meta.dirname, 'screenshots');

export interface OpenedInterface {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page complained of on its console. */
  readonly complaints: string[];
  picture(name: string): Promise<void>;
}

export interface InterfaceHost {
  /** A window of that theme. The address works once: each host opens one window. */
  open(theme: 'light' | 'dark'): Promise<OpenedInterface>;
  close(): Promise<void>;
}

/** @param prepare makes what is to be in the data directory before the first start */
export async function startInterface(
  prepare: (data: string) => Promise<void> = () => Promise.resolve(),
): Promise<InterfaceHost> {
  const data = await mkdtemp(join(tmpdir(), 'interim-e2e-'));
  await prepare(data);
  await mkdir(PICTURES, { recursive: true });
  const cli = join(import.meta.dirname, '../../dist/cli.js');
  const child = spawn(process.execPath, [cli, 'serve', '--port', '0'], {
    env: { ...process.env, INTERIM_DATA: data },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the browser host ended with ${code}`)));
    child.stdout.once('data', (text: Buffer) => resolve(text.toString().trim()));
  });
  const browser: Browser = await chromium.launch({
    executablePath: process.env['CHROME_PATH'] ?? '/usr/bin/chromium',
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
  return {
    async open(theme) {
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        colorScheme: theme,
        acceptDownloads: true,
      });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      // Somebody listens all the time: the browser is else told to hand choosers over only when one is awaited, and may
      // hear of it later than of the key that opens one.
      page.on('filechooser', () => {});
      await page.goto(address);
      return {
        page,
        context,
        complaints,
        async picture(name) {
          const update = process.env['UPDATE_SCREENSHOTS'] === '1' && (name === 'dark' || name === 'light');
          await page.screenshot({ path: join(update ? SHOWN : PICTURES, `${name}.png`) });
        },
      };
    },
    async close() {
      await browser.close();
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      await rm(data, { recursive: true, force: true });
    },
  };
}
